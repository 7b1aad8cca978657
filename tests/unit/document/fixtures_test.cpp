#include "server/document/fixtures.hpp"

#include "state/store/sqlite_store.hpp"
#include "tests/support/difference.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include <stdlib.h>

namespace fs = std::filesystem;
namespace json = boost::json;

using namespace cvm;
using state::AccountState;
using state::Instant;

namespace {

constexpr Instant wall =
    std::chrono::sys_days{std::chrono::year{2026} / 3 / 31} + std::chrono::hours{8} + std::chrono::minutes{30};

Instant instant(std::string_view text) { return state::parse_instant(text).value(); }

std::vector<AccountState> accounts_of(std::string_view text, Instant now = wall)
{
    return to_accounts(read_document(text, "my.json"), "my.json", now);
}

// What is wrong with a document; "good" if it can be used.
std::string problem(std::string_view text, Instant now = wall)
{
    try {
        accounts_of(text, now);
    } catch (const BadDocument& e) {
        return e.what();
    }
    return "good";
}

// A document with one account of these members, besides Uin.
std::string account(const std::string& members)
{
    return R"({"format_version":1,"accounts":[{"Uin":"100000000001")" + (members.empty() ? "" : "," + members) + "}]}";
}

// A document with one instance of these members, besides InstanceId and Placement.
std::string instance(const std::string& members)
{
    return account(R"("Instances":[{"InstanceId":"ins-aaaaaaaa","Placement":{"Zone":"ap-guangzhou-3"})" +
                   (members.empty() ? "" : "," + members) + "}]");
}

state::Instance instance_of(const std::string& members, Instant now = wall)
{
    return accounts_of(instance(members), now).at(0).instances.at(0);
}

// A temporary folder, deleted with its content at the end of the test.
class TempFolder {
public:
    TempFolder()
    {
        std::string pattern = (fs::temp_directory_path() / "cvm-fixtures-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr)
            throw std::system_error{errno, std::generic_category(), pattern};
        path_ = pattern;
    }
    ~TempFolder()
    {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;

    // Writes a file and returns its path.
    std::string file(const std::string& name, const std::string& content) const
    {
        std::ofstream{path_ / name} << content;
        return (path_ / name).string();
    }

    std::string path() const { return path_.string(); }

private:
    fs::path path_;
};

std::string uins(const std::vector<AccountState>& accounts)
{
    std::string list;
    for (const AccountState& a : accounts)
        list += (list.empty() ? "" : " ") + a.account.uin + (a.account.is_default ? "*" : "");
    return list;
}

std::string of_uin(const std::string& uin, const std::string& members = "")
{
    return R"({"format_version":1,"accounts":[{"Uin":")" + uin + "\"" + (members.empty() ? "" : "," + members) + "}]}";
}

// The accounts of these files, or what is wrong with them.
std::string loaded(const std::vector<std::string>& paths)
{
    try {
        return uins(Fixtures::from_files(paths).accounts(wall));
    } catch (const BadDocument& e) {
        return e.what();
    }
}

struct Row {
    std::string what;
    std::string document;
    std::string expected;
};

} // namespace

TEST_CASE("a text that is not JSON is refused with the line of the error")
{
    const Row rows[] = {
        {"empty", "", "my.json: line 1: not JSON: incomplete JSON"},
        {"blank", " \n ", "my.json: line 2: not JSON: incomplete JSON"},
        {"cut off", "{\n \"format_version\": 1", "my.json: line 2: not JSON: incomplete JSON"},
        {"a comma too many", "{\n \"a\": 1,\n}", "my.json: line 3: not JSON: syntax error"},
        {"a comment", "// mine\n{}", "my.json: line 1: not JSON: syntax error"},
        {"not UTF-8", "{\"about\": \"\xff\"}", "my.json: line 1: not JSON: syntax error"},
        {"something after it", "{\n}\n x", "my.json: line 3: not JSON: extra data"},
        {"two documents", "{}\n{}", "my.json: line 2: not JSON: extra data"},
        {"nested without end", std::string(40, '['), "my.json: line 1: not JSON: too deep"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        CHECK(problem(row.document) == row.expected);
    }
    CHECK(problem(account("") + " \r\n\t\n") == "good");
}

TEST_CASE("whole numbers may be written with a fraction of nothing, and a byte order mark may stand before a document")
{
    CHECK(accounts_of(account(R"("Balance":{"Cash":472.0})")).at(0).account.balance.cash == state::Cents{472});
    CHECK(problem("\xEF\xBB\xBF" + account(R"("Balance":{"Cash":1E2})")) == "good");
    CHECK(problem(account(R"("Balance":{"Cash":472.5})")) ==
          "my.json: accounts[0].Balance.Cash: 472.5 has the wrong type");
}

TEST_CASE("a document has at most 1000 accounts, which are counted before they are made")
{
    std::string many = R"({"format_version":1,"accounts":[)";
    for (int i = 0; i < 1001; ++i)
        many += (i == 0 ? "" : ",") + std::string{"0"};
    CHECK(problem(many + "]}").starts_with("my.json: accounts[0]: 0 has the wrong type"));
    std::string good = R"({"format_version":1,"accounts":[)";
    for (int i = 0; i < 1001; ++i)
        good += (i == 0 ? "" : ",") + (R"({"Uin":")" + std::to_string(i + 1) + R"("})");
    CHECK(problem(good + "]}") == "my.json: accounts: a list has more than 1000 elements");
}

TEST_CASE("a document that the schema does not allow is refused with the place")
{
    const Row rows[] = {
        {"a list", "[]", "my.json: must be a JSON object"},
        {"null", "null", "my.json: must be a JSON object"},
        {"no version", R"({"accounts":[{"Uin":"1"}]})", "my.json: the member 'format_version' is missing"},
        {"no accounts", R"({"format_version":1})", "my.json: the member 'accounts' is missing"},
        {"an older version", R"({"format_version":0,"accounts":[{"Uin":"1"}]})",
         "my.json: format_version: 0 is not one of the words allowed here"},
        {"version as text", R"({"format_version":"1","accounts":[{"Uin":"1"}]})",
         R"(my.json: format_version: "1" is not one of the words allowed here)"},
        {"unknown at the top", R"({"format_version":1,"accounts":[{"Uin":"1"}],"colour":1})",
         "my.json: unknown member 'colour'"},
        {"accounts of the wrong type", R"({"format_version":1,"accounts":{}})",
         "my.json: accounts: {} has the wrong type"},
        {"an account of the wrong type", R"({"format_version":1,"accounts":[1]})",
         "my.json: accounts[0]: 1 has the wrong type"},
        {"an account without Uin", R"({"format_version":1,"accounts":[{"Uin":"1"},{}]})",
         "my.json: accounts[1]: the member 'Uin' is missing"},
        {"Uin as a number", R"({"format_version":1,"accounts":[{"Uin":1}]})",
         "my.json: accounts[0].Uin: 1 has the wrong type"},
        {"Uin with letters", R"({"format_version":1,"accounts":[{"Uin":"x1"}]})",
         R"(my.json: accounts[0].Uin: "x1" is malformed)"},
        {"another case", account(R"("uin":"1")"), "my.json: accounts[0]: unknown member 'uin'"},
        {"unknown in an object", account(R"("Balance":{"Gold":1})"),
         "my.json: accounts[0].Balance: unknown member 'Gold'"},
        {"a name with a colon", account(R"("a: b":1)"), "my.json: accounts[0]: unknown member 'a: b'"},
        {"a name with a quote", account(R"("it's":1)"), "my.json: accounts[0]: unknown member 'it's'"},
        {"text for a switch", account(R"("Default":"yes")"),
         R"(my.json: accounts[0].Default: "yes" has the wrong type)"},
        {"a fraction of a cent", account(R"("Balance":{"Cash":1.5})"),
         "my.json: accounts[0].Balance.Cash: 1.5 has the wrong type"},
        {"more than 64 bits", account(R"("OrderCount":9223372036854775808)"),
         "my.json: accounts[0].OrderCount: 9223372036854775808 has the wrong type"},
        {"a key without its secret", account(R"("Credentials":[{"SecretId":"a"}])"),
         "my.json: accounts[0].Credentials[0]: the member 'SecretKey' is missing"},
        {"an order of no known state", account(R"("Orders":[{"OrderId":"a","Status":3}])"),
         "my.json: accounts[0].Orders[0].Status: 3 is not one of the words allowed here"},
        {"unknown in an instance", instance(R"("Colour":"red")"),
         "my.json: accounts[0].Instances[0]: unknown member 'Colour'"},
        {"text for a number", instance(R"("CPU":"2")"),
         R"(my.json: accounts[0].Instances[0].CPU: "2" has the wrong type)"},
        {"null for a number", instance(R"("CPU":null)"),
         "my.json: accounts[0].Instances[0].CPU: null has the wrong type"},
        {"wrong state", instance(R"("InstanceState":"ASLEEP")"),
         R"(my.json: accounts[0].Instances[0].InstanceState: "ASLEEP" is not one of the words allowed here)"},
        {"wrong flag", instance(R"("RenewFlag":"AUTO")"),
         R"(my.json: accounts[0].Instances[0].RenewFlag: "AUTO" is not one of the words allowed here)"},
        {"wrong network charging", instance(R"("InternetAccessible":{"InternetChargeType":"FREE"})"),
         R"(my.json: accounts[0].Instances[0].InternetAccessible.InternetChargeType: "FREE" is not one of the words allowed here)"},
        {"a timer of a prepaid instance", instance(R"("ActionTimer":{"ActionTime":"+P1D"})"),
         "my.json: accounts[0].Instances[0].ActionTimer: must be left out: the instance is PREPAID"},
        {"a timer without a time", instance(R"("ActionTimer":{"TimerAction":"TerminateInstances"})"),
         "my.json: accounts[0].Instances[0].ActionTimer: the member 'ActionTime' is missing"},
        {"malformed disk", instance(R"("DataDisks":[{"DiskId":"disk-bbbbbbbb"},{"DiskId":"disk-1"}])"),
         R"(my.json: accounts[0].Instances[0].DataDisks[1].DiskId: "disk-1" is malformed)"},
        {"a tag without a value", instance(R"("Tags":[{"Key":"a"}])"),
         "my.json: accounts[0].Instances[0].Tags[0]: the member 'Value' is missing"},
        {"malformed id", account(R"("Instances":[{"InstanceId":"ins-1","Placement":{"Zone":"ap-guangzhou-3"}}])"),
         R"(my.json: accounts[0].Instances[0].InstanceId: "ins-1" is malformed)"},
        {"an id with a line break",
         account(R"("Instances":[{"InstanceId":"ins-aaaaaaaa\n","Placement":{"Zone":"ap-guangzhou-3"}}])"),
         R"(my.json: accounts[0].Instances[0].InstanceId: "ins-aaaaaaaa\n" is malformed)"},
        {"no id", account(R"("Instances":[{"Placement":{"Zone":"ap-guangzhou-3"}}])"),
         "my.json: accounts[0].Instances[0]: the member 'InstanceId' is missing"},
        {"no placement", account(R"("Instances":[{"InstanceId":"ins-aaaaaaaa"}])"),
         "my.json: accounts[0].Instances[0]: the member 'Placement' is missing"},
        {"a zone without a number",
         account(R"("Instances":[{"InstanceId":"ins-aaaaaaaa","Placement":{"Zone":"ap-guangzhou"}}])"),
         R"(my.json: accounts[0].Instances[0].Placement.Zone: "ap-guangzhou" is malformed)"},
        {"a time as a word", instance(R"("ExpiredTime":"tomorrow")"),
         R"(my.json: accounts[0].Instances[0].ExpiredTime: "tomorrow" is malformed)"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        CHECK(problem(row.document) == row.expected);
    }
    CHECK(problem(account(R"("Balance":{"Cash":-1})")).starts_with("my.json: accounts[0].Balance.Cash: -1"));
    CHECK(problem(R"({"format_version":1,"accounts":[]})").starts_with("my.json: accounts: []"));
    const std::string long_value = problem(instance(R"("CPU":")" + std::string(200, 'x') + "\""));
    CHECK(long_value == "my.json: accounts[0].Instances[0].CPU: \"" + std::string(59, 'x') + "... has the wrong type");
}

TEST_CASE("a document of a newer format is refused before anything else in it is checked")
{
    constexpr auto newer = "my.json: format_version: 2 is newer than this cvm-renewal-emulator, which knows 1";
    CHECK(problem(R"({"format_version":2})") == newer);
    CHECK(problem(R"({"format_version":2,"accounts":[{"Uin":"1"}],"news":true})") == newer);
}

TEST_CASE("problems that a schema cannot express are refused with the place too")
{
    constexpr auto no_time = " is neither an instant such as 2026-12-01T00:00:00Z nor a duration such as +P30D";
    const std::string here = "my.json: accounts[0].Instances[0]";
    const Row rows[] = {
        {"the same account twice", R"({"format_version":1,"accounts":[{"Uin":"1"},{"Uin":"1"}]})",
         "my.json: accounts[1].Uin: the account '1' appears twice"},
        {"two default accounts",
         R"({"format_version":1,"accounts":[{"Uin":"1","Default":true},{"Uin":"2","Default":true}]})",
         "my.json: accounts: more than one has Default true"},
        {"the same key twice",
         account(R"("Credentials":[{"SecretId":"a","SecretKey":"k"},{"SecretId":"a","SecretKey":"l"}])"),
         "my.json: accounts[0].Credentials[1]: the SecretId 'a' appears twice"},
        {"the same key in two accounts",
         R"({"format_version":1,"accounts":[{"Uin":"1","Credentials":[{"SecretId":"a","SecretKey":"k"}]},{"Uin":"2","Credentials":[{"SecretId":"b","SecretKey":"k"},{"SecretId":"a","SecretKey":"k"}]}]})",
         "my.json: accounts[1].Credentials[1]: the SecretId 'a' appears twice"},
        {"the same order twice", account(R"("Orders":[{"OrderId":"a","Status":1},{"OrderId":"a","Status":4}])"),
         "my.json: accounts[0].Orders[1]: the order 'a' appears twice"},
        {"the same instance twice",
         account(
             R"("Instances":[{"InstanceId":"ins-aaaaaaaa","Placement":{"Zone":"ap-guangzhou-3"}},{"InstanceId":"ins-aaaaaaaa","Placement":{"Zone":"ap-guangzhou-3"}}])"),
         "my.json: accounts[0].Instances[1]: the instance 'ins-aaaaaaaa' appears twice"},
        {"the same disk twice", instance(R"("DataDisks":[{"DiskId":"disk-bbbbbbbb"},{"DiskId":"disk-bbbbbbbb"}])"),
         here + ": the disk 'disk-bbbbbbbb' appears twice"},
        {"a portable disk without an expiry", instance(R"("DataDisks":[{"DiskId":"disk-bbbbbbbb","Portable":true}])"),
         here + ".DataDisks[0].DeadlineTime: missing: a portable prepaid disk has its own expiry"},
        {"postpaid with an expiry", instance(R"("InstanceChargeType":"POSTPAID_BY_HOUR","ExpiredTime":"+P1M")"),
         here + ".ExpiredTime: must be null or left out: the instance is POSTPAID_BY_HOUR"},
        {"spot with a flag", instance(R"("InstanceChargeType":"SPOTPAID","RenewFlag":"NOTIFY_AND_AUTO_RENEW")"),
         here + ".RenewFlag: must be null or left out: the instance is SPOTPAID"},
        {"a day that is not", instance(R"("ExpiredTime":"2026-04-31T00:00:00Z")"),
         here + ".ExpiredTime: '2026-04-31T00:00:00Z'" + no_time},
        {"a month that is not",
         account(R"("Credentials":[{"SecretId":"a","SecretKey":"k","ExpiredTime":"2026-13-01T00:00:00Z"}])"),
         std::string{"my.json: accounts[0].Credentials[0].ExpiredTime: '2026-13-01T00:00:00Z'"} + no_time},
        {"the year 0", account(R"("Clock":{"FrozenAt":"0000-01-01T00:00:00Z"})"),
         std::string{"my.json: accounts[0].Clock.FrozenAt: '0000-01-01T00:00:00Z'"} + no_time},
        {"a duration of nothing known", instance(R"("CreatedTime":"-P1X")"), here + ".CreatedTime: '-P1X'" + no_time},
        {"a duration too long", instance(R"("CreatedTime":"-P99999Y")"), here + ".CreatedTime: '-P99999Y'" + no_time},
        {"an offset that is no duration", account(R"("Clock":{"Offset":"P1"})"),
         "my.json: accounts[0].Clock.Offset: 'P1' is not a duration such as P30D"},
        {"past the year 9999",
         account(
             R"("Clock":{"FrozenAt":"9999-06-01T00:00:00Z"},"Orders":[{"OrderId":"a","Status":4,"CreateTime":"+P1Y"}])"),
         "my.json: accounts[0].Orders[0].CreateTime: '+P1Y' is outside the years 1 to 9999"},
        {"before the year 1",
         account(
             R"("Clock":{"FrozenAt":"0001-06-01T00:00:00Z"},"Orders":[{"OrderId":"a","Status":4,"CreateTime":"-P1Y"}])"),
         "my.json: accounts[0].Orders[0].CreateTime: '-P1Y' is outside the years 1 to 9999"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        CHECK(problem(row.document) == row.expected);
    }
}

TEST_CASE("apparent duplicates and contradictions are accepted")
{
    const Row rows[] = {
        {"an instance id in two accounts", R"({"format_version":1,"accounts":[
            {"Uin":"1","Instances":[{"InstanceId":"ins-aaaaaaaa","Placement":{"Zone":"ap-guangzhou-3"}}]},
            {"Uin":"2","Instances":[{"InstanceId":"ins-aaaaaaaa","Placement":{"Zone":"ap-guangzhou-3"}}]}]})",
         "good"},
        {"a postpaid instance with nulls",
         instance(R"("InstanceChargeType":"POSTPAID_BY_HOUR","ExpiredTime":null,"RenewFlag":null)"), "good"},
        {"a prepaid instance with nulls", instance(R"("ExpiredTime":null,"RenewFlag":null)"), "good"},
        {"no data disks", instance(R"("DataDisks":null)"), "good"},
        {"a portable postpaid disk",
         instance(R"("DataDisks":[{"DiskId":"disk-bbbbbbbb","Portable":true,"DiskChargeType":"POSTPAID_BY_HOUR"}])"),
         "good"},
        {"a portable disk with an expiry",
         instance(R"("DataDisks":[{"DiskId":"disk-bbbbbbbb","Portable":true,"DeadlineTime":"+P1M"}])"), "good"},
        {"a thousand years", account(R"("Clock":{"Offset":"P1000Y"})"), "good"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        CHECK(problem(row.document) == row.expected);
    }
}

TEST_CASE("with a clock at the ends of the calendar times must be given explicitly")
{
    const auto with_clock = [](const std::string& frozen_at, const std::string& members) {
        return account(R"("Clock":{"FrozenAt":")" + frozen_at +
                       R"("},"Instances":[{"InstanceId":"ins-aaaaaaaa","Placement":{"Zone":"ap-guangzhou-3"})" +
                       (members.empty() ? "" : "," + members) + "}]");
    };
    constexpr auto both = R"("CreatedTime":"2025-01-01T00:00:00Z","ExpiredTime":"2026-01-01T00:00:00Z")";
    for (const std::string end : {"0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"}) {
        CAPTURE(end);
        CHECK_NOTHROW(accounts_of(with_clock(end, both)));
        CHECK_THROWS_AS(accounts_of(with_clock(end, "")), BadDocument);
    }
}

TEST_CASE("what is left out of an account is empty")
{
    const auto accounts = accounts_of(account(""));
    REQUIRE(accounts.size() == 1);
    AccountState expected;
    expected.account.uin = "100000000001";
    expected.account.is_default = true;
    CHECK(test::difference(accounts.front(), expected) == "");
}

TEST_CASE("what is left out of an instance gets a default")
{
    const state::Instance i = instance_of("");
    CHECK(i.id == "ins-aaaaaaaa");
    CHECK(i.region == "ap-guangzhou");
    CHECK(i.zone == "ap-guangzhou-3");
    CHECK(i.name == "ins-aaaaaaaa");
    CHECK(i.type == "S2.SMALL1");
    CHECK(i.cpu == 1);
    CHECK(i.memory_gib == 1);
    CHECK(i.project_id == 0);
    CHECK(i.charge_type == state::ChargeType::prepaid);
    CHECK(i.renew_flag == state::RenewFlag::notify_and_manual_renew);
    CHECK(i.state == state::InstanceState::running);
    CHECK(i.restrict_state == state::RestrictState::normal);
    CHECK(i.isolated_source == state::IsolatedSource::notisolated);
    CHECK(i.stop_charging_mode == state::StopChargingMode::not_applicable);
    CHECK(i.created_at == instant("2026-02-28T08:30:00Z"));
    CHECK(i.expires_at == instant("2026-04-30T08:30:00Z"));
    CHECK_FALSE(i.latest_operation.has_value());
    CHECK(i.internet_charge_type == "BANDWIDTH_PREPAID");
    CHECK(i.bandwidth_mbps == 0);
    REQUIRE(i.disks.size() == 1);
    CHECK(i.disks[0].usage == state::DiskUsage::system);
    CHECK(i.disks[0].id == "disk-aaaaaaaa");
    CHECK(i.disks[0].type == "CLOUD_PREMIUM");
    CHECK(i.disks[0].size_gib == 50);

    const state::Instance postpaid = instance_of(R"("InstanceChargeType":"POSTPAID_BY_HOUR")");
    CHECK_FALSE(postpaid.renew_flag.has_value());
    CHECK_FALSE(postpaid.expires_at.has_value());
    CHECK(postpaid.internet_charge_type == "TRAFFIC_POSTPAID_BY_HOUR");
}

TEST_CASE("what is left out of a disk or an order gets a default")
{
    const state::Instance i = instance_of(
        R"("DataDisks":[{"DiskId":"disk-bbbbbbbb"},{"DiskId":"disk-cccccccc","Portable":true,"DeadlineTime":"+P1D"}])");
    REQUIRE(i.disks.size() == 3);
    const state::Disk& disk = i.disks[1];
    CHECK(disk.usage == state::DiskUsage::data);
    CHECK(disk.type == "CLOUD_PREMIUM");
    CHECK(disk.size_gib == 50);
    CHECK(disk.charge_type == state::ChargeType::prepaid);
    CHECK_FALSE(disk.portable);
    CHECK(disk.delete_with_instance);
    CHECK_FALSE(disk.encrypt);
    CHECK_FALSE(disk.renew_flag.has_value());
    CHECK_FALSE(disk.expires_at.has_value());
    CHECK(i.disks[2].portable);
    CHECK_FALSE(i.disks[2].delete_with_instance);
    CHECK(i.disks[2].expires_at == instant("2026-04-01T08:30:00Z"));

    const state::Deal order = accounts_of(account(R"("Orders":[{"OrderId":"a","Status":1}])")).at(0).deals.at(0);
    CHECK(order == state::Deal{"a", "a", state::DealStatus::unpaid, "renew", "", 1, state::Cents{0}, wall, wall});
}

TEST_CASE("an order has the product and the zone of its resource unless the document says otherwise")
{
    const state::AccountState read =
        accounts_of(account(R"("Instances":[{"InstanceId":"ins-aaaaaaaa","Placement":{"Zone":"ap-shanghai-2"},)"
                            R"("InstanceType":"SA2.SMALL1","DataDisks":[{"DiskId":"disk-bbbbbbbb"}]}],"Orders":[)"
                            R"({"OrderId":"a","Status":4,"ResourceId":"ins-aaaaaaaa","TotalCost":100},)"
                            R"({"OrderId":"b","Status":4,"ResourceId":"disk-bbbbbbbb","TotalCost":100,)"
                            R"("RealTotalCost":83,"ZoneCode":"ap-tokyo-1"},)"
                            R"({"OrderId":"c","Status":4,"ResourceId":"ins-released"}])"))
            .at(0);
    REQUIRE(read.deals.size() == 3);
    CHECK(read.deals[0].sub_product == "sp_cvm_sa2");
    CHECK(read.deals[0].zone == "ap-shanghai-2");
    CHECK(read.deals[0].total == state::Cents{100});
    CHECK(read.deals[1].sub_product == "sp_cbs_premium");
    CHECK(read.deals[1].zone == "ap-tokyo-1");
    CHECK(read.deals[1].original == state::Cents{100});
    CHECK(read.deals[1].total == state::Cents{83});
    CHECK(read.deals[2].sub_product.empty());
    CHECK(read.deals[2].zone.empty());
}

TEST_CASE("an instance keeps what the document says")
{
    const state::Instance i = instance_of(
        R"("InstanceName":"n","InstanceType":"S5.MEDIUM4","CPU":2,"Memory":4,"InstanceChargeType":"UNDERWRITE",
        "RenewFlag":"NOTIFY_AND_AUTO_RENEW","InstanceState":"STOPPED","RestrictState":"EXPIRED","IsolatedSource":"EXPIRE","StopChargingMode":"KEEP_CHARGING",
        "CreatedTime":"2025-01-31T00:00:00Z","ExpiredTime":"2025-02-28T00:00:00Z","InternetAccessible":{"InternetChargeType":"BANDWIDTH_PACKAGE","InternetMaxBandwidthOut":9},
        "SystemDisk":{"DiskId":"ldisk-bbbbbbbb","DiskType":"LOCAL_SSD","DiskSize":80,"DiskName":"root"},
        "LatestOperation":"StopInstances","LatestOperationState":"FAILED","LatestOperationRequestId":"r","LatestOperationErrorMsg":"why")");
    CHECK(i.name == "n");
    CHECK(i.type == "S5.MEDIUM4");
    CHECK(i.cpu == 2);
    CHECK(i.memory_gib == 4);
    CHECK(i.charge_type == state::ChargeType::underwrite);
    CHECK(i.renew_flag == state::RenewFlag::notify_and_auto_renew);
    CHECK(i.state == state::InstanceState::stopped);
    CHECK(i.restrict_state == state::RestrictState::expired);
    CHECK(i.isolated_source == state::IsolatedSource::expire);
    CHECK(i.stop_charging_mode == state::StopChargingMode::keep_charging);
    CHECK(i.created_at == instant("2025-01-31T00:00:00Z"));
    CHECK(i.expires_at == instant("2025-02-28T00:00:00Z"));
    CHECK(i.internet_charge_type == "BANDWIDTH_PACKAGE");
    CHECK(i.bandwidth_mbps == 9);
    CHECK(i.disks.at(0).id == "ldisk-bbbbbbbb");
    CHECK(i.disks.at(0).type == "LOCAL_SSD");
    CHECK(i.disks.at(0).size_gib == 80);
    CHECK(i.disks.at(0).name == "root");
    CHECK(i.latest_operation == state::Operation{"StopInstances", state::OperationState::failed, "r", "why"});
}

TEST_CASE("an instance without a Uuid has one that is the same at every load")
{
    const auto uuid = [](const state::Instance& i) { return i.attributes.uuid; };
    const auto two = accounts_of(account(
        R"("Instances":[{"InstanceId":"ins-aaaaaaaa","Placement":{"Zone":"ap-guangzhou-3"}},{"InstanceId":"ins-bbbbbbbb","Placement":{"Zone":"ap-guangzhou-3"}}])"));
    CHECK(uuid(two.at(0).instances.at(0)).size() == 36);
    CHECK(uuid(two.at(0).instances.at(0)) != uuid(two.at(0).instances.at(1)));
    CHECK(uuid(instance_of("", wall + std::chrono::hours{1000})) == uuid(two.at(0).instances.at(0)));
    CHECK(uuid(instance_of(R"("Uuid":"mine")")) == "mine");
}

TEST_CASE("a duration counts from the clock of the account at the moment of loading")
{
    struct Case {
        std::string what;
        std::string clock;
        std::string time;
        std::string expected;
    };
    const Case cases[] = {
        {"months first, clamped", "{}", "+P1M", "2026-04-30T08:30:00Z"},
        {"back over a short month", "{}", "-P1M", "2026-02-28T08:30:00Z"},
        {"days", "{}", "+P30D", "2026-04-30T08:30:00Z"},
        {"seconds", "{}", "-PT1S", "2026-03-31T08:29:59Z"},
        {"nothing", "{}", "+PT0S", "2026-03-31T08:30:00Z"},
        {"an instant stays", R"({"Offset":"P1Y"})", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"},
        {"a clock ahead", R"({"Offset":"P1M"})", "+P1D", "2026-05-01T08:30:00Z"},
        {"a clock behind", R"({"Offset":"-P1D"})", "+P1D", "2026-03-31T08:30:00Z"},
        {"a frozen clock", R"({"FrozenAt":"2027-01-31T00:00:00Z"})", "+P1M", "2027-02-28T00:00:00Z"},
        {"frozen at a duration", R"({"FrozenAt":"+P1D"})", "+P1D", "2026-04-02T08:30:00Z"},
        {"frozen from an offset", R"({"Offset":"P1D","FrozenAt":"+P1D"})", "+P1D", "2026-04-03T08:30:00Z"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        const auto accounts = accounts_of(account(
            R"("Clock":)" + c.clock + R"(,"Orders":[{"OrderId":"a","Status":1,"CreateTime":")" + c.time +
            R"("}],"Instances":[{"InstanceId":"ins-aaaaaaaa","Placement":{"Zone":"ap-guangzhou-3"},"ExpiredTime":")" +
            c.time + R"(","CreatedTime":")" + c.time + R"("}])"));
        const AccountState& a = accounts.at(0);
        CHECK(state::format_instant(a.instances.at(0).expires_at.value()) == c.expected);
        CHECK(state::format_instant(a.instances.at(0).created_at) == c.expected);
        CHECK(state::format_instant(a.deals.at(0).created_at) == c.expected);
    }
}

TEST_CASE("a temporary key expires by real time whatever the clock of the account shows")
{
    const auto accounts = accounts_of(account(
        R"("Clock":{"Offset":"P1Y"},"Credentials":[{"SecretId":"a","SecretKey":"k","Token":"t","ExpiredTime":"+PT1H"}])"));
    CHECK(accounts.at(0).credentials.at(0) ==
          state::Credential{"a", "k", "100000000001", "t", instant("2026-03-31T09:30:00Z")});
}

TEST_CASE("the same document loaded later has later times")
{
    CHECK(instance_of(R"("ExpiredTime":"+P1D")", wall + std::chrono::hours{24}).expires_at ==
          instant("2026-04-02T08:30:00Z"));
    CHECK(instance_of("", instant("2030-01-15T00:00:00Z")).expires_at == instant("2030-02-15T00:00:00Z"));
    const Fixtures fixtures = Fixtures::built_in();
    const auto today = fixtures.accounts(wall);
    const auto tomorrow = fixtures.accounts(wall + std::chrono::hours{24});
    CHECK(tomorrow.at(0).instances.at(1).expires_at.value() - today.at(0).instances.at(1).expires_at.value() ==
          std::chrono::hours{24});
}

TEST_CASE("the default account is the one that is marked or else the first")
{
    CHECK(uins(accounts_of(R"({"format_version":1,"accounts":[{"Uin":"1"},{"Uin":"2"}]})")) == "1* 2");
    CHECK(uins(accounts_of(R"({"format_version":1,"accounts":[{"Uin":"1"},{"Uin":"2","Default":true}]})")) == "1 2*");
    CHECK(uins(accounts_of(
              R"({"format_version":1,"accounts":[{"Uin":"1","Default":false},{"Uin":"2","Default":false}]})")) ==
          "1* 2");
}

TEST_CASE("an exported account is read back as it was")
{
    struct Case {
        std::string what;
        std::string document;
    };
    const Case cases[] = {
        {"an empty account", account("")},
        {"a clock ahead", account(R"("Clock":{"Offset":"P1M"})")},
        {"a clock behind", account(R"("Clock":{"Offset":"-P1D"})")},
        {"a frozen clock", account(R"("Clock":{"Offset":"P1D","FrozenAt":"2027-01-31T00:00:00Z"})")},
        {"money of every kind",
         account(R"("Balance":{"Cash":1,"IncomeInto":2,"Present":3,"Freeze":4,"Owe":5,"Credit":6},"OrderCount":7)")},
        {"keys",
         account(
             R"("Credentials":[{"SecretId":"a","SecretKey":"k"},{"SecretId":"b","SecretKey":"k","Token":"t","ExpiredTime":"+PT1H"}])")},
        {"orders",
         account(
             R"("Orders":[{"OrderId":"a","Status":1},{"OrderId":"b","Status":7,"Action":"purchase","ResourceId":"r","TimeSpan":12,"TotalCost":99,"CreateTime":"-P1D"}])")},
        {"a plain instance", instance("")},
        {"a postpaid instance",
         instance(
             R"("InstanceChargeType":"POSTPAID_BY_HOUR","StopChargingMode":"STOP_CHARGING","InstanceState":"STOPPED")")},
        {"an operation",
         instance(
             R"("LatestOperation":"StopInstances","LatestOperationState":"OPERATING","LatestOperationRequestId":"r","LatestOperationErrorMsg":"why")")},
        {"disks",
         instance(R"("SystemDisk":{"DiskId":"ldisk-bbbbbbbb","DiskType":"LOCAL_SSD","DiskSize":80,"DiskName":"root"},
            "DataDisks":[{"DiskId":"disk-cccccccc","Portable":true,"DeadlineTime":"+P1D","RenewFlag":"NOTIFY_AND_AUTO_RENEW","Encrypt":true,"DiskName":"d","DiskSize":10},
                         {"DiskId":"disk-dddddddd","DeleteWithInstance":false,"DiskChargeType":"POSTPAID_BY_HOUR","DiskType":"CLOUD_SSD"}])")},
        {"attributes that are null, empty or left out in part",
         instance(
             R"("PublicIpAddresses":[],"RdmaIpAddresses":null,"VirtualPrivateCloud":{"SubnetId":"s"},
            "LoginSettings":{},"GPUInfo":{},"Metadata":{},"CpuTopology":{"ThreadPerCore":2},"Uuid":"","HostName":"",
            "SecurityGroupIds":[""],"PrivateIpAddresses":[])")},
        {"every attribute",
         instance(
             R"("HostName":"h","Tags":[{"Key":"a","Value":"b"}],"GPUInfo":{"GPUCount":1.5,"GPUId":["0"],"GPUType":"T4"},
            "Metadata":{"Items":[{"Key":"a","Value":"b"}]},"CpuTopology":{"CoreCount":1,"ThreadPerCore":2},"PartitionNumber":1,"CamRoleName":null,
            "LoginSettings":{"KeyIds":["skey-1"]},"PublicIpAddresses":["203.0.113.1"],"IPv6Addresses":["2001:db8::1"],"Uuid":"u","DisableApiTermination":true)")},
        {"a placement with a host",
         account(
             R"("Instances":[{"InstanceId":"ins-aaaaaaaa","Placement":{"Zone":"ap-guangzhou-3","ProjectId":7,"HostId":"host-aaaaaaaa","RackId":"r"}}])")},
        {"two accounts", R"({"format_version":1,"accounts":[{"Uin":"1"},{"Uin":"2","Default":true}]})"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        const auto before = accounts_of(c.document);
        const std::string exported = to_document(before);
        const auto after = accounts_of(exported);
        CHECK(test::difference(after, before) == "");
        CHECK(test::json_text_difference(to_document(after), exported) == "");
    }
}

TEST_CASE("every attribute of an instance is shown as the document has it, whatever it leaves out or says is null")
{
    const std::string cases[] = {
        R"("PrivateIpAddresses":["10.0.0.1","10.0.0.2"])",
        R"("PrivateIpAddresses":[])",
        R"("PublicIpAddresses":["203.0.113.1"])",
        R"("PublicIpAddresses":[])",
        R"("PublicIpAddresses":null)",
        R"("VirtualPrivateCloud":{"VpcId":"vpc-aaaaaaaa","SubnetId":"subnet-aaaaaaaa","AsVpcGateway":true})",
        R"("VirtualPrivateCloud":{"VpcId":"vpc-aaaaaaaa","Ipv6AddressCount":2})",
        R"("VirtualPrivateCloud":{"VpcId":"vpc-aaaaaaaa"})",
        R"("VirtualPrivateCloud":{})",
        R"("ImageId":"img-1")",
        R"("OsName":"Debian \"12\"\\\n")",
        R"("SecurityGroupIds":["","sg-aaaaaaaa"])",
        R"("LoginSettings":{"KeyIds":["skey-1"]})",
        R"("LoginSettings":{"KeyIds":[]})",
        R"("LoginSettings":{"KeyIds":null})",
        R"("LoginSettings":{})",
        R"("Tags":[{"Key":"a","Value":"b"},{"Key":"","Value":""}])",
        R"("Uuid":"")",
        R"("DisasterRecoverGroupId":"ps-0")",
        R"("IPv6Addresses":["2001:db8::1"])",
        R"("CamRoleName":"role")",
        R"("CamRoleName":null)",
        R"("HpcClusterId":"hpc-1")",
        R"("RdmaIpAddresses":["10.1.0.1"])",
        R"("DedicatedClusterId":"cluster-a")",
        R"("DisasterRecoverGroupIds":["ps-1","ps-2"])",
        R"("GPUInfo":{"GPUCount":2,"GPUId":["0","1"],"GPUType":"T4"})",
        R"("GPUInfo":{"GPUCount":5E-1})",
        R"("GPUInfo":{})",
        R"("LicenseType":"BYOL")",
        R"("DisableApiTermination":true)",
        R"("HostName":"host")",
        R"("DefaultLoginUser":"ubuntu")",
        R"("DefaultLoginPort":9223372036854775807)",
        R"("EnableJumboFrame":true)",
        R"("Metadata":{"Items":[{"Key":"a","Value":"b"}]})",
        R"("Metadata":{"Items":[]})",
        R"("Metadata":{})",
        R"("PublicIPv6Addresses":["2001:db8::2"])",
        R"("CpuTopology":{"CoreCount":0,"ThreadPerCore":2})",
        R"("CpuTopology":{})",
        R"("PartitionNumber":0)",
        R"("UserData":"")",
        R"("OperatorUin":"100000000001")",
        R"("OperatorUin":null)",
    };
    for (const std::string& members : cases) {
        CAPTURE(members);
        const std::string exported = to_document(accounts_of(instance(members)));
        CHECK(exported.find(members) != std::string::npos);
    }
    const std::string host =
        R"("Placement":{"Zone":"ap-guangzhou-3","HostId":"host-aaaaaaaa","ProjectId":7,"RackId":"r"})";
    const std::string exported =
        to_document(accounts_of(account(R"("Instances":[{"InstanceId":"ins-aaaaaaaa",)" + host + "}]")));
    CHECK(exported.find(host) != std::string::npos);
}

TEST_CASE("what is bought with a disk is shown as the document has it, wherever the disk is")
{
    const std::string disk = R"({"DiskId":"disk-aaaaaaaa","DiskType":"CLOUD_HSSD","DiskSize":500,"DiskName":"d",)"
                             R"("Encrypt":true,"KmsKeyId":"key","ThroughputPerformance":150,"BurstPerformance":true,)"
                             R"("Tags":[{"Key":"a","Value":"b"}])";
    const std::string free = R"("Disks":[)" + disk +
                             R"(,"Portable":true,"DiskChargeType":"POSTPAID_BY_HOUR",)"
                             R"("Placement":{"Zone":"ap-guangzhou-3"}}])";
    for (const std::string& account_members :
         {instance(R"("SystemDisk":)" + disk + "}"),
          instance(R"("SystemDisk":{"DiskId":"disk-system00"},"DataDisks":[)" + disk + "}]"), account(free)}) {
        CAPTURE(account_members);
        CHECK(to_document(accounts_of(account_members)).find(disk) != std::string::npos);
    }
}

TEST_CASE("members of an attribute are shown in the order of the documentation")
{
    const std::string exported = to_document(accounts_of(
        instance(R"("Tags":[{"Value":"b","Key":"a"}],"VirtualPrivateCloud":{"AsVpcGateway":true,"VpcId":"vpc-a"})")));
    CHECK(exported.find(R"("Tags":[{"Key":"a","Value":"b"}])") != std::string::npos);
    CHECK(exported.find(R"("VirtualPrivateCloud":{"VpcId":"vpc-a","AsVpcGateway":true})") != std::string::npos);
}

TEST_CASE("an account whose clock was moved to the far end of the calendar is read back as it was")
{
    AccountState a;
    a.account.uin = "1";
    a.account.is_default = true;
    for (const bool frozen : {false, true})
        for (const std::string end : {"0001-06-01T00:00:00Z", "9000-01-01T00:00:00Z"}) {
            CAPTURE(frozen);
            CAPTURE(end);
            a.account.clock = state::AccountClock{}.moved_to(instant(end), wall).frozen(frozen, wall);
            const std::vector before{a};
            const std::string exported = to_document(before);
            CHECK(problem(exported) == "good");
            if (problem(exported) == "good")
                CHECK(test::difference(accounts_of(exported), before) == "");
        }
}

TEST_CASE("a file or folder that cannot be used is refused by its name")
{
    const TempFolder folder;
    const std::string missing = folder.path() + "/missing.json";
    CHECK(loaded({missing}) == missing + ": cannot be read");
    CHECK(loaded({folder.path()}) == folder.path() + ": the folder has no *.json file");
    folder.file("notes.txt", "no JSON");
    CHECK(loaded({folder.path()}) == folder.path() + ": the folder has no *.json file");
    const std::string bad = folder.file("bad.json", "{\n");
    CHECK(loaded({bad}).starts_with(bad + ": line "));
    CHECK(loaded({folder.path()}).starts_with(bad + ": line "));
    const std::string unknown = folder.file("bad.json", of_uin("1", R"("Colour":1)"));
    CHECK(loaded({unknown}) == unknown + ": accounts[0]: unknown member 'Colour'");
}

TEST_CASE("a folder in a folder is refused or left alone even if its name ends like a file")
{
    const TempFolder folder;
    folder.file("a.json", of_uin("1"));
    fs::create_directory(folder.path() + "/b.json");
    try {
        const std::vector paths{folder.path()};
        CHECK(uins(Fixtures::from_files(paths).accounts(wall)) == "1*");
    } catch (const BadDocument& e) {
        CHECK(std::string{e.what()}.starts_with(folder.path() + "/b.json: "));
    }
}

TEST_CASE("a folder counts by its JSON files in the order of their names")
{
    const TempFolder folder;
    folder.file("b.json", of_uin("2"));
    folder.file("a.json", of_uin("1"));
    folder.file("10.json", of_uin("3"));
    folder.file("c.json.bak", "no JSON");
    folder.file("json", "no JSON");
    fs::create_directory(folder.path() + "/inner");
    folder.file("inner/d.json", "no JSON");
    CHECK(loaded({folder.path()}) == "3* 1 2");
}

TEST_CASE("files and folders are joined in the order in which they were given")
{
    const TempFolder folder;
    const TempFolder other;
    const std::string one = folder.file("one.json", of_uin("1"));
    const std::string two = folder.file("two.json", of_uin("2", R"("Default":true)"));
    other.file("x.json", of_uin("3"));
    CHECK(loaded({two, one}) == "2* 1");
    CHECK(loaded({one, other.path()}) == "1* 3");
    CHECK(loaded({other.path(), one, two}) == "3 1 2*");
}

TEST_CASE("what must be unique is checked across all files")
{
    const TempFolder folder;
    const std::string one =
        folder.file("one.json", of_uin("1", R"("Default":true,"Credentials":[{"SecretId":"a","SecretKey":"k"}])"));
    const std::string same = folder.file("same.json", of_uin("1"));
    const std::string key = folder.file("key.json", of_uin("2", R"("Credentials":[{"SecretId":"a","SecretKey":"k"}])"));
    const std::string second = folder.file("second.json", of_uin("2", R"("Default":true)"));
    CHECK(loaded({one, same}) == "the fixtures together: accounts[1].Uin: the account '1' appears twice");
    CHECK(loaded({one, one}) == "the fixtures together: accounts: more than one has Default true");
    CHECK(loaded({one, key}) == "the fixtures together: accounts[1].Credentials[0]: the SecretId 'a' appears twice");
    CHECK(loaded({one, second}) == "the fixtures together: accounts: more than one has Default true");
    CHECK(loaded({one}) == "1*");
}

TEST_CASE("a key pair can be added to the default account unless another account has its id")
{
    Fixtures fixtures = Fixtures::built_in();
    const auto before = fixtures.accounts(wall);
    fixtures.add_credential("AKIDmine", "mykey");
    const auto after = fixtures.accounts(wall);
    REQUIRE(after.at(0).account.is_default);
    REQUIRE(after.at(0).credentials.size() == before.at(0).credentials.size() + 1);
    CHECK(after.at(0).credentials.back() ==
          state::Credential{"AKIDmine", "mykey", after.at(0).account.uin, "", std::nullopt});
    CHECK(after.at(1) == before.at(1));

    fixtures.add_credential("AKIDmine", "another");
    CHECK(fixtures.accounts(wall).at(0).credentials.size() == after.at(0).credentials.size());
    CHECK(fixtures.accounts(wall).at(0).credentials.back().secret_key == "another");

    fixtures.add_credential("AKIDnomoneyEXAMPLE", "other");
    CHECK_THROWS_AS(fixtures.accounts(wall), BadDocument);
}

TEST_CASE("the built-in fixtures hold the documentation's key pair and instances in the default account")
{
    const auto accounts = Fixtures::built_in().accounts(wall);
    CHECK(uins(accounts) ==
          "100000000001* 100000000002 100000000003 100000000004 100000000005 100000000006 100000000007 "
          "100000000008 100000000009 100000000010 100000000011 100000000012 100000000021");
    const AccountState& first = accounts.at(0);
    CHECK(first.credentials.at(0) == state::Credential{"AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
                                                       "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE", "100000000001", "",
                                                       std::nullopt});
    CHECK(first.account.balance.available() > state::Cents{0});
    for (const std::string id : {"ins-r8hr2upy", "ins-5d8a23rs"}) {
        CAPTURE(id);
        const auto at = std::ranges::find(first.instances, id, &state::Instance::id);
        REQUIRE((at != first.instances.end()));
        CHECK(at->charge_type == state::ChargeType::prepaid);
        CHECK(at->state == state::InstanceState::running);
    }
}

TEST_CASE("replacing the content of a store is complete and atomic")
{
    state::SqliteStore store{":memory:"};
    const auto old = accounts_of(of_uin("1", R"("Credentials":[{"SecretId":"old","SecretKey":"k"}])"));
    const auto fresh = accounts_of(of_uin("2", R"("Credentials":[{"SecretId":"new","SecretKey":"k"}])"));
    replace_all(store, old);
    CHECK(store.account_uins() == std::vector<std::string>{"1"});

    const std::vector twins{fresh.at(0), fresh.at(0)};
    CHECK_THROWS(replace_all(store, twins));
    CHECK(store.account_uins() == std::vector<std::string>{"1"});
    CHECK(test::difference(store.dump_account("1"), old.at(0)) == "");

    replace_all(store, fresh);
    CHECK(store.account_uins() == std::vector<std::string>{"2"});
    CHECK_FALSE(store.find_credential("old").has_value());
    CHECK(store.dump_account("2") == fresh.at(0));
}

TEST_CASE("replacing accounts by themselves keeps their order and gives each its own data")
{
    const auto first = of_uin("1", R"("Default":true,"Credentials":[{"SecretId":"a","SecretKey":"k"}])");
    const auto second = of_uin("2", R"("Credentials":[{"SecretId":"b","SecretKey":"k"}])");
    const auto both = [](const AccountState& one, const AccountState& other) { return std::vector{one, other}; };
    const AccountState one = accounts_of(first).at(0);
    AccountState two = accounts_of(second).at(0);
    two.account.is_default = false;
    AccountState poor = one;
    poor.credentials.clear();
    poor.account.is_default = false;
    AccountState rich = two;
    rich.credentials.push_back(one.credentials.front());
    rich.credentials.back().uin = "2";
    rich.account.is_default = true;
    state::SqliteStore store{":memory:"};
    for (const auto& accounts : {both(one, two), both(one, two), both(poor, rich), both(one, two), both(rich, poor),
                                 both(two, one), both(one, two)}) {
        replace_all(store, accounts);
        CHECK(store.account_uins() == std::vector{accounts[0].account.uin, accounts[1].account.uin});
        for (const AccountState& account : accounts)
            CHECK(test::difference(store.dump_account(account.account.uin), account) == "");
        AccountState another = two;
        another.account.uin = "3";
        another.credentials.clear();
        store.insert_account(another); // is undone
    }
}

TEST_CASE("a text of any length is refused without harm")
{
    // An unbounded pattern would be matched with equally many nested calls.
    const std::string zone = std::string(1'000'000, 'a') + "-1";
    CHECK_THROWS_AS(read_document(R"({"format_version":1,"accounts":[{"Uin":"1","Clock":{"Offset":"P)" +
                                      std::string(1'000'000, '1') +
                                      R"(D"},"Instances":[{"InstanceId":"ins-aaaaaaaa","Placement":{"Zone":")" + zone +
                                      R"("}}]}]})",
                                  "my.json"),
                    BadDocument);
}

