#include "server/api/instance_filters.hpp"

#include "state/store/sqlite_store.hpp"
#include "tests/support/difference.hpp"
#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

using namespace cvm;
using api::Filter;

namespace {

// An instance with a distinct value for every attribute that a filter compares.
state::Instance sample()
{
    state::Instance i;
    i.id = "ins-aaaaaaaa";
    i.region = "ap-guangzhou";
    i.zone = "ap-guangzhou-3";
    i.name = "web server 1";
    i.project_id = 42;
    i.charge_type = state::ChargeType::postpaid_by_hour;
    i.state = state::InstanceState::stopped;
    i.created_at = state::parse_instant("2026-03-01T04:00:00Z").value(); // noon in UTC+8
    i.attributes.host_id = "host-aaaaaaaa";
    i.attributes.dedicated_cluster_id = "cluster-a";
    i.attributes.virtual_private_cloud = {
        .vpc_id = "vpc-aaaaaaaa", .subnet_id = "subnet-aaaaaaaa", .as_vpc_gateway = {}};
    i.attributes.uuid = "01234567-89ab-cdef-0123-456789abcdef";
    i.attributes.security_group_ids = {"sg-aaaaaaaa", "sg-bbbbbbbb"};
    i.attributes.private_ip_addresses = {"10.0.0.1", "10.0.0.2"};
    i.attributes.public_ip_addresses = {"203.0.113.1"};
    i.attributes.ipv6_addresses = {"2001:db8::1"};
    i.attributes.tags = {{"team", "billing"}, {"stage", "test"}};
    return i;
}

// An instance that is excluded by every filter on a list or an optional member.
state::Instance bare()
{
    state::Instance i = sample();
    i.attributes = {};
    return i;
}

std::string refusal(const std::vector<Filter>& filters, std::string_view region = "ap-guangzhou")
{
    const auto problem = api::check_filters(filters, region);
    return problem ? std::string{code_of(problem->code)} + ": " + message(*problem, Language::english) : "good";
}

bool passes(const std::vector<Filter>& filters, const state::Instance& instance = sample())
{
    REQUIRE(refusal(filters) == "good");
    state::SqliteStore store{":memory:"};
    state::AccountState account;
    account.account.uin = "1";
    account.instances = {instance};
    store.insert_account(account);
    return store.select_instances("1", instance.region, api::conditions(filters), {0, 10}).total == 1;
}

struct Pair {
    std::string name;
    std::string hit;
    std::string miss;
};

const Pair pairs[] = {
    {"zone", "ap-guangzhou-3", "ap-guangzhou-4"},
    {"project-id", "42", "4"},
    {"host-id", "host-aaaaaaaa", "host-bbbbbbbb"},
    {"dedicated-cluster-id", "cluster-a", "cluster"},
    {"vpc-id", "vpc-aaaaaaaa", "vpc-bbbbbbbb"},
    {"subnet-id", "subnet-aaaaaaaa", "subnet-bbbbbbbb"},
    {"instance-id", "ins-aaaaaaaa", "ins-bbbbbbbb"},
    {"uuid", "01234567-89ab-cdef-0123-456789abcdef", "01234567-89ab-cdef-0123-456789abcde0"},
    {"security-group-id", "sg-bbbbbbbb", "sg-cccccccc"},
    {"instance-name", "web server 1", "web server"},
    {"instance-charge-type", "POSTPAID_BY_HOUR", "PREPAID"},
    {"instance-state", "STOPPED", "RUNNING"},
    {"private-ip-address", "10.0.0.2", "10.0.0.3"},
    {"public-ip-address", "203.0.113.1", "10.0.0.1"},
    {"ipv6-address", "2001:db8::1", "2001:db8::2"},
    {"tag-key", "stage", "billing"},
    {"tag-value", "test", "team"},
    {"creation-start-time", "2026-03-01 12:00:00", "2026-03-01 12:00:01"},
    {"creation-end-time", "2026-03-01 12:00:00", "2026-03-01 11:59:59"},
    {"tag:team", "billing", "test"},
};

} // namespace

