#include "state/model/clock.hpp"

#include <doctest/doctest.h>

using namespace cvm::state;
using namespace std::chrono_literals;

namespace {

constexpr Instant wall = std::chrono::sys_days{2026y / 3 / 31} + 8h + 30min;

std::string shown(const AccountClock& clock, Instant real) { return format_instant(clock.now(real)); }

} // namespace

TEST_CASE("a fresh account clock shows real time")
{
    CHECK(AccountClock{}.now(wall) == wall);
    CHECK(AccountClock{}.now(wall + 1h) == wall + 1h);
}

TEST_CASE("an offset moves the account clock and lets it tick")
{
    struct Case {
        std::string_view what;
        std::chrono::seconds offset;
        std::string_view at_once;
        std::string_view an_hour_later;
    };
    const Case cases[] = {
        {"a second ahead", 1s, "2026-03-31T08:30:01Z", "2026-03-31T09:30:01Z"},
        {"a day ahead", 24h, "2026-04-01T08:30:00Z", "2026-04-01T09:30:00Z"},
        {"a day behind", -24h, "2026-03-30T08:30:00Z", "2026-03-30T09:30:00Z"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        const AccountClock clock{c.offset, std::nullopt};
        CHECK(shown(clock, wall) == c.at_once);
        CHECK(shown(clock, wall + 1h) == c.an_hour_later);
    }
}

TEST_CASE("a frozen account clock ignores real time and its offset")
{
    const AccountClock clock{24h, wall - 1h};
    CHECK(clock.now(wall) == wall - 1h);
    CHECK(clock.now(wall + 100h) == wall - 1h);
}

TEST_CASE("freezing an account clock keeps what it shows")
{
    const AccountClock frozen = AccountClock{90min, std::nullopt}.frozen(true, wall);
    CHECK(frozen.frozen_at == wall + 90min);
    CHECK(shown(frozen, wall) == "2026-03-31T10:00:00Z");
    CHECK(shown(frozen, wall + 72h) == "2026-03-31T10:00:00Z");
}

TEST_CASE("freezing a frozen account clock again changes nothing that it shows")
{
    const AccountClock once = AccountClock{}.frozen(true, wall);
    CHECK(once.frozen(true, wall + 5h).now(wall + 6h) == wall);
}

TEST_CASE("a thawed account clock continues from the time that it showed")
{
    const AccountClock thawed = AccountClock{}.frozen(true, wall).frozen(false, wall + 10h);
    CHECK_FALSE(thawed.frozen_at.has_value());
    CHECK(thawed.now(wall + 10h) == wall);
    CHECK(thawed.now(wall + 11h) == wall + 1h);
}

TEST_CASE("thawing an account clock that ticks changes nothing")
{
    const AccountClock ticking{-3h, std::nullopt};
    CHECK(ticking.frozen(false, wall) == ticking);
}

TEST_CASE("a moved account clock keeps ticking or stays frozen")
{
    const Instant target = std::chrono::sys_days{2027y / 1 / 1};

    const AccountClock ticking = AccountClock{5h, std::nullopt}.moved_to(target, wall);
    CHECK_FALSE(ticking.frozen_at.has_value());
    CHECK(shown(ticking, wall) == "2027-01-01T00:00:00Z");
    CHECK(shown(ticking, wall + 1h) == "2027-01-01T01:00:00Z");

    const AccountClock frozen = AccountClock{}.frozen(true, wall).moved_to(target, wall + 1h);
    CHECK(frozen.frozen_at == target);
    CHECK(shown(frozen, wall + 9h) == "2027-01-01T00:00:00Z");

    const AccountClock thawed = frozen.frozen(false, wall + 2h);
    CHECK(shown(thawed, wall + 3h) == "2027-01-01T01:00:00Z");
}

TEST_CASE("the system clock shows whole seconds between two readings of it")
{
    const auto before = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const Instant now = SystemClock{}.now();
    const auto after = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    CHECK(before <= now);
    CHECK(now <= after);
}