TEST_CASE("the count of orders is never less than the ids of the orders say")
{
    const auto accounts = to_accounts(
        read_document(
            R"({"format_version":1,"accounts":[{"Uin":"1","Orders":[{"OrderId":"20260331710000000000007","Status":4},{"OrderId":"mine","Status":4}]}]})",
            "my.json"),
        "my.json", wall);
    CHECK(accounts.at(0).account.orders == 7);
}

TEST_CASE("the schema refuses invalid permissions and detached disks and tokens with the place")
{
    const std::string here = "my.json: accounts[0]";
    const auto key = [](const std::string& members) {
        return account(R"("Credentials":[{"SecretId":"a","SecretKey":"k",)" + members + "}]");
    };
    const auto disk = [](const std::string& members) { return account(R"("Disks":[{)" + members + "}]"); };
    const auto token = [](const std::string& members) { return account(R"("ClientTokens":[{)" + members + "}]"); };
    const std::string placed = R"("DiskId":"disk-aaaaaaaa","Placement":{"Zone":"ap-guangzhou-3"})";
    const Row rows[] = {
        {"actions as a text", key(R"("Actions":"cvm:*")"),
         here + R"(.Credentials[0].Actions: "cvm:*" has the wrong type)"},
        {"an action as a number", key(R"("Actions":["*",1])"),
         here + ".Credentials[0].Actions[1]: 1 has the wrong type"},
        {"an action of nothing", key(R"("Actions":[""])"), here + R"(.Credentials[0].Actions[0]: "" is malformed)"},
        {"an action with a line break", key(R"("Actions":["cvm:*\n"])"),
         here + R"(.Credentials[0].Actions[0]: "cvm:*\n" is malformed)"},
        {"another word for MFA", key(R"("MFA":"passed")"),
         here + R"(.Credentials[0].MFA: "passed" is not one of the words allowed here)"},
        {"null for MFA", key(R"("MFA":null)"), here + ".Credentials[0].MFA: null is not one of the words allowed here"},
        {"a disk without an id", disk(R"("Placement":{"Zone":"ap-guangzhou-3"})"),
         here + ".Disks[0]: the member 'DiskId' is missing"},
        {"a disk without a place", disk(R"("DiskId":"disk-aaaaaaaa")"),
         here + ".Disks[0]: the member 'Placement' is missing"},
        {"a disk without a zone", disk(R"("DiskId":"disk-aaaaaaaa","Placement":{})"),
         here + ".Disks[0].Placement: the member 'Zone' is missing"},
        {"an instance among the disks", disk(R"("DiskId":"ins-aaaaaaaa","Placement":{"Zone":"ap-guangzhou-3"})"),
         here + R"(.Disks[0].DiskId: "ins-aaaaaaaa" is malformed)"},
        {"a disk that says where it is", disk(placed + R"(,"InstanceId":"ins-aaaaaaaa")"),
         here + ".Disks[0]: unknown member 'InstanceId'"},
        {"a disk paid for in words", disk(placed + R"(,"DiskChargeType":"MONTHLY")"),
         here + R"(.Disks[0].DiskChargeType: "MONTHLY" is not one of the words allowed here)"},
        {"a token without instances", token(R"("ClientToken":"t")"),
         here + ".ClientTokens[0]: the member 'InstanceIds' is missing"},
        {"instances without a token", token(R"("InstanceIds":[])"),
         here + ".ClientTokens[0]: the member 'ClientToken' is missing"},
        {"an empty token", token(R"("ClientToken":"","InstanceIds":[])"),
         here + R"(.ClientTokens[0].ClientToken: "" is malformed)"},
        {"a token with a line break", token(R"("ClientToken":"t\n","InstanceIds":[])"),
         here + R"(.ClientTokens[0].ClientToken: "t\n" is malformed)"},
        {"a malformed instance of a token", token(R"("ClientToken":"t","InstanceIds":["ins-aaaaaaaa","ins-1"])"),
         here + R"(.ClientTokens[0].InstanceIds[1]: "ins-1" is malformed)"},
        {"a count as text", account(R"("ResourceCount":"1")"), here + R"(.ResourceCount: "1" has the wrong type)"},
        {"an order of no group", account(R"("Orders":[{"OrderId":"a","Status":4,"BigDealId":1}])"),
         here + ".Orders[0].BigDealId: 1 has the wrong type"},
        {"user data as a number", instance(R"("UserData":1)"), here + ".Instances[0].UserData: 1 has the wrong type"},
        {"a period as text", instance(R"("RenewPeriod":"1")"),
         here + R"(.Instances[0].RenewPeriod: "1" has the wrong type)"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        CHECK(problem(row.document) == row.expected);
    }
    const std::string long_token(65, 't');
    CHECK(problem(token(R"("ClientToken":")" + long_token + R"(","InstanceIds":[])"))
              .starts_with(here + ".ClientTokens[0].ClientToken: "));
    CHECK(problem(account(R"("ResourceCount":-1)")).starts_with(here + ".ResourceCount: -1"));
    CHECK(
        problem(account(R"("ResourceCount":9007199254740992)")).starts_with(here + ".ResourceCount: 9007199254740992"));
    for (const std::string period : {"0", "61", "-1"}) {
        CAPTURE(period);
        CHECK(
            problem(instance(R"("RenewPeriod":)" + period)).starts_with(here + ".Instances[0].RenewPeriod: " + period));
        CHECK(problem(instance(R"("DataDisks":[{"DiskId":"disk-bbbbbbbb","RenewPeriod":)" + period + "}]"))
                  .starts_with(here + ".Instances[0].DataDisks[0].RenewPeriod: " + period));
        CHECK(problem(disk(placed + R"(,"RenewPeriod":)" + period))
                  .starts_with(here + ".Disks[0].RenewPeriod: " + period));
    }
}

TEST_CASE("a detached disk must be portable and have a place and an expiry")
{
    const std::string here = "my.json: accounts[0].Disks[1]";
    const auto second = [](const std::string& members, const std::string& zone = "ap-guangzhou-3") {
        return account(
            R"("Disks":[{"DiskId":"disk-aaaaaaaa","Portable":true,"DeadlineTime":"+P1M","Placement":{"Zone":"ap-guangzhou-3"}},)"
            R"({"DiskId":"disk-bbbbbbbb","Placement":{"Zone":")" +
            zone + R"("})" + (members.empty() ? "" : "," + members) + "}]");
    };
    const Row rows[] = {
        {"nothing said", second(""), here + ".Portable: must be true: the disk is not attached to an instance"},
        {"not portable", second(R"("Portable":false)"),
         here + ".Portable: must be true: the disk is not attached to an instance"},
        {"not portable with an expiry", second(R"("Portable":false,"DeadlineTime":"+P1M")"),
         here + ".Portable: must be true: the disk is not attached to an instance"},
        {"prepaid without an expiry", second(R"("Portable":true)"),
         here + ".DeadlineTime: missing: a portable prepaid disk has its own expiry"},
        {"prepaid with null for an expiry", second(R"("Portable":true,"DeadlineTime":null)"),
         here + ".DeadlineTime: missing: a portable prepaid disk has its own expiry"},
        {"in no region", second(R"("Portable":true,"DeadlineTime":"+P1M")", "ap-atlantis-1"),
         here + ".Placement.Zone: 'ap-atlantis-1' is not a zone of a known region, such as ap-guangzhou-3"},
        {"an expiry that is no time", second(R"("Portable":true,"DeadlineTime":"2026-02-29T00:00:00Z")"),
         here + ".DeadlineTime: '2026-02-29T00:00:00Z' is neither an instant such as 2026-12-01T00:00:00Z nor a "
                "duration such as +P30D"},
        {"made at no time", second(R"("Portable":true,"DeadlineTime":"+P1M","CreateTime":"-P9999Y")"),
         here + ".CreateTime: '-P9999Y' is outside the years 1 to 9999"},
        {"prepaid with an expiry", second(R"("Portable":true,"DeadlineTime":"+P1M")"), "good"},
        {"expired", second(R"("Portable":true,"DeadlineTime":"-P1M")"), "good"},
        {"paid by the hour", second(R"("Portable":true,"DiskChargeType":"POSTPAID_BY_HOUR")"), "good"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        CHECK(problem(row.document) == row.expected);
    }
}

