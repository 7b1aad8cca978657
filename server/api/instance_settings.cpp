#include "server/api/instance_settings.hpp"

#include "server/api/instance_checks.hpp"
#include "server/base/text.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace cvm::api {

namespace {

bool lower(char c) { return c >= 'a' && c <= 'z'; }
bool upper(char c) { return c >= 'A' && c <= 'Z'; }
bool digit(char c) { return c >= '0' && c <= '9'; }
bool alphanumeric(char c) { return lower(c) || upper(c) || digit(c); }

bool is_base64(std::string_view text)
{
    const auto body = text.substr(0, text.find('='));
    return text.size() % 4 == 0 && text.size() - body.size() <= 2 &&
           text.find_first_not_of('=', body.size()) == std::string_view::npos &&
           std::ranges::all_of(body, [](char c) { return alphanumeric(c) || c == '+' || c == '/'; });
}

Error contradiction(const ActionName& action, const std::string& one, const std::string& other)
{
    return error(documented(action, Errc::invalid_parameter_parameter_conflict)
                     ? Errc::invalid_parameter_parameter_conflict
                     : Errc::invalid_parameter_exclusive,
                 one, other);
}

// KeepImageLogin is only for custom, shared and imported images. Unlike the page, any letter case is accepted, and
// false is accepted together with a password, as terraform-provider-tencentcloud sends it.
std::optional<Error> check_kept_login(const ActionName& action, const std::string& keep, bool password, bool keys,
                                      const Image* image)
{
    const std::string parameter = "LoginSettings.KeepImageLogin";
    const std::string word = ascii_lower(keep);
    if (word == "false")
        return std::nullopt;
    if (word == "true" && password)
        return contradiction(action, "LoginSettings.Password", parameter);
    if (word == "true" && keys)
        return contradiction(action, "LoginSettings.KeyIds", parameter);
    if (word == "true" && image != nullptr && image->type != "PUBLIC_IMAGE")
        return std::nullopt;
    return error(Errc::invalid_parameter_value, keep, parameter);
}

} // namespace

bool windows(const Catalog& catalog, std::string_view image_id)
{
    const Image* image = catalog.find_image(image_id);
    return image != nullptr && image->platform == "Windows";
}

bool well_formed_instance_type(std::string_view type) noexcept
{
    const auto dot = type.find('.');
    const auto word = [](std::string_view part) { return !part.empty() && std::ranges::all_of(part, alphanumeric); };
    return dot != std::string_view::npos && upper(type.front()) && word(type.substr(0, dot)) &&
           word(type.substr(dot + 1));
}

std::optional<Error> check_instance_type(const ActionName& action, const Catalog& catalog, const std::string& type)
{
    if (!well_formed_instance_type(type))
        return refuse_value(action, Errc::invalid_instance_type_malformed, type, "InstanceType");
    if (catalog.find_instance_type(type) == nullptr)
        return refuse_value(action, Errc::invalid_parameter_value_instance_type_not_found, type, "InstanceType");
    return std::nullopt;
}

bool boots_from(const Catalog& catalog, std::string_view instance_type, const Image& image)
{
    const InstanceType* type = catalog.find_instance_type(instance_type);
    // i386 images also run on x86_64.
    return (image.architecture == "arm") == (type != nullptr && type->architecture == "arm");
}

std::optional<Error> check_image(const ActionName& action, const Catalog& catalog, const std::string& image_id,
                                 const std::string& instance_type)
{
    if (!well_formed_id(image_id, "img"))
        return refuse_value(action, Errc::invalid_image_id_malformed, image_id, "ImageId");
    const Image* image = catalog.find_image(image_id);
    if (image == nullptr)
        return refuse_value(action, Errc::invalid_image_id_not_found, image_id, "ImageId");
    if (image->state != "NORMAL")
        return refuse_value(action, Errc::invalid_parameter_value_invalid_image_state, image_id, "ImageId");
    if (!boots_from(catalog, instance_type, *image)) {
        if (documented(action, Errc::invalid_parameter_value_invalid_image_for_given_instance_type))
            return error(Errc::invalid_parameter_value_invalid_image_for_given_instance_type, image_id, instance_type);
        return refuse_value(action, Errc::invalid_parameter_value_invalid_image_id, image_id, "ImageId");
    }
    return std::nullopt;
}

std::optional<Error> check_login(const ActionName& action, const Catalog& catalog, const Params& params,
                                 const std::string& image_id)
{
    const auto login = params.object("LoginSettings");
    if (!login)
        return std::nullopt;
    const auto password = login->string("Password");
    const auto keys = login->strings("KeyIds");
    if (password && !keys.empty())
        return contradiction(action, "LoginSettings.Password", "LoginSettings.KeyIds");
    if (const auto keep = login->string("KeepImageLogin")) {
        if (auto problem =
                check_kept_login(action, *keep, password.has_value(), !keys.empty(), catalog.find_image(image_id)))
            return problem;
    }
    if (password) {
        if (auto problem = check_password(action, *password, windows(catalog, image_id)))
            return problem;
    }
    for (const std::string& key : keys)
        if (!well_formed_id(key, "skey"))
            return refuse_value(action, Errc::invalid_key_pair_id_malformed, key, "LoginSettings.KeyIds");
    if (!keys.empty() && windows(catalog, image_id))
        return refuse_value(action, Errc::unsupported_operation_key_pair_unsupported_windows, image_id,
                            "LoginSettings.KeyIds");
    return std::nullopt;
}

