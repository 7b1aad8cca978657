#include "state/rules/pricing.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <stdexcept>

using namespace cvm::state;
using std::chrono::months;

namespace {

// The documented figures (fixtures/catalog/prices.json), and plain ones where nothing is documented.
PriceTable documented()
{
    return {
        .instance_types = {{"S2.SMALL1", Cents{5900}}, {"S5.16XLARGE256", Cents{888450}}, {"S5.MEDIUM2", Cents{10000}}},
        .per_core = Cents{3000},
        .per_gib_memory = Cents{2000},
        .disk_types = {{"CLOUD_PREMIUM", Cents{35}}, {"CLOUD_SSD", Cents{100}}},
        .other_disk_per_gib = Cents{50},
        .bandwidth_per_mbps = Cents{2000},
        .family_discounts = {{"S5",
                              {{months{1}, 87},
                               {months{3}, 78},
                               {months{6}, 73},
                               {months{12}, 69},
                               {months{24}, 55},
                               {months{36}, 41},
                               {months{48}, 33},
                               {months{60}, 27}}}},
        .other_discounts = {{months{1}, 100}, {months{6}, 88}, {months{12}, 83}, {months{24}, 70}, {months{36}, 50}},
    };
}

Instance of_type(std::string type)
{
    Instance instance;
    instance.type = std::move(type);
    return instance;
}

Disk disk(std::string type, std::int64_t size_gib, bool portable = false)
{
    Disk d;
    d.type = std::move(type);
    d.size_gib = size_gib;
    d.portable = portable;
    return d;
}

} // namespace

TEST_CASE("a price beyond the range throws")
{
    PriceTable table = documented();
    table.instance_types["S2.SMALL1"] = Cents{std::numeric_limits<std::int64_t>::max() / 2};
    CHECK_THROWS_AS(instance_price(table, of_type("S2.SMALL1"), months{12}), std::overflow_error);

    Instance wide = of_type("S2.SMALL1");
    wide.bandwidth_mbps = std::numeric_limits<std::int64_t>::max() / 1000;
    CHECK_THROWS_AS(bandwidth_price(table, wide, months{1}), std::overflow_error);
    CHECK_THROWS_AS(disk_price(table, disk("CLOUD_SSD", std::numeric_limits<std::int64_t>::max() / 10), months{1}),
                    std::overflow_error);
}

TEST_CASE("a year of S2.SMALL1 costs what the price page says")
{
    const Price price = instance_price(documented(), of_type("S2.SMALL1"), months{12});
    CHECK(price.original == Cents{70800});   // 708 yuan
    CHECK(price.discounted == Cents{58764}); // 587.64 yuan, 83 percent
}

TEST_CASE("the price of an S5 follows the table of its family")
{
    struct Case {
        int period;
        std::int64_t percent;
    };
    const Case cases[] = {
        {1, 87}, {2, 87},  {3, 78},  {4, 78},  {5, 78},  {6, 73},  {7, 73},  {8, 73},
        {9, 73}, {10, 73}, {11, 73}, {12, 69}, {24, 55}, {36, 41}, {48, 33}, {60, 27},
    };
    for (const Case& c : cases) {
        CAPTURE(c.period);
        const Price price = instance_price(documented(), of_type("S5.MEDIUM2"), months{c.period});
        CHECK(price.original == Cents{10000 * c.period});
        CHECK(price.discounted == Cents{100 * c.percent * c.period});
    }
}

TEST_CASE("the price of other families follows the other table")
{
    struct Case {
        int period;
        std::int64_t percent;
    };
    const Case cases[] = {
        {1, 100}, {2, 100}, {3, 100}, {4, 100}, {5, 100}, {6, 88},  {7, 88},  {8, 88},
        {9, 88},  {10, 88}, {11, 88}, {12, 83}, {24, 70}, {36, 50}, {48, 50}, {60, 50},
    };
    // The family is all that stands before the dot.
    for (const std::string type :
         {"S2.SMALL1", "S51.SMALL1", "S.SMALL1", "s5.SMALL1", "MS5.SMALL1", "SMALL1", ".S5", ""})
        for (const Case& c : cases) {
            CAPTURE(type);
            CAPTURE(c.period);
            PriceTable table = documented();
            table.instance_types = {{type, Cents{10000}}};
            CHECK(instance_price(table, of_type(type), months{c.period}).discounted ==
                  Cents{100 * c.percent * c.period});
        }
}

