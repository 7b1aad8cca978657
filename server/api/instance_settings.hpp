#pragma once

#include "server/api/action.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

// Checks of the parameters that describe a machine: type, image, login, names. Each returns the code that the action's
// page lists for the problem, or InvalidParameterValue if the page lists none.

namespace cvm::api {

// "S5.MEDIUM2".
bool well_formed_instance_type(std::string_view type) noexcept;

// InvalidInstanceType.Malformed, InvalidParameterValue.InstanceTypeNotFound.
std::optional<Error> check_instance_type(const ActionName& action, const Catalog& catalog, const std::string& type);

// Whether the image fits the processor of the type. An instance type that is not in the catalogue counts as x86.
bool boots_from(const Catalog& catalog, std::string_view instance_type, const Image& image);

// InvalidImageId.Malformed, InvalidImageId.NotFound, InvalidParameterValue.InvalidImageState for an image that is still
// being created, and for an image of another processor InvalidParameterValue.InvalidImageForGivenInstanceType or
// .InvalidImageId.
std::optional<Error> check_image(const ActionName& action, const Catalog& catalog, const std::string& image_id,
                                 const std::string& instance_type);

inline constexpr std::array login_members{
    Field{.name = "Password", .type = Type::string},
    Field{.name = "KeyIds", .type = Type::strings, .max_items = 10},
    Field{.name = "KeepImageLogin", .type = Type::string},
};
inline constexpr Field login_field{.name = "LoginSettings", .type = Type::object, .members = login_members};

// Whether the image is known and contains Windows.
bool windows(const Catalog& catalog, std::string_view image_id);

// Refuses a password together with key pairs, KeepImageLogin together with either of them or with a public image, a
// weak password, a malformed key pair id, and key pairs for Windows. This server stores no key pairs: every well-formed
// id is treated as existing (assumed).
std::optional<Error> check_login(const ActionName& action, const Catalog& catalog, const Params& params,
                                 const std::string& image_id);

// 8 to 30 characters of at least `kinds` kinds; for Windows 12 to 30 characters of at least three kinds
// (fixtures/catalog/actions/EnterRescueMode.json).
std::optional<Error> check_password(const ActionName& action, std::string_view password, bool windows = false,
                                    int kinds = 2);

// 2 to 60 letters, digits, dots and hyphens, where dots and hyphens are neither at an end nor adjacent; for Windows 2
// to 15, without dots and not only digits (https://cloud.tencent.com/document/api/213/15730).
std::optional<Error> check_host_name(const ActionName& action, const std::string& name, bool windows = false);

// The maximum length, in characters, of an InstanceName of RunInstances, including its pattern
// (https://cloud.tencent.com/document/api/213/15730).
inline constexpr std::size_t max_instance_name = 128;

// At most `most` characters.
std::optional<Error> check_instance_name(const ActionName& action, const std::string& name, std::size_t most);

// Base64 of at most 16 KiB (https://cloud.tencent.com/document/api/213/15739).
std::optional<Error> check_user_data(const ActionName& action, const std::string& user_data);

// At most five ids of the form sg-xxxxxxxx. Their existence is checked in network_checks.hpp. `too_many` and `resource`
// are code and subject of the error for more than five.
std::optional<Error> check_security_groups(std::span<const std::string> ids, Errc too_many, std::string_view resource);

// The name of a CAM role. This server stores no CAM roles: every well-formed name is treated as existing (assumed).
std::optional<Error> check_role_name(const ActionName& action, const std::string& name);

// The members of the enhanced services, which this server accepts and ignores.
inline constexpr std::array enabled_member{Field{.name = "Enabled", .type = Type::boolean}};
inline constexpr std::array enhanced_members{
    Field{.name = "SecurityService", .type = Type::object, .members = enabled_member},
    Field{.name = "MonitorService", .type = Type::object, .members = enabled_member},
    Field{.name = "AutomationService", .type = Type::object, .members = enabled_member},
};
inline constexpr Field enhanced_field{.name = "EnhancedService", .type = Type::object, .members = enhanced_members};

inline constexpr std::array system_disk_members{
    Field{.name = "DiskType", .type = Type::string},  Field{.name = "DiskId", .type = Type::string},
    Field{.name = "DiskSize", .type = Type::integer}, Field{.name = "CdcId", .type = Type::string},
    Field{.name = "DiskName", .type = Type::string},  Field{.name = "Encrypt", .type = Type::boolean},
    Field{.name = "KmsKeyId", .type = Type::string},
};
inline constexpr Field system_disk_field{.name = "SystemDisk", .type = Type::object, .members = system_disk_members};

// The limits of a system disk, in GiB (assumed).
inline constexpr std::int64_t min_system_disk = 20;
inline constexpr std::int64_t max_system_disk = 1024;

// Sets GPUInfo for a type with GPU cards; their addresses are invented.
void apply_type(state::InstanceAttributes& attributes, const InstanceType& type);

// Sets the attributes derived from the image: ImageId, OsName, DefaultLoginUser, DefaultLoginPort.
void apply_image(state::InstanceAttributes& attributes, const Image& image);

// Sets LoginSettings to the key pairs; the password is not stored.
void apply_login(state::InstanceAttributes& attributes, const Params& params);

// Checks type and size of a system disk, which must be large enough for the image.
std::optional<Error> check_system_disk(const ActionName& action, const state::PriceTable& prices, const Params& disk,
                                       const Image& image);

} // namespace cvm::api
