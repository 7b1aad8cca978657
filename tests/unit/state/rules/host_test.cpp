#include "state/rules/host.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace cvm::state;
using namespace std::chrono_literals;
using std::chrono::months;

namespace {

constexpr Instant host_expiry = std::chrono::sys_days{2026y / 1 / 31} + 8h;

Host prepaid_host()
{
    Host host{.id = "host-1234abcd", .zone = "ap-guangzhou-3"};
    host.renew_flag = RenewFlag::notify_and_manual_renew;
    host.expires_at = host_expiry;
    host.cpu = 10;
    host.memory_gib = 20;
    return host;
}

} // namespace

TEST_CASE("a host expires at its expiry, not before")
{
    CHECK(host_state(prepaid_host(), host_expiry - 1s) == HostState::running);
    CHECK(host_state(prepaid_host(), host_expiry) == HostState::expired);
    Host hourly = prepaid_host();
    hourly.expires_at.reset();
    CHECK(host_state(hourly, latest) == HostState::running);
}

TEST_CASE("a host costs its own price, or that of its cores and its memory, each month")
{
    PriceTable table;
    table.per_core = Cents{300};
    table.per_gib_memory = Cents{70};
    CHECK(host_price(table, prepaid_host(), months{2}) == Price{Cents{8'800}, Cents{8'800}});
    Host priced = prepaid_host();
    priced.month = Cents{123};
    CHECK(host_price(table, priced, months{36}) == Price{Cents{4'428}, Cents{4'428}});
}

TEST_CASE("a renewal of a host begins at its old expiry")
{
    const Host after = renewed(prepaid_host(), months{1}, std::nullopt);
    CHECK(after.expires_at == std::chrono::sys_days{2026y / 2 / 28} + 8h);
    CHECK(after.renew_flag == RenewFlag::notify_and_manual_renew);
    CHECK(renewed(prepaid_host(), months{1}, RenewFlag::notify_and_auto_renew).renew_flag ==
          RenewFlag::notify_and_auto_renew);
    Host last = prepaid_host();
    last.expires_at = latest;
    CHECK_THROWS_AS(renewed(last, months{1}, std::nullopt), std::out_of_range);

    const Deal deal = order_for(prepaid_host(), "renew", months{3}, {Cents{5}, Cents{4}});
    CHECK(deal.begins_at == host_expiry);
    CHECK(deal.months == 3);
    CHECK(deal.original == Cents{5});
    CHECK(deal.total == Cents{4});
    CHECK(deal.resource_id == "host-1234abcd");
}
