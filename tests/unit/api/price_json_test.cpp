#include "server/api/price_json.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <limits>
#include <set>
#include <stdexcept>
#include <string>

namespace json = boost::json;

using namespace cvm;
using state::Cents;
using state::Price;

namespace {

double number(const json::object& item, std::string_view name) { return item.at(name).to_number<double>(); }

// The names of the members whose value is a number other than 0.
std::set<std::string> told(const json::object& item)
{
    std::set<std::string> names;
    for (const auto& [name, value] : item)
        if (!value.is_string() && value.to_number<double>() != 0)
            names.insert(name);
    return names;
}

state::PriceTable steps(std::int64_t second, std::int64_t third)
{
    state::PriceTable table{};
    table.second_step_percent = second;
    table.third_step_percent = third;
    return table;
}

} // namespace

TEST_CASE("an amount in main units is exact and as short as possible")
{
    struct Case {
        std::int64_t cents;
        std::string text;
    };
    const Case cases[] = {
        {0, "0"},
        {1, "0.01"},
        {5, "0.05"},
        {9, "0.09"},
        {10, "0.1"},
        {11, "0.11"},
        {99, "0.99"},
        {100, "1"},
        {101, "1.01"},
        {110, "1.1"},
        {1000, "10"},
        {1250, "12.5"},
        {25000, "250"},
        {58764, "587.64"},
        {1'000'000'000'000'000'007, "10000000000000000.07"}, // no double holds this one
        {std::numeric_limits<std::int64_t>::max(), "92233720368547758.07"},
        {-1, "-0.01"},
        {-10, "-0.1"},
        {-100, "-1"},
        {-1250, "-12.5"},
        {-58764, "-587.64"},
        {std::numeric_limits<std::int64_t>::min(), "-92233720368547758.08"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.cents);
        CHECK(api::exact(Cents{c.cents}) == c.text);
    }
}

TEST_CASE("an amount in main units is the double nearest to it")
{
    CHECK(api::main_units(Cents{0}) == 0.0);
    CHECK(api::main_units(Cents{1}) == 0.01);
    CHECK(api::main_units(Cents{58764}) == 587.64);
    CHECK(api::main_units(Cents{-5}) == -0.05);
    CHECK(api::main_units(Cents{1'000'000'000'000'001}) == 10'000'000'000'000.01);
}

TEST_CASE("a short item holds the two prices and nothing else")
{
    const json::object item = api::short_item({Cents{70800}, Cents{58764}});
    CHECK(item.size() == 3);
    CHECK(number(item, "OriginalPrice") == 708);
    CHECK(number(item, "DiscountPrice") == 587.64);
    CHECK(number(item, "Discount") == 83);
}

TEST_CASE("a prepaid item holds the prices and the percentage to pay")
{
    struct Case {
        std::string_view what;
        Price price;
        double percent;
    };
    const Case cases[] = {
        {"nothing to pay", {Cents{0}, Cents{0}}, 100},
        {"no discount", {Cents{5900}, Cents{5900}}, 100},
        {"83 percent", {Cents{70800}, Cents{58764}}, 83},
        {"to two places", {Cents{30000}, Cents{10000}}, 33.33},
        {"cut off, not rounded", {Cents{30000}, Cents{20000}}, 66.66},
        {"given", {Cents{100}, Cents{0}}, 0},
        {"as large as a fixture allows", {Cents{1'000'000'000'000'000}, Cents{999'000'000'000'000}}, 99.9},
        {"large", {Cents{900'000'000'000'000}, Cents{450'000'000'000'000}}, 50},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        const json::object item = api::prepaid_item(c.price);
        CHECK(number(item, "OriginalPrice") == api::main_units(c.price.original));
        CHECK(number(item, "DiscountPrice") == api::main_units(c.price.discounted));
        CHECK(number(item, "Discount") == c.percent);
        CHECK(item.at("ChargeUnit").as_string() == "");
    }
    CHECK(told(api::prepaid_item({Cents{2}, Cents{1}})) ==
          std::set<std::string>{"OriginalPrice", "DiscountPrice", "Discount"});
}

TEST_CASE("an hourly item has the price of each step and rounds half a cent up")
{
    struct Case {
        std::int64_t first;
        std::int64_t second_percent;
        std::int64_t third_percent;
        double second;
        double third;
    };
    const Case cases[] = {
        {0, 50, 34, 0, 0},          {1, 50, 34, 0.01, 0},
        {42, 50, 34, 0.21, 0.14},   // 14.28
        {1609, 50, 34, 8.05, 5.47}, // 804.5, 547.06
        {100, 100, 100, 1, 1},      {100, 0, 0, 0, 0},
        {3, 50, 50, 0.02, 0.02},    {1'000'000'000, 50, 34, 5'000'000, 3'400'000},
    };
    for (const Case& c : cases) {
        CAPTURE(c.first);
        CAPTURE(c.second_percent);
        const json::object item = api::hourly_item(steps(c.second_percent, c.third_percent), Cents{c.first});
        for (const std::string_view discount : {"", "Discount"}) {
            const std::string name = "UnitPrice" + std::string{discount};
            CAPTURE(name);
            CHECK(number(item, name) == api::main_units(Cents{c.first}));
            CHECK(number(item, name + "SecondStep") == c.second);
            CHECK(number(item, name + "ThirdStep") == c.third);
        }
        CHECK(number(item, "Discount") == 100);
        CHECK(item.at("ChargeUnit").as_string() == "HOUR");
    }
    CHECK(told(api::hourly_item(steps(50, 34), Cents{100})) ==
          std::set<std::string>{"UnitPrice", "UnitPriceDiscount", "UnitPriceSecondStep", "UnitPriceDiscountSecondStep",
                                "UnitPriceThirdStep", "UnitPriceDiscountThirdStep", "Discount"});
    CHECK_THROWS_AS(api::hourly_item(steps(50, 34), Cents{std::numeric_limits<std::int64_t>::max()}),
                    std::overflow_error);
}

TEST_CASE("a traffic item has the price of a GB and no steps")
{
    state::PriceTable table = steps(50, 34);
    table.traffic_per_gb = Cents{80};
    const json::object item = api::traffic_item(table);
    CHECK(number(item, "UnitPrice") == 0.8);
    CHECK(number(item, "UnitPriceDiscount") == 0.8);
    CHECK(number(item, "Discount") == 100);
    CHECK(item.at("ChargeUnit").as_string() == "GB");
    CHECK(told(item) == std::set<std::string>{"UnitPrice", "UnitPriceDiscount", "Discount"});
}

TEST_CASE("the items of all charge types have the same members")
{
    const auto names = [](const json::object& item) {
        std::set<std::string> all;
        for (const auto& [name, value] : item)
            all.insert(name);
        return all;
    };
    const auto prepaid = names(api::prepaid_item({Cents{100}, Cents{87}}));
    CHECK(prepaid.size() == 19);
    CHECK(names(api::hourly_item(steps(50, 34), Cents{42})) == prepaid);
    CHECK(names(api::traffic_item(steps(50, 34))) == prepaid);
}