TEST_CASE("a table without discounts asks for the list price")
{
    PriceTable table = documented();
    table.family_discounts.clear();
    table.other_discounts.clear();
    CHECK(instance_price(table, of_type("S5.MEDIUM2"), months{60}) == Price{Cents{600000}, Cents{600000}});
}

TEST_CASE("an unknown type is priced by cores and memory")
{
    Instance instance = of_type("SA9.HUGE");
    instance.cpu = 4;
    instance.memory_gib = 8;
    CHECK(instance_price(documented(), instance, months{1}) == Price{Cents{28000}, Cents{28000}});
    CHECK(instance_price(documented(), instance, months{12}) == Price{Cents{336000}, Cents{278880}});

    Instance known = of_type("S2.SMALL1"); // whose size says nothing
    known.cpu = 64;
    known.memory_gib = 256;
    CHECK(instance_price(documented(), known, months{1}).original == Cents{5900});
}

TEST_CASE("disks that follow the instance are part of its price and never discounted")
{
    Instance instance = of_type("S2.SMALL1");
    instance.disks = {disk("CLOUD_PREMIUM", 50), disk("CLOUD_SSD", 20)};
    const Price price = instance_price(documented(), instance, months{12});
    const Cents disks = Cents{50 * 35 * 12 + 20 * 100 * 12};
    CHECK(price.original == Cents{70800} + disks);
    CHECK(price.discounted == Cents{58764} + disks);
}

TEST_CASE("portable disks are no part of the price of the instance")
{
    Instance instance = of_type("S2.SMALL1");
    instance.disks = {disk("CLOUD_SSD", 1000, true), disk("CLOUD_SSD", 10), disk("CLOUD_PREMIUM", 1000, true)};
    CHECK(instance_price(documented(), instance, months{1}) == Price{Cents{5900 + 1000}, Cents{5900 + 1000}});
}

TEST_CASE("a disk costs its size in its type for the period")
{
    struct Case {
        std::string_view type;
        std::int64_t size_gib;
        int period;
        std::int64_t expected;
    };
    const Case cases[] = {
        {"CLOUD_PREMIUM", 50, 1, 1750}, {"CLOUD_PREMIUM", 50, 12, 21000},
        {"CLOUD_SSD", 100, 60, 600000}, {"CLOUD_FUTURE", 10, 1, 500}, // not in the table
        {"cloud_ssd", 10, 1, 500},                                    // nor is this
        {"CLOUD_SSD", 0, 12, 0},
    };
    for (const Case& c : cases) {
        CAPTURE(c.type);
        CAPTURE(c.period);
        for (const bool portable : {false, true})
            CHECK(disk_price(documented(), disk(std::string{c.type}, c.size_gib, portable), months{c.period}) ==
                  Price{Cents{c.expected}, Cents{c.expected}});
    }
}

TEST_CASE("bandwidth costs something only when it is paid ahead and is never discounted")
{
    struct Case {
        std::string_view charge_type;
        std::int64_t mbps;
        int period;
        std::int64_t expected;
    };
    const Case cases[] = {
        {"BANDWIDTH_POSTPAID_BY_HOUR", 100, 12, 0},
        {"TRAFFIC_POSTPAID_BY_HOUR", 100, 12, 0},
        {"BANDWIDTH_PACKAGE", 100, 12, 0},
        {"", 100, 12, 0},
        {"BANDWIDTH_PREPAID", 0, 12, 0},
        {"BANDWIDTH_PREPAID", 1, 1, 2000},
        {"BANDWIDTH_PREPAID", 5, 12, 120000},
        {"BANDWIDTH_PREPAID", 5, 60, 600000},
    };
    for (const Case& c : cases) {
        CAPTURE(c.charge_type);
        CAPTURE(c.mbps);
        Instance instance = of_type("S5.MEDIUM2");
        instance.internet_charge_type = c.charge_type;
        instance.bandwidth_mbps = c.mbps;
        CHECK(bandwidth_price(documented(), instance, months{c.period}) == Price{Cents{c.expected}, Cents{c.expected}});
        CHECK(instance_price(documented(), instance, months{1}).original == Cents{10000}); // is not counted twice
    }
}