TEST_CASE("a duplicate disk or ClientToken is refused with the second place")
{
    const auto loose = [](const std::string& id) {
        return R"({"DiskId":")" + id +
               R"(","Portable":true,"DeadlineTime":"+P1M","Placement":{"Zone":"ap-guangzhou-3"}})";
    };
    const auto with_disks = [](const std::string& id) {
        return R"({"InstanceId":")" + id +
               R"(","Placement":{"Zone":"ap-guangzhou-3"},"DataDisks":[{"DiskId":"disk-dddddddd"}]})";
    };
    const std::string here = "my.json: accounts[0]";
    const Row rows[] = {
        {"two loose ones", account(R"("Disks":[)" + loose("disk-bbbbbbbb") + "," + loose("disk-bbbbbbbb") + "]"),
         here + ".Disks[1]: the disk 'disk-bbbbbbbb' appears twice"},
        {"on an instance and loose",
         account(R"("Disks":[)" + loose("disk-bbbbbbbb") + "," + loose("disk-dddddddd") + R"(],"Instances":[)" +
                 with_disks("ins-aaaaaaaa") + "]"),
         here + ".Disks[1]: the disk 'disk-dddddddd' appears twice"},
        {"a system disk and loose",
         account(R"("Disks":[)" + loose("disk-aaaaaaaa") + R"(],"Instances":[)" + with_disks("ins-aaaaaaaa") + "]"),
         here + ".Disks[0]: the disk 'disk-aaaaaaaa' appears twice"}, // the id that a system disk gets
        {"on two instances",
         account(R"("Instances":[)" + with_disks("ins-aaaaaaaa") + "," + with_disks("ins-bbbbbbbb") + "]"),
         here + ".Instances[1]: the disk 'disk-dddddddd' appears twice"},
        {"a token twice",
         account(
             R"("ClientTokens":[{"ClientToken":"t","InstanceIds":["ins-aaaaaaaa"]},{"ClientToken":"u","InstanceIds":[]},{"ClientToken":"t","InstanceIds":[]}])"),
         here + ".ClientTokens[2]: the ClientToken 't' appears twice"},
        {"tokens in different cases",
         account(R"("ClientTokens":[{"ClientToken":"t","InstanceIds":[]},{"ClientToken":"T","InstanceIds":[]}])"),
         "good"},
        {"in two accounts",
         R"({"format_version":1,"accounts":[{"Uin":"1","ClientTokens":[{"ClientToken":"t","InstanceIds":[]}],"Disks":[)" +
             loose("disk-bbbbbbbb") +
             R"(]},{"Uin":"2","ClientTokens":[{"ClientToken":"t","InstanceIds":[]}],"Disks":[)" +
             loose("disk-bbbbbbbb") + "]}]}",
         "good"},
        {"different disks", account(R"("Disks":[)" + loose("disk-bbbbbbbb") + "," + loose("ldisk-bbbbbbbb") + "]"),
         "good"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        CHECK(problem(row.document) == row.expected);
    }
}

