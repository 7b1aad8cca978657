// /_emulator/clock over a real socket. The effects of time are in tests/contract/clock_test.cpp.
#include "tests/support/difference.hpp"
#include "tests/support/http/server_fixture.hpp"

#include <doctest/doctest.h>

namespace cvm::http::test {

TEST_CASE("the clock of one account moves and no other")
{
    Served served;
    const json::object one = served.make_account();
    const json::object other = served.make_account();
    const auto clock_of = [&](const json::object& account) {
        return served.control("GET", "/_emulator/clock?account=" + text(account.at("SecretId")));
    };
    const json::value before = clock_of(other);
    CHECK(text(before.at("now")) == "2026-03-31T08:30:00Z");
    const json::value moved =
        served.control("POST", "/_emulator/clock?account=" + text(one.at("Uin")), R"({"advance":"P1M","frozen":true})");
    CHECK(text(moved.at("now")) == "2026-04-30T08:30:00Z");
    CHECK_FALSE(moved.at("events").as_array().empty());
    CHECK(clock_of(one).at("frozen").as_bool());
    CHECK(clock_of(other) == before);
}

TEST_CASE("a preview changes nothing")
{
    Served served;
    const std::string state = json::serialize(served.control("GET", "/_emulator/state"));
    const json::value seen = served.control("POST", "/_emulator/clock", R"({"advance":"P3M","dry_run":true})");
    CHECK_FALSE(seen.at("events").as_array().empty());
    CHECK(cvm::test::json_text_difference(json::serialize(served.control("GET", "/_emulator/state")), state) == "");
}

} // namespace cvm::http::test