TEST_CASE("half a cent of a discounted price rounds up")
{
    PriceTable table = documented();
    table.instance_types["S5.ODD"] = Cents{50}; // 87 percent: 43.5
    CHECK(instance_price(table, of_type("S5.ODD"), months{1}) == Price{Cents{50}, Cents{44}});
    table.instance_types["S5.ODD"] = Cents{9}; // 7.83
    CHECK(instance_price(table, of_type("S5.ODD"), months{1}) == Price{Cents{9}, Cents{8}});
    // Rounded once for the whole period: 2 x 7.83 = 15.66.
    CHECK(instance_price(table, of_type("S5.ODD"), months{2}) == Price{Cents{18}, Cents{16}});
    table.instance_types["S5.ODD"] = Cents{4}; // 3.48, twice 6.96
    CHECK(instance_price(table, of_type("S5.ODD"), months{2}) == Price{Cents{8}, Cents{7}});
}

TEST_CASE("prices add up part by part")
{
    CHECK(Price{Cents{100}, Cents{90}} + Price{Cents{20}, Cents{20}} == Price{Cents{120}, Cents{110}});
}

TEST_CASE("an hour of a listed type costs what the list says and of another a part of its month")
{
    PriceTable table = documented();
    table.hourly_instance_types = {{"S5.16XLARGE256", Cents{1609}}, {"FREE.TYPE", Cents{0}}};
    struct Case {
        std::string_view what;
        std::string type;
        std::int64_t hours; // that a month's price is divided by
        std::int64_t expected;
    };
    const Case cases[] = {
        {"listed", "S5.16XLARGE256", 120, 1609},
        {"listed, whatever a month is", "S5.16XLARGE256", 1, 1609},
        {"listed for nothing", "FREE.TYPE", 120, 0},
        {"a part without a rest", "S2.SMALL1", 100, 59},
        {"a begun cent counts whole", "S2.SMALL1", 120, 50}, // 49.17
        {"less than a cent", "S2.SMALL1", 1'000'000, 1},     // 0.0059
        {"the whole month", "S2.SMALL1", 1, 5900},
        {"by cores and memory", "SA9.HUGE", 120, 234}, // 28000 / 120 = 233.33
        {"is never discounted", "S5.MEDIUM2", 100, 100},
        {"the case of letters counts", "s5.16xlarge256", 100, 280},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        table.hours_of_month_price = c.hours;
        Instance instance = of_type(c.type);
        instance.cpu = 4;
        instance.memory_gib = 8;
        CHECK(hourly_price(table, instance) == Cents{c.expected});
    }
}

TEST_CASE("the hourly price of an instance includes each disk that follows it, rounded up")
{
    PriceTable table = documented();
    table.hourly_instance_types = {{"S2.SMALL1", Cents{42}}};
    table.hours_of_month_price = 120;
    struct Case {
        std::string_view what;
        std::vector<Disk> disks;
        std::int64_t expected;
    };
    const Case cases[] = {
        {"no disk", {}, 42},
        {"a disk", {disk("CLOUD_PREMIUM", 50)}, 42 + 15},          // 1750 / 120 = 14.58
        {"a portable one", {disk("CLOUD_PREMIUM", 50, true)}, 42}, // pays for itself
        {"two", {disk("CLOUD_PREMIUM", 50), disk("CLOUD_PREMIUM", 50, true)}, 42 + 15},
        {"an empty one", {disk("CLOUD_SSD", 0)}, 42},
        {"an unknown type", {disk("CLOUD_FUTURE", 12)}, 42 + 5},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        Instance instance = of_type("S2.SMALL1");
        instance.disks = c.disks;
        instance.internet_charge_type = "BANDWIDTH_POSTPAID_BY_HOUR"; // has a price of its own
        instance.bandwidth_mbps = 100;
        CHECK(hourly_price(table, instance) == Cents{c.expected});
    }
}

TEST_CASE("an hour of bandwidth costs something only when it is charged by the hour")
{
    struct Case {
        std::string_view charge_type;
        std::int64_t mbps;
        std::int64_t expected;
    };
    const Case cases[] = {
        {"BANDWIDTH_PREPAID", 100, 0},          {"TRAFFIC_POSTPAID_BY_HOUR", 100, 0},
        {"BANDWIDTH_PACKAGE", 100, 0},          {"", 100, 0},
        {"bandwidth_postpaid_by_hour", 100, 0}, {"BANDWIDTH_POSTPAID_BY_HOUR", 0, 0},
        {"BANDWIDTH_POSTPAID_BY_HOUR", 1, 17},  {"BANDWIDTH_POSTPAID_BY_HOUR", 5, 84}, // 16.67, 83.33
        {"BANDWIDTH_POSTPAID_BY_HOUR", 6, 100},
    };
    PriceTable table = documented();
    table.hours_of_month_price = 120;
    for (const Case& c : cases) {
        CAPTURE(c.charge_type);
        CAPTURE(c.mbps);
        Instance instance = of_type("S2.SMALL1");
        instance.internet_charge_type = c.charge_type;
        instance.bandwidth_mbps = c.mbps;
        CHECK(hourly_bandwidth_price(table, instance) == Cents{c.expected});
    }
}