TEST_CASE("an invalid filter value is refused with the code of its kind")
{
    constexpr auto too_long =
        "InvalidFilterValue.LimitExceeded: The filter `vpc-id` holds more values than the limit of `5`.";
    const std::vector<std::string> six{"vpc-aaaaaaaa", "x", "x", "x", "x", "x"};
    struct Case {
        std::string what;
        Filter filter;
        std::string expected;
    };
    const Case cases[] = {
        {"unknown name", {"colour", {"red"}}, "InvalidFilter: The filter `colour` is not valid."},
        {"empty name", {"", {"red"}}, "InvalidFilter: The filter `` is not valid."},
        {"another case", {"Zone", {"ap-guangzhou-3"}}, "InvalidFilter: The filter `Zone` is not valid."},
        {"a tag without a key", {"tag:", {"billing"}}, "InvalidFilter: The filter `tag:` is not valid."},
        {"a tag without a colon", {"tag", {"billing"}}, "InvalidFilter: The filter `tag` is not valid."},
        {"too many values", {"vpc-id", six}, too_long},
        {"empty zone", {"zone", {""}}, "InvalidZone.MismatchRegion: The zone `` does not exist in this region."},
        {"zone of another region",
         {"zone", {"ap-shanghai-2"}},
         "InvalidZone.MismatchRegion: The zone `ap-shanghai-2` does not exist in this region."},
        {"a region for a zone",
         {"zone", {"ap-guangzhou"}},
         "InvalidZone.MismatchRegion: The zone `ap-guangzhou` does not exist in this region."},
        {"empty project",
         {"project-id", {""}},
         "InvalidParameterValue: The value `` specified in the parameter `project-id` is not valid."},
        {"project not a number",
         {"project-id", {"-1"}},
         "InvalidParameterValue: The value `-1` specified in the parameter `project-id` is not valid."},
        {"host",
         {"host-id", {"host-1"}},
         "InvalidHostId.Malformed: The host ID `host-1` is malformed. It must look like `host-xxxxxxxx`."},
        {"network",
         {"vpc-id", {"vpc_aaaaaaaa"}},
         "InvalidParameterValue.VpcIdMalformed: The VPC ID `vpc_aaaaaaaa` is malformed. It must look like "
         "`vpc-xxxxxxxx`."},
        {"subnet",
         {"subnet-id", {"subnet-AAAAAAAA"}},
         "InvalidParameterValue.SubnetIdMalformed: The specified subnet ID `subnet-AAAAAAAA` is malformed. Ensure that "
         "you provide the full subnet ID in the request, in the form subnet-xxxxxxxx.The letter `x` stands for "
         "lowercase letter or number."},
        {"group",
         {"security-group-id", {"sg-"}},
         "InvalidSgId.Malformed: The security group ID `sg-` is malformed. It must look like `sg-xxxxxxxx`."},
        {"instance",
         {"instance-id", {""}},
         "InvalidParameterValue.InstanceIdMalformed: The instance ID `` is malformed. It must be `ins-` and 8 "
         "lower-case letters or digits."},
        {"instance of wrong length",
         {"instance-id", {"ins-1122"}},
         "InvalidInstanceId.Malformed: The instance ID `ins-1122` has the wrong length. It must be `ins-` and 8 "
         "characters."},
        {"short uuid",
         {"uuid", {"01234567"}},
         "InvalidParameterValue.UuidMalformed: The UUID `01234567` is malformed."},
        {"uuid with a wrong letter",
         {"uuid", {"g1234567-89ab-cdef-0123-456789abcdef"}},
         "InvalidParameterValue.UuidMalformed: The UUID `g1234567-89ab-cdef-0123-456789abcdef` is malformed."},
        {"charge type",
         {"instance-charge-type", {"prepaid"}},
         "InvalidParameterValue: The value `prepaid` specified in the parameter `instance-charge-type` is not valid."},
        {"state",
         {"instance-state", {"ASLEEP"}},
         "InvalidParameterValue: The value `ASLEEP` specified in the parameter `instance-state` is not valid."},
        {"private address",
         {"private-ip-address", {"10.0.0.256"}},
         "InvalidParameterValue.IPAddressMalformed: The IP address `10.0.0.256` is malformed."},
        {"public address",
         {"public-ip-address", {"2001:db8::1"}},
         "InvalidParameterValue.IPAddressMalformed: The IP address `2001:db8::1` is malformed."},
        {"long address",
         {"ipv6-address", {"10.0.0.1"}},
         "InvalidParameterValue.IPv6AddressMalformed: The IPv6 address `10.0.0.1` is malformed."},
        {"a time with a T",
         {"creation-start-time", {"2026-03-01T12:00:00Z"}},
         "InvalidParameterValue.InvalidTimeFormat: The time `2026-03-01T12:00:00Z` is malformed. It must look like "
         "`2023-06-01 00:00:00`."},
        {"a day that is not",
         {"creation-end-time", {"2026-02-30 12:00:00"}},
         "InvalidParameterValue.InvalidTimeFormat: The time `2026-02-30 12:00:00` is malformed. It must look like "
         "`2023-06-01 00:00:00`."},
        {"the second value",
         {"instance-state", {"RUNNING", "x"}},
         "InvalidParameterValue: The value `x` specified in the parameter `instance-state` is not valid."},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(refusal({c.filter}) == c.expected);
    }
    CHECK(refusal({{"zone", {"ap-guangzhou-3"}}}, "ap-shanghai").starts_with("InvalidZone.MismatchRegion"));
}

