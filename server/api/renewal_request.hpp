#pragma once

#include "server/api/action.hpp"
#include "state/rules/renewal.hpp"

#include <array>
#include <optional>
#include <span>

// Shared by RenewInstances and InquiryPriceRenewInstances.

namespace cvm::api {

inline constexpr Field renew_flag_field{
    .name = "RenewFlag", .type = Type::string, .words = state::Names<state::RenewFlag>::all};
inline constexpr Field required_renew_flag_field{
    .name = "RenewFlag", .type = Type::string, .required = true, .words = state::Names<state::RenewFlag>::all};

// The members of InstanceChargePrepaid.
inline constexpr std::array prepaid_fields{
    Field{.name = "Period", .type = Type::integer, .required = true},
    renew_flag_field,
};

// Refuses a batch of prepaid and other instances with InvalidParameterValue.InstanceNotSupportedMixPricingModel, and a
// batch without any prepaid instance with `none_prepaid` (assumed: fixtures/catalog/actions/RenewInstances.json).
std::optional<Error> refuse_charge_types(std::span<const state::Instance> instances, Errc none_prepaid);

// InvalidPeriod for a period that is not offered, or whose end is outside the calendar. API 3.0 offers 1 to 12, 24, 36,
// 48 and 60 months (https://cloud.tencent.com/document/api/213/15740), the legacy API at most 36.
std::optional<Error> refuse_period(std::int64_t period, std::span<const state::Instance> instances, bool legacy);

// The same for a period that begins at `from`; `short_list`: at most 36 months.
std::optional<Error> refuse_period(std::int64_t period, state::Instant from, bool short_list = false);

// The terms requested by InstanceChargePrepaid and RenewPortableDataDisk.
state::RenewalTerms renewal_terms(const Params& prepaid, const Params& params);

} // namespace cvm::api
