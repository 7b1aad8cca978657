#pragma once

#include "state/model/account.hpp"
#include "state/rules/pricing.hpp"

#include <chrono>
#include <optional>
#include <string_view>

// Dedicated hosts that are paid by the month. Pure functions.

namespace cvm::state {

// HostState of the vendor's HostItem; hosts of fixtures are never being made.
enum class HostState { running, expired };
template <>
struct Names<HostState> {
    static constexpr std::array<std::string_view, 2> all{"RUNNING", "EXPIRED"};
};

// A host expires on the clock and stays expired until it is renewed (assumed:
// fixtures/catalog/actions/RenewHosts.json).
HostState host_state(const Host& host, Instant now);

// So many months without a discount: its own price, or that of its cores and its memory (assumed).
Price host_price(const PriceTable& table, const Host& host, std::chrono::months period);

// The host as it is after a renewal: the new period starts at the old expiry, and a flag that is not given stays as it
// is. The host must have an expiry; throws std::out_of_range past the year 9999.
Host renewed(Host host, std::chrono::months period, std::optional<RenewFlag> flag);

// An order of `months` from the expiry of the host on.
Deal order_for(const Host& host, std::string_view action, std::chrono::months months, const Price& price);

} // namespace cvm::state