TEST_CASE("the first invalid filter is reported")
{
    CHECK(refusal({{"instance-state", {"x"}}, {"colour", {"red"}}}).starts_with("InvalidParameterValue:"));
    CHECK(refusal({{"colour", {"red"}}, {"instance-state", {"x"}}}).starts_with("InvalidFilter:"));
    CHECK(refusal({{"tag-key", {"a"}}, {"instance-state", {"x"}}}).starts_with("InvalidParameterValue:"));
}

TEST_CASE("every filter has a row here and no more than five values")
{
    std::set<std::string> rows;
    for (const Pair& pair : pairs) {
        const std::string name = pair.name;
        rows.insert(name.starts_with("tag:") ? "tag:" : name);
        CAPTURE(name);
        CHECK(refusal({{name, std::vector<std::string>(5, pair.hit)}}) == "good");
        CHECK(refusal({{name, std::vector<std::string>(6, pair.hit)}}) ==
              "InvalidFilterValue.LimitExceeded: The filter `" + name + "` holds more values than the limit of `5`.");
    }
    CHECK(test::difference(rows, std::set<std::string>{api::filter_names().begin(), api::filter_names().end()}) == "");
}

TEST_CASE("a filter looks only at the attribute that it names")
{
    for (const Pair& pair : pairs) {
        CAPTURE(pair.name);
        CHECK_FALSE(passes({{pair.name, {pair.miss}}}));
        CHECK(passes({{pair.name, {pair.hit}}}));
    }
}

TEST_CASE("an instance without the attribute does not pass")
{
    for (std::string name :
         {"host-id", "dedicated-cluster-id", "vpc-id", "subnet-id", "uuid", "security-group-id", "private-ip-address",
          "public-ip-address", "ipv6-address", "tag-key", "tag-value", "tag:team"}) {
        CAPTURE(name);
        const auto row = std::ranges::find(pairs, std::string_view{name},
                                           [](const Pair& pair) { return std::string_view{pair.name}; });
        CHECK_FALSE(passes({{name, {row->hit}}}, bare()));
    }
    state::Instance no_address = sample();
    no_address.attributes.host_id.reset();
    no_address.attributes.public_ip_addresses.emplace();
    no_address.attributes.ipv6_addresses.emplace();
    CHECK_FALSE(passes({{"host-id", {"host-aaaaaaaa"}}}, no_address));
    CHECK_FALSE(passes({{"public-ip-address", {"203.0.113.1"}}}, no_address));
    CHECK_FALSE(passes({{"ipv6-address", {"2001:db8::1"}}}, no_address));
}

