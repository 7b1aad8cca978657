#include "state/model/money.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <stdexcept>

using namespace cvm::state;

namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();

} // namespace

TEST_CASE("cents that do not fit throw instead of wrapping")
{
    CHECK_THROWS_AS(Cents{most} + Cents{1}, std::overflow_error);
    CHECK_THROWS_AS(Cents{least} + Cents{-1}, std::overflow_error);
    CHECK_THROWS_AS(Cents{least} - Cents{1}, std::overflow_error);
    CHECK_THROWS_AS(Cents{0} - Cents{least}, std::overflow_error);
    CHECK_THROWS_AS(Cents{most / 2 + 1} * 2, std::overflow_error);
    CHECK_THROWS_AS(Cents{least} * -1, std::overflow_error);
    CHECK_THROWS_AS(percent_of(Cents{most}, 2), std::overflow_error);
}

TEST_CASE("an addition of cents that throws changes nothing")
{
    Cents amount{most};
    CHECK_THROWS_AS(amount += Cents{1}, std::overflow_error);
    CHECK(amount == Cents{most});

    amount = Cents{least};
    CHECK_THROWS_AS(amount -= Cents{1}, std::overflow_error);
    CHECK(amount == Cents{least});
}

TEST_CASE("cents reach both ends of their range")
{
    CHECK(Cents{most - 1} + Cents{1} == Cents{most});
    CHECK(Cents{least + 1} - Cents{1} == Cents{least});
    CHECK(Cents{most} * -1 == Cents{-most});
    CHECK(Cents{least} + Cents{most} == Cents{-1});
}

TEST_CASE("cents add and subtract and multiply and compare")
{
    Cents amount{250};
    amount += Cents{50};
    CHECK(amount == Cents{300});
    amount -= Cents{301};
    CHECK(amount == Cents{-1});
    CHECK(Cents{59} * 12 == Cents{708});
    CHECK(Cents{7} * 0 == Cents{});
    CHECK(Cents{-1} < Cents{0});
    CHECK(Cents{2} > Cents{1});
}

TEST_CASE("percent_of rounds half a cent away from zero")
{
    struct Case {
        std::string_view what;
        std::int64_t amount;
        std::int64_t percent;
        std::int64_t expected;
    };
    const Case cases[] = {
        {"nothing of something", 100, 0, 0},
        {"something of nothing", 0, 83, 0},
        {"all of it", 70801, 100, 70801},
        {"exact: the documented 708 yuan at 83 percent", 70800, 83, 58764},
        {"0.49 down", 49, 1, 0},
        {"0.50 up", 50, 1, 1},
        {"0.51 up", 51, 1, 1},
        {"1.49 down", 149, 1, 1},
        {"1.50 up", 150, 1, 2},
        {"2.50 up too: not to even", 250, 1, 3},
        {"0.5 of an odd cent", 1, 50, 1},
        {"-0.49 to zero", -49, 1, 0},
        {"-0.50 away from zero", -50, 1, -1},
        {"-1.50 away from zero", -150, 1, -2},
        {"-1.49 towards zero", -149, 1, -1},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(percent_of(Cents{c.amount}, c.percent) == Cents{c.expected});
    }
}

TEST_CASE("percent_of rounds right at the ends of the range")
{
    // 9223372036854775807 / 100 = 92233720368547758.07
    CHECK(percent_of(Cents{most}, 1) == Cents{92233720368547758});
    CHECK(percent_of(Cents{least}, 1) == Cents{-92233720368547758});
    CHECK(percent_of(Cents{most - 50}, 1) == Cents{92233720368547758});
}