TEST_CASE("the price of an hour beyond the range throws")
{
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    PriceTable table = documented();
    table.hours_of_month_price = 120;
    table.instance_types["S2.SMALL1"] = Cents{most};
    CHECK_THROWS_AS(hourly_price(table, of_type("S2.SMALL1")), std::overflow_error);
    table.instance_types["S2.SMALL1"] = Cents{most - 119};
    CHECK(hourly_price(table, of_type("S2.SMALL1")) == Cents{most / 120});

    Instance large = of_type("S2.SMALL1");
    large.disks = {disk("CLOUD_SSD", most / 10)};
    CHECK_THROWS_AS(hourly_price(documented(), large), std::overflow_error);
    large.internet_charge_type = "BANDWIDTH_POSTPAID_BY_HOUR";
    large.bandwidth_mbps = most / 1000;
    CHECK_THROWS_AS(hourly_bandwidth_price(documented(), large), std::overflow_error);
}

TEST_CASE("usage costs the matching part of the hourly price, and later hours cost less")
{
    using namespace std::chrono_literals;
    PriceTable table = documented();
    table.hours_of_month_price = 120;
    table.hourly_instance_types = {{"S1.SMALL1", Cents{100}}};
    table.second_step_percent = 50;
    table.third_step_percent = 34;
    const Instant since = std::chrono::sys_days{2026y / 4 / 1};
    Instance instance = of_type("S1.SMALL1");
    instance.charge_type = ChargeType::postpaid_by_hour;
    instance.hourly_since = since;
    struct Case {
        std::chrono::seconds from;
        std::chrono::seconds used;
        std::int64_t expected;
    };
    const Case cases[] = {
        {0h, 0s, 0},         {0h, 1h, 100},   {0h, 35s, 0},        {0h, 36s, 1},   {0h, 59min + 59s, 99},
        {95h, 1h, 100},      {96h, 1h, 50},   {96h - 1s, 1h, 100}, {359h, 1h, 50}, {360h, 1h, 34},
        {360h - 1s, 1h, 50}, {9000h, 1h, 34}, {9000h, 30min, 17},
    };
    for (const Case& c : cases) {
        CAPTURE(c.from.count());
        CAPTURE(c.used.count());
        CHECK(usage_price(table, instance, since + c.from, since + c.from + c.used) == Cents{c.expected});
    }
    instance.internet_charge_type = "BANDWIDTH_POSTPAID_BY_HOUR";
    instance.bandwidth_mbps = 6; // 100 an hour
    CHECK(usage_price(table, instance, since + 96h, since + 97h) == Cents{100});

    instance.stop_charging_mode = StopChargingMode::stop_charging;
    instance.state = InstanceState::stopping;
    CHECK(usage_price(table, instance, since, since + 1h) == Cents{200});
    instance.state = InstanceState::stopped;
    CHECK(usage_price(table, instance, since, since + 1h) == Cents{0});
    instance.disks = {disk("CLOUD_PREMIUM", 120)}; // 35 an hour
    CHECK(usage_price(table, instance, since, since + 1h) == Cents{35});
    instance.stop_charging_mode = StopChargingMode::keep_charging;
    CHECK(usage_price(table, instance, since, since + 1h) == Cents{235});
}

TEST_CASE("the price of a bundle of Lighthouse has its system disk in it")
{
    PriceTable table = documented();
    table.instance_types["bundle_a"] = Cents{5000};
    table.family_discounts["bundle_a"] = {{months{1}, 100}, {months{12}, 85}};
    Instance instance = of_type("bundle_a");
    instance.id = "lhins-aaaaaaaa";
    instance.disks = {disk("CLOUD_SSD", 50), disk("CLOUD_SSD", 20, true)};
    instance.disks[0].id = "lhdisk-aaaaaaaa";
    instance.disks[1].id = "lhdisk-bbbbbbbb";
    CHECK(instance_price(table, instance, months{1}) == Price{Cents{5000}, Cents{5000}});
    CHECK(instance_price(table, instance, months{12}) == Price{Cents{60000}, Cents{51000}});
    CHECK(disk_price(table, instance.disks[1], months{2}).original == Cents{4000});
}
