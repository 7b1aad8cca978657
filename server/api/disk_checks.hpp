#pragma once

#include "server/api/action.hpp"
#include "server/api/renewal_request.hpp"

#include <array>
#include <chrono>
#include <span>
#include <string>
#include <vector>

// The checks of the CBS actions, in this order (assumed): format of ids, existence in this account and region,
// elasticity, charge type. The codes are those of fixtures/catalog/actions/RenewDisk.json.

namespace cvm::api {

// InvalidParameterValue unless all ids are of the form "disk-xxxxxxxx" and distinct.
std::optional<Error> check_disk_ids(std::span<const std::string> ids, std::string_view parameter);

// InvalidDiskId.NotFound.
Result<std::vector<state::PlacedDisk>> load_disks(const Context& context, std::span<const std::string> ids,
                                                  std::string_view parameter);

// InvalidInstanceId.NotFound; other refusals as in load_instances().
Result<state::Instance> load_instance_of_disks(const Context& context, const std::string& id);

// InvalidDisk.NotPortable for the first disk that is not elastic.
std::optional<Error> refuse_disks_of_instances(std::span<const state::PlacedDisk> disks);

// Refuses the first disk with an unpaid order: TradeDealConflict.
std::optional<Error> refuse_unpaid_disks(const Context& context, std::span<const state::PlacedDisk> disks);

// Refuses the first disk whose instance has a running operation, with `code`; its argument is the disk's id.
std::optional<Error> refuse_busy_disks(const Context& context, std::span<const state::PlacedDisk> disks,
                                       Errc code = Errc::invalid_disk_busy);

// Whether the disk is in the recycle bin.
bool is_recycled(const Context& context, const state::PlacedDisk& placed);

// InvalidDisk.NotSupported for the first disk that is in the recycle bin, or to be released with an isolated instance.
std::optional<Error> refuse_recycled_disks(const Context& context, std::span<const state::PlacedDisk> disks);

// InvalidDisk.NotPortable for a disk that is not elastic, InvalidDisk.NotSupported for one that is not prepaid.
std::optional<Error> refuse_disks_without_expiry(std::span<const state::PlacedDisk> disks);

// Whether a disk can be bought for this number of months: 1 to 12, 24, 36.
bool is_disk_period(std::int64_t months) noexcept;

// The effect of a renewal or a purchase on a disk.
struct DiskTerms {
    std::chrono::months to_pay;
    state::Instant new_expiry;
};

// The terms of a renewal until `until`, which is paid in whole months. nullopt if `until` is not later than the expiry,
// or if the months, which may end later than `until`, leave the calendar.
std::optional<DiskTerms> terms_until(state::Instant expiry, state::Instant until);

// Reads Period and CurInstanceDeadline for a disk with this expiry (for a new disk: now). Without CurInstanceDeadline
// the disk is renewed by Period months; with it, until Period months after CurInstanceDeadline, and paid from its own
// expiry on (fixtures/catalog/actions/RenewDisk.json). InvalidParameterValue, with a parameter path below `path`, for a
// period that is not offered, a malformed deadline, and a new expiry that is not later than the old one or outside the
// calendar.
Result<DiskTerms> read_disk_terms(state::Instant expiry, const Params& prepaid, const std::string& path);

// The members of DiskChargePrepaid.
inline constexpr std::array disk_prepaid_fields{
    Field{.name = "Period", .type = Type::unsigned_integer, .required = true},
    renew_flag_field,
    Field{.name = "CurInstanceDeadline", .type = Type::string},
};

} // namespace cvm::api