std::optional<Error> check_password(const ActionName& action, std::string_view password, bool windows, int kinds)
{
    const auto has = [&](auto kind) { return std::ranges::any_of(password, kind) ? 1 : 0; };
    const auto other = [](char c) { return !alphanumeric(c); };
    const int found = has(lower) + has(upper) + has(digit) + has(other);
    const std::size_t shortest = windows ? 12 : 8;
    if (password.size() >= shortest && password.size() <= 30 && found >= (windows ? 3 : kinds))
        return std::nullopt;
    return error(documented(action, Errc::invalid_parameter_value_invalid_password)
                     ? Errc::invalid_parameter_value_invalid_password
                     : Errc::invalid_password);
}

std::optional<Error> check_host_name(const ActionName& action, const std::string& name, bool windows)
{
    const std::size_t longest = windows ? 15 : 60;
    const auto mark = [](char c) { return c == '.' || c == '-'; };
    const auto two_marks = [&](char a, char b) { return mark(a) && mark(b); };
    const bool fits_windows = !windows || (name.find('.') == std::string::npos && !std::ranges::all_of(name, digit));
    if (name.size() >= 2 && name.size() <= longest && fits_windows && !mark(name.front()) && !mark(name.back()) &&
        std::ranges::all_of(name, [&](char c) { return alphanumeric(c) || mark(c); }) &&
        std::ranges::adjacent_find(name, two_marks) == name.end())
        return std::nullopt;
    return refuse_value(action, Errc::invalid_parameter_value_illegal_host_name, name, "HostName");
}

std::optional<Error> check_instance_name(const ActionName& action, const std::string& name, std::size_t most)
{
    const std::size_t length = characters(name);
    if (length <= most)
        return std::nullopt;
    if (documented(action, Errc::invalid_instance_name_too_long))
        return error(Errc::invalid_instance_name_too_long, std::to_string(length), std::to_string(most));
    return error(Errc::invalid_parameter_value, std::to_string(length), "InstanceName");
}

std::optional<Error> check_user_data(const ActionName& action, const std::string& user_data)
{
    constexpr std::size_t most = std::size_t{16} * 1024;
    const auto padding = static_cast<std::size_t>(std::ranges::count(user_data, '='));
    if (is_base64(user_data) && user_data.size() / 4 * 3 - padding <= most)
        return std::nullopt;
    return refuse_value(action, Errc::invalid_parameter_value_invalid_user_data_format, user_data, "UserData");
}

std::optional<Error> check_security_groups(std::span<const std::string> ids, Errc too_many, std::string_view resource)
{
    constexpr std::size_t most = 5;
    if (ids.size() > most)
        return error(too_many, resource);
    for (const std::string& id : ids)
        if (!well_formed_id(id, "sg"))
            return error(Errc::invalid_security_group_id_not_found, id);
    return std::nullopt;
}

std::optional<Error> check_role_name(const ActionName& action, const std::string& name)
{
    const auto allowed = [](char c) {
        return alphanumeric(c) || std::string_view{"+=,.@_-"}.find(c) != std::string_view::npos;
    };
    if (std::ranges::all_of(name, allowed))
        return std::nullopt;
    return refuse_value(action, Errc::invalid_parameter_value_cam_role_name_malformed, name, "CamRoleName");
}

void apply_type(state::InstanceAttributes& attributes, const InstanceType& type)
{
    if (type.gpu == 0)
        return;
    std::vector<std::string> ids;
    for (std::int64_t card = 0; card < type.gpu; ++card)
        ids.push_back("0000:" + std::to_string(10 + card) + ":00.0");
    attributes.gpu_info = {.count = static_cast<double>(type.gpu), .ids = std::move(ids), .type = type.gpu_type};
}

void apply_image(state::InstanceAttributes& attributes, const Image& image)
{
    const bool is_windows = image.platform == "Windows";
    attributes.image_id = image.id;
    attributes.os_name = image.os_name;
    attributes.default_login_user = is_windows ? "Administrator" : "root";
    attributes.default_login_port = is_windows ? 3389 : 22;
}

void apply_login(state::InstanceAttributes& attributes, const Params& params)
{
    const auto login = params.object("LoginSettings");
    if (!login)
        return;
    auto keys = login->strings("KeyIds");
    auto& kept = attributes.key_ids.emplace(); // null if there are no keys
    if (!keys.empty())
        kept = std::move(keys);
}

std::optional<Error> check_system_disk(const ActionName& action, const state::PriceTable& prices, const Params& disk,
                                       const Image& image)
{
    if (const auto type = disk.string("DiskType"); type && !prices.disk_types.contains(*type))
        return refuse_value(action, Errc::unsupported_operation_invalid_disk, *type, "SystemDisk.DiskType");
    if (const auto id = disk.string("DiskId")) // only in answers
        return error(Errc::invalid_parameter_value, *id, "SystemDisk.DiskId");
    const auto size = disk.integer("DiskSize");
    if (size && (*size < std::max(min_system_disk, image.size_gib) || *size > max_system_disk))
        return error(Errc::invalid_parameter_value, std::to_string(*size), "SystemDisk.DiskSize");
    return std::nullopt;
}

} // namespace cvm::api
