#pragma once

#include "state/model/account.hpp"
#include "state/rules/pricing.hpp"

#include <chrono>
#include <optional>
#include <string_view>

// Dedicated hosts that are paid by the month. Pure functions.

namespace cvm::state {

// HostState of the vendor's HostItem. Hosts come from fixtures, so that none is ever being created.
enum class HostState { running, expired };
template <>
struct Names<HostState> {
    static constexpr std::array<std::string_view, 2> all{"RUNNING", "EXPIRED"};
};

// A host expires on the account's clock and stays expired until it is renewed (assumed:
// fixtures/catalog/actions/RenewHosts.json).
HostState host_state(const Host& host, Instant now);

// The price of a host for `period`, without a discount: its own price, or that of its cores and its memory (assumed).
Price host_price(const PriceTable& table, const Host& host, std::chrono::months period);

// The host after a renewal: the new period starts at the old expiry, and nullopt keeps the flag. The host must have an
// expiry; throws std::out_of_range past the year 9999.
Host renewed(Host host, std::chrono::months period, std::optional<RenewFlag> flag);

// An order for `months` from the expiry of the host.
Deal order_for(const Host& host, std::string_view action, std::chrono::months months, const Price& price);

} // namespace cvm::state
