#include "server/gateway/rate_limit.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cvm;
using namespace std::chrono_literals;

namespace {

constexpr state::Instant now = std::chrono::sys_days{std::chrono::year{2026} / 3 / 31};

const api::Action& action(std::string_view name, std::string_view version = "2017-03-12")
{
    const api::Action* found = api::find_action(name, version);
    REQUIRE(found != nullptr);
    return *found;
}

// The number of calls that succeed before the first refusal; 1000 if there is none.
int calls_until_refused(RateLimit& limit, const api::Action& of, std::string_view region = "ap-guangzhou",
                        std::string_view secret_id = "AKIDmine", state::Instant at = now)
{
    for (int calls = 0; calls < 1000; ++calls)
        if (limit.count(of, region, secret_id, at))
            return calls;
    return 1000;
}

} // namespace

TEST_CASE("a limit that is off refuses nothing")
{
    RateLimit limit{false};
    CHECK(calls_until_refused(limit, action("RenewInstances")) == 1000);
}

TEST_CASE("each action is limited to what its page says")
{
    struct Case {
        std::string_view name;
        std::string_view version;
        int limit;
    };
    const Case cases[] = {
        {"RenewInstances", "2017-03-12", 10}, {"ModifyInstancesRenewFlag", "2017-03-12", 10},
        {"RenewDisk", "2017-03-12", 20},      {"DescribeInstances", "2017-03-12", 40},
        {"DescribeInstances", "", 40},        {"RenewInstance", "", 10},
        {"DescribeDisks", "2017-03-12", 100}, {"DescribeAccountBalance", "2018-07-09", 20},
        {"DescribeZones", "2017-03-12", 20},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        CAPTURE(c.version);
        RateLimit limit{true};
        CHECK(calls_until_refused(limit, action(c.name, c.version)) == c.limit);
    }
}

TEST_CASE("the refusal tells the calls of the second and the limit and counts too")
{
    RateLimit limit{true};
    REQUIRE(calls_until_refused(limit, action("RenewInstances")) == 10); // and the 11th was refused
    for (int calls = 12; calls < 15; ++calls)
        CHECK(limit.count(action("RenewInstances"), "ap-guangzhou", "AKIDmine", now) ==
              error(Errc::request_limit_exceeded, std::to_string(calls), "10"));
}

TEST_CASE("actions and regions and keys are counted separately")
{
    RateLimit limit{true};
    REQUIRE(calls_until_refused(limit, action("RenewInstances")) == 10);
    CHECK(calls_until_refused(limit, action("ModifyInstancesRenewFlag")) == 10);
    CHECK(calls_until_refused(limit, action("DescribeInstances")) == 40);
    CHECK(calls_until_refused(limit, action("DescribeInstances", "")) == 40);
    CHECK(calls_until_refused(limit, action("RenewInstances"), "ap-shanghai") == 10);
    CHECK(calls_until_refused(limit, action("RenewInstances"), "") == 10);
    CHECK(calls_until_refused(limit, action("RenewInstances"), "ap-guangzhou", "AKIDother") == 10);
    CHECK(calls_until_refused(limit, action("RenewInstances"), "ap-guangzhouAKID", "mine") == 10);
    CHECK(calls_until_refused(limit, action("RenewInstances")) == 0);
}

TEST_CASE("a new second starts anew")
{
    RateLimit limit{true};
    for (const auto later : {0s, 1s, 2s, 3600s}) {
        CAPTURE(later.count());
        CHECK(calls_until_refused(limit, action("RenewInstances"), "ap-guangzhou", "AKIDmine", now + later) == 10);
        CHECK(calls_until_refused(limit, action("RenewInstances"), "ap-guangzhou", "AKIDmine", now + later) == 0);
    }
    // A clock that was set back does not block anybody.
    CHECK(calls_until_refused(limit, action("RenewInstances"), "ap-guangzhou", "AKIDmine", now - 24h) == 10);
}

TEST_CASE("the limit works at the beginning of time")
{
    RateLimit limit{true};
    CHECK(calls_until_refused(limit, action("RenewInstances"), "ap-guangzhou", "AKIDmine", state::Instant{}) == 10);
}
