#pragma once

#include "server/api/action.hpp"
#include "server/api/renewal_request.hpp"
#include "state/rules/pricing.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <span>
#include <string_view>

// Shared by ModifyInstancesChargeType (https://cloud.tencent.com/document/api/213/15733) and
// InquiryPriceModifyInstancesChargeType (https://cloud.tencent.com/document/api/213/17965).

namespace cvm::api {

inline constexpr std::array<std::string_view, 2> target_charge_types{"PREPAID", "POSTPAID_BY_HOUR"};

// The two actions differ in `max_ids`.
constexpr auto charge_type_fields(std::size_t max_ids)
{
    return std::array{
        Field{.name = "InstanceIds", .type = Type::strings, .required = true, .max_items = max_ids},
        Field{.name = "InstanceChargeType", .type = Type::string, .required = true, .words = target_charge_types},
        Field{.name = "InstanceChargePrepaid", .type = Type::object, .members = prepaid_fields},
        Field{.name = "ModifyPortableDataDisk", .type = Type::boolean},
    };
}

// The requested change.
struct ChargeTypeChange {
    state::ChargeType target;
    std::chrono::months period{}; // 0 when the target is paid by the hour
    state::RenewFlag renew_flag = state::RenewFlag::notify_and_manual_renew;
    bool portable_data_disks = false;

    bool ahead() const { return target == state::ChargeType::prepaid; }
};

// Reads the change. MissingParameter. The period is checked later by refuse_period, after the instances.
Result<ChargeTypeChange> read_change(const Params& params);

// Refuses instances that cannot be changed: UnsupportedOperation.InstanceChargeType for an instance that already has
// the target or whose charge type is not in target_charge_types;
// UnsupportedOperation.UnderwritingInstanceTypeOnlySupportAutoRenew for an underwritten instance, if the page has that
// code; InvalidInstance.NotSupported for bandwidth by the hour, for an instance that is stopped without charge, and for
// expired disks. The vendor documents these obstacles, but not their codes (assumed:
// fixtures/catalog/actions/ModifyInstancesChargeType.json).
std::optional<Error> refuse_change(const ActionName& action, state::Instant now,
                                   std::span<const state::Instance> instances, const ChargeTypeChange& change);

// The price of the new period; 0 when the target is paid by the hour.
state::RenewalPrice price_of_change(const state::PriceTable& prices, state::Instant now,
                                    const state::Instance& instance, const ChargeTypeChange& change);

// The instance after the change. A new period begins at `now`. If the target is paid by the hour, prepaid bandwidth is
// charged by the hour, or by traffic if it is 0 Mbps.
state::Instance changed(state::Instance instance, const ChargeTypeChange& change, state::Instant now);

} // namespace cvm::api