TEST_CASE("a key without permissions and MFA in the document may do everything and has passed MFA")
{
    struct Case {
        std::string members;
        std::vector<std::string> allowed;
        state::Mfa mfa;
    };
    const Case cases[] = {
        {"", {"*"}, state::Mfa::passed},
        {R"(,"Actions":[])", {}, state::Mfa::passed},
        {R"(,"Actions":["cvm:Describe*","billing:*"])", {"cvm:Describe*", "billing:*"}, state::Mfa::passed},
        {R"(,"MFA":"PASSED")", {"*"}, state::Mfa::passed},
        {R"(,"MFA":"EXPIRED")", {"*"}, state::Mfa::expired},
        {R"(,"MFA":"ABSENT","Actions":["*"])", {"*"}, state::Mfa::absent},
    };
    for (const Case& c : cases) {
        CAPTURE(c.members);
        const auto accounts =
            accounts_of(account(R"("Credentials":[{"SecretId":"a","SecretKey":"k")" + c.members + "}]"));
        const state::Credential& credential = accounts.at(0).credentials.at(0);
        CHECK(credential.allowed == c.allowed);
        CHECK(credential.mfa == c.mfa);
    }
}

TEST_CASE("a detached disk keeps what the document says and gets defaults for the rest")
{
    const auto accounts = accounts_of(account(
        R"("Disks":[{"DiskId":"disk-aaaaaaaa","Portable":true,"DeadlineTime":"+P1M","Placement":{"Zone":"ap-guangzhou-3"}},
        {"DiskId":"ldisk-bbbbbbbb","Portable":true,"DiskType":"CLOUD_SSD","DiskSize":200,"DiskName":"d","DeleteWithInstance":true,"Encrypt":true,
         "DiskChargeType":"POSTPAID_BY_HOUR","RenewFlag":"NOTIFY_AND_AUTO_RENEW","RenewPeriod":12,"Placement":{"Zone":"ap-shanghai-2","ProjectId":7},
         "CreateTime":"2025-01-31T00:00:00Z"}])"));
    state::PlacedDisk plain;
    plain.disk.id = "disk-aaaaaaaa";
    plain.disk.type = "CLOUD_PREMIUM";
    plain.disk.size_gib = 50;
    plain.disk.portable = true;
    plain.disk.delete_with_instance = false;
    plain.disk.expires_at = instant("2026-04-30T08:30:00Z");
    plain.zone = "ap-guangzhou-3";
    plain.region = "ap-guangzhou";
    plain.created_at = instant("2026-02-28T08:30:00Z");
    plain.due_at = instant("2026-04-23T08:30:00Z"); // the first reminder

    state::PlacedDisk full;
    full.disk.id = "ldisk-bbbbbbbb";
    full.disk.type = "CLOUD_SSD";
    full.disk.name = "d";
    full.disk.size_gib = 200;
    full.disk.portable = true;
    full.disk.delete_with_instance = true;
    full.disk.encrypt = true;
    full.disk.charge_type = state::ChargeType::postpaid_by_hour;
    full.disk.renew_flag = state::RenewFlag::notify_and_auto_renew;
    full.disk.renew_months = 12;
    full.zone = "ap-shanghai-2";
    full.region = "ap-shanghai";
    full.project_id = 7;
    full.created_at = instant("2025-01-31T00:00:00Z");
    CHECK(test::difference(accounts.at(0).disks, std::vector{plain, full}) == "");
}