TEST_CASE("values of filters match at their boundaries")
{
    struct Case {
        std::string what;
        Filter filter;
        bool expected;
    };
    const Case cases[] = {
        {"a name by its beginning", {"instance-name", {"web"}}, false},
        {"a name in another case", {"instance-name", {"WEB SERVER 1"}}, false},
        {"an empty name", {"instance-name", {""}}, false},
        {"a project with a zero in front", {"project-id", {"042"}}, true},
        {"a project that is no number here", {"project-id", {"99999999999999999999"}}, false},
        {"created later than a day before", {"creation-start-time", {"2026-02-28 00:00:00"}}, true},
        {"created before a day later", {"creation-end-time", {"2026-03-02 00:00:00"}}, true},
        {"a tag's key in another case", {"tag-key", {"Team"}}, false},
        {"a tag's value by its part", {"tag-value", {"bill"}}, false},
        {"another tag's value", {"tag:stage", {"billing"}}, false},
        {"a tag that is not there", {"tag:owner", {"billing"}}, false},
        {"a zone by its part", {"zone", {"ap-guangzhou-33"}}, false},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(passes({c.filter}) == c.expected);
    }
}

TEST_CASE("a released public address is no longer found")
{
    const std::vector<Filter> filter{{"public-ip-address", {"203.0.113.1"}}};
    state::Instance instance = sample();
    instance.stop_charging_mode = state::StopChargingMode::keep_charging;
    CHECK(passes(filter, instance));
    instance.stop_charging_mode = state::StopChargingMode::stop_charging;
    CHECK_FALSE(passes(filter, instance));
    instance.state = state::InstanceState::running;
    CHECK(passes(filter, instance));
}

TEST_CASE("tags are distinguished whatever characters they contain")
{
    state::Instance instance = sample();
    instance.attributes.tags = {{"a\tb", "c\nd"}, {"e\\", "f"}, {"", ""}};
    CHECK(passes({{"tag-key", {"a\tb"}}}, instance));
    CHECK_FALSE(passes({{"tag-key", {"a"}}}, instance));
    CHECK_FALSE(passes({{"tag-key", {"b"}}}, instance));
    CHECK(passes({{"tag-value", {"c\nd"}}}, instance));
    CHECK_FALSE(passes({{"tag-value", {"d"}}}, instance));
    CHECK(passes({{"tag:e\\", {"f"}}}, instance));
    CHECK_FALSE(passes({{"tag:e", {"f"}}}, instance));
    CHECK(passes({{"tag-key", {""}}}, instance));
    CHECK(passes({{"tag-value", {""}}}, instance));
    CHECK_FALSE(passes({{"tag-key", {""}}}));
}

TEST_CASE("of several times the least restrictive one counts")
{
    CHECK(passes({{"creation-start-time", {"2026-04-01 00:00:00", "2026-02-01 00:00:00"}}}));
    CHECK_FALSE(passes({{"creation-start-time", {"2026-04-01 00:00:00", "2026-03-02 00:00:00"}}}));
    CHECK(passes({{"creation-end-time", {"2026-02-01 00:00:00", "2026-04-01 00:00:00"}}}));
    CHECK_FALSE(passes({{"creation-end-time", {"2026-02-01 00:00:00", "2026-01-01 00:00:00"}}}));
}

TEST_CASE("several values are joined by OR and several filters by AND")
{
    CHECK_FALSE(passes({{"instance-state", {"RUNNING", "PENDING"}}}));
    CHECK(passes({{"instance-state", {"RUNNING", "STOPPED"}}}));
    CHECK_FALSE(passes({{"instance-state", {"STOPPED"}}, {"zone", {"ap-guangzhou-4"}}}));
    CHECK_FALSE(passes({{"zone", {"ap-guangzhou-4"}}, {"instance-state", {"STOPPED"}}}));
    CHECK(passes({{"instance-state", {"STOPPED", "RUNNING"}}, {"zone", {"ap-guangzhou-4", "ap-guangzhou-3"}}}));
    CHECK_FALSE(passes({{"tag:team", {"billing"}}, {"tag:stage", {"live"}}}));
    CHECK(passes({{"tag:team", {"billing"}}, {"tag:stage", {"test"}}}));
    CHECK(passes({{"creation-start-time", {"2026-03-01 00:00:00"}}, {"creation-end-time", {"2026-03-02 00:00:00"}}}));
    CHECK(passes({}));
}

TEST_CASE("a filter without values matches nothing") { CHECK_FALSE(passes({{"instance-state", {}}})); }