TEST_CASE("the tags of resources are kept by their whole names, once, and not those of instances and disks")
{
    const auto with = [](const std::string& resources) { return account(R"("Tags":[)" + resources + "]"); };
    const auto tagged = [](const std::string& name) {
        return R"({"Resource":")" + name + R"(","Tags":[{"Key":"b","Value":"1"},{"Key":"a","Value":""}]})";
    };
    const auto accounts =
        accounts_of(with(tagged("qcs::clb:ap-guangzhou::clb/lb-1") + "," + tagged("qcs::cam:ap-guangzhou:uin/:uin/2")));
    const std::vector<state::KeyValue> tags{{"b", "1"}, {"a", ""}};
    CHECK(accounts.at(0).tags ==
          std::vector<state::ResourceTags>{{"qcs::clb:ap-guangzhou:uin/100000000001:clb/lb-1", tags},
                                           {"qcs::cam::uin/100000000001:uin/2", tags}});

    struct Case {
        std::string resources;
        std::string expected;
    };
    const Case cases[] = {
        {tagged("qcs::clb:r:clb/lb-1"),
         "[0].Resource: 'qcs::clb:r:clb/lb-1' is not a resource name in six parts, such as qcs::cam::uin/1:uin/2"},
        {tagged("qcs::clb:r:uin/7:clb/lb-1"), "[0].Resource: 'qcs::clb:r:uin/7:clb/lb-1' belongs to another account"},
        {tagged("qcs::cvm:r::instance/ins-aaaaaaaa"),
         "[0].Resource: 'qcs::cvm:r::instance/ins-aaaaaaaa' has its Tags in its own entry, in Instances or Disks"},
        {tagged("qcs::cbs:r::instance/disk-aaaaaaaa"),
         "[0].Resource: 'qcs::cbs:r::instance/disk-aaaaaaaa' has its Tags in its own entry, in Instances or Disks"},
        {R"({"Resource":"qcs::clb:r::clb/lb-1","Tags":[]})", "[0].Tags: must hold a tag"},
        {tagged("qcs::clb:r::clb/lb-1") + "," + tagged("qcs::clb:r:uin/:clb/lb-1"),
         "[1]: the resource 'qcs::clb:r:uin/100000000001:clb/lb-1' appears twice"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.resources);
        CHECK(problem(with(c.resources)) == "my.json: accounts[0].Tags" + c.expected);
    }
    CHECK(problem(with(tagged("clb/lb-1"))).starts_with("my.json: accounts[0].Tags[0].Resource: "));
}

TEST_CASE("tokens and counts and groups of orders are kept")
{
    const auto accounts = accounts_of(account(
        R"("ResourceCount":41,"ClientTokens":[{"ClientToken":"t","InstanceIds":["ins-bbbbbbbb","ins-aaaaaaaa"]},{"ClientToken":" ~","InstanceIds":[]}],
        "Orders":[{"OrderId":"a","Status":4},{"OrderId":"b","Status":4,"BigDealId":"a"},{"OrderId":"c","Status":6,"BigDealId":"big"}])"));
    const AccountState& a = accounts.at(0);
    CHECK(a.account.resources == 41);
    CHECK(a.client_tokens == std::vector<state::ClientToken>{{"t", {"ins-bbbbbbbb", "ins-aaaaaaaa"}}, {" ~", {}}});
    REQUIRE(a.deals.size() == 3);
    CHECK(a.deals[0].big_deal_id == "a"); // left out: its own id
    CHECK(a.deals[1].big_deal_id == "a");
    CHECK(a.deals[2].big_deal_id == "big");
    CHECK(a.deals[2].status == state::DealStatus::refunded);
    CHECK(accounts_of(account("")).at(0).account.resources == 0);
}

TEST_CASE("an automatic renewal buys a month unless the document says how many")
{
    const state::Instance plain = instance_of(R"("DataDisks":[{"DiskId":"disk-bbbbbbbb"}])");
    CHECK(plain.renew_months == 1);
    CHECK(plain.disks.at(1).renew_months == 1);
    for (const int months : {1, 12, 60}) {
        CAPTURE(months);
        const std::string number = std::to_string(months);
        const state::Instance i =
            instance_of(R"("RenewPeriod":)" + number + R"(,"DataDisks":[{"DiskId":"disk-bbbbbbbb","RenewPeriod":)" +
                        number + R"(},{"DiskId":"disk-cccccccc"}])");
        CHECK(i.renew_months == months);
        CHECK(i.disks.at(1).renew_months == months);
        CHECK(i.disks.at(2).renew_months == 1);
    }
}

TEST_CASE("user data is kept as it is and left out where there is none")
{
    const auto user_data = [](const state::Instance& i) { return i.attributes.user_data.value_or("none"); };
    CHECK(user_data(instance_of("")) == "none");
    CHECK(user_data(instance_of(R"("UserData":"")")).empty());
    CHECK(user_data(instance_of(R"("UserData":"IyEvYmluL3NoCg==")")) == "IyEvYmluL3NoCg==");
}

TEST_CASE("what was bought and who may do what is read back as it was")
{
    struct Case {
        std::string what;
        std::string document;
    };
    const Case cases[] = {
        {"permissions",
         account(
             R"("Credentials":[{"SecretId":"a","SecretKey":"k","Actions":[]},{"SecretId":"b","SecretKey":"k","Actions":["cvm:*","*"],"MFA":"ABSENT"},{"SecretId":"c","SecretKey":"k","MFA":"EXPIRED"}])")},
        {"loose disks",
         account(
             R"("Disks":[{"DiskId":"disk-aaaaaaaa","Portable":true,"DeadlineTime":"+P1M","Placement":{"Zone":"ap-guangzhou-3"}},{"DiskId":"disk-bbbbbbbb","Portable":true,"DiskType":"CLOUD_SSD","DiskSize":9,"DiskName":"d","DeleteWithInstance":true,"Encrypt":true,"DiskChargeType":"POSTPAID_BY_HOUR","RenewFlag":"NOTIFY_AND_AUTO_RENEW","RenewPeriod":3,"Placement":{"Zone":"ap-shanghai-2","ProjectId":7},"CreateTime":"-P1Y"}])")},
        {"tokens",
         account(
             R"("ClientTokens":[{"ClientToken":"t \"\\","InstanceIds":["ins-aaaaaaaa"]},{"ClientToken":"u","InstanceIds":[]}])")},
        {"counts", account(R"("ResourceCount":1000000000000,"OrderCount":7)")},
        {"groups of orders",
         account(R"("Orders":[{"OrderId":"a","Status":2,"BigDealId":"big"},{"OrderId":"b","Status":6}])")},
        {"periods",
         instance(
             R"("RenewPeriod":12,"DataDisks":[{"DiskId":"disk-bbbbbbbb","Portable":true,"DeadlineTime":"+P1M","RenewPeriod":60}])")},
        {"user data", instance(R"("UserData":"IyEvYmluL3NoCg==")")},
        {"no user data", instance(R"("UserData":"")")},
        {"an operation that ends",
         instance(
             R"("InstanceState":"STOPPING","LatestOperation":"StopInstances","LatestOperationState":"OPERATING","LatestOperationEndTime":"+PT30S","StateAfterLatestOperation":"STOPPED")")},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        const auto before = accounts_of(c.document);
        const std::string exported = to_document(before);
        CHECK(problem(exported) == "good");
        CHECK(test::difference(accounts_of(exported), before) == "");

        state::SqliteStore store{":memory:"};
        replace_all(store, before);
        CHECK(store.dump_account("100000000001") == before.at(0));
    }
}

TEST_CASE("an export that is written row by row has the same text as a whole one")
{
    state::SqliteStore store{":memory:"};
    replace_all(store, Fixtures::built_in().accounts(wall));
    std::vector<AccountState> accounts;
    for (const std::string& uin : store.account_uins())
        accounts.push_back(store.dump_account(uin).value());
    REQUIRE(accounts.size() > 1);
    const auto written = [&](const std::vector<std::string>& uins) {
        DocumentPieces pieces{store.snapshot(), uins};
        std::string text;
        for (std::string piece = pieces.next(); !piece.empty(); piece = pieces.next())
            text += piece;
        CHECK(pieces.ended());
        return text;
    };
    const std::string whole = written(store.account_uins());
    CHECK(whole == to_document(accounts));
    CHECK(json::serialize(json::parse(whole)) == whole);
    CHECK(written({"199999999999"}) == R"({"format_version":1,"accounts":[]})"); // dropped meanwhile
}
