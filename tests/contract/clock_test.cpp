// What the endpoint of the clock reports and does, together with the ledger and the invariants.

#include "server/control/advance.hpp"
#include "tests/support/difference.hpp"
#include "tests/support/emulator.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <any>

using namespace cvm;
namespace json = boost::json;

namespace {

// A document with one account, whose clock stands at test_time, with these instances.
std::string account_with(std::string_view instances, std::int64_t cash, std::string_view more = "")
{
    return R"({"format_version":1,"accounts":[{"Uin":"100000000001","Clock":{"FrozenAt":"2026-03-31T08:30:00Z"},)"
           R"("Credentials":[{"SecretId":"AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE","SecretKey":"Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"}],)"
           R"("Balance":{"Cash":)" +
           std::to_string(cash) + "}," + std::string{more} + R"("Instances":[)" + std::string{instances} + "]}]}";
}

std::string instance(std::string_view id, std::string_view expiry, std::string_view flag)
{
    return R"({"InstanceId":")" + std::string{id} + R"(","Placement":{"Zone":"ap-guangzhou-3"},"ExpiredTime":")" +
           std::string{expiry} + R"(","RenewFlag":")" + std::string{flag} + R"("})";
}

constexpr std::string_view automatic = "NOTIFY_AND_AUTO_RENEW";
constexpr std::string_view manual = "NOTIFY_AND_MANUAL_RENEW";
constexpr std::string_view silent = "DISABLE_NOTIFY_AND_MANUAL_RENEW";
constexpr std::string_view hourly =
    R"({"InstanceId":"ins-hourly00","InstanceType":"S1.SMALL1","InstanceChargeType":"POSTPAID_BY_HOUR","Placement":{"Zone":"ap-guangzhou-3"},"CreatedTime":"2026-03-31T08:30:00Z"})";

// The instance of the documents above costs 7650 a month.
constexpr std::int64_t month = 7650;

json::object clock(test::Emulator& emulator, std::string_view body)
{
    return emulator.control("POST", "/_emulator/clock", body).as_object();
}

void put(test::Emulator& emulator, const std::string& document)
{
    emulator.control("PUT", "/_emulator/state", document);
}

std::string state_of(test::Emulator& emulator, std::string_view id)
{
    const json::object answer =
        emulator.response({.action = "DescribeInstances", .params = {{"InstanceIds", json::array{id}}}});
    const json::array& found = answer.at("InstanceSet").as_array();
    if (found.empty())
        return "gone";
    std::string text;
    for (const std::string_view member : {"InstanceState", "RestrictState", "IsolatedSource", "ExpiredTime"})
        text += (text.empty() ? "" : " ") +
                (found[0].at(member).is_null() ? "null" : std::string{found[0].at(member).as_string()});
    return text;
}

std::string problem(test::Emulator& emulator, std::string_view method, std::string_view target, std::string_view body,
                    unsigned status = 400)
{
    return std::string{emulator.control(method, target, body, status).at("error").as_string()};
}

// The store fails at the n-th write.
class BreakingStore final : public state::SqliteStore {
public:
    BreakingStore() : SqliteStore{":memory:"} {}

    void save_account(const state::Account& account) override
    {
        write();
        SqliteStore::save_account(account);
    }
    void save_instance(std::string_view uin, const state::Instance& instance) override
    {
        write();
        SqliteStore::save_instance(uin, instance);
    }
    void replace_instance(std::string_view uin, const state::Instance& before, const state::Instance& after) override
    {
        write();
        SqliteStore::replace_instance(uin, before, after);
    }
    void erase_instance(std::string_view uin, std::string_view id) override
    {
        write();
        SqliteStore::erase_instance(uin, id);
    }
    void save_disk(std::string_view uin, const state::PlacedDisk& disk) override
    {
        write();
        SqliteStore::save_disk(uin, disk);
    }
    void add_deals(std::string_view uin, const std::vector<state::Deal>& deals) override
    {
        for (std::size_t i = 0; i < deals.size(); ++i)
            write();
        SqliteStore::add_deals(uin, deals);
    }
    void add_ledger_lines(std::string_view uin, const std::vector<state::LedgerLine>& lines) override
    {
        for (std::size_t i = 0; i < lines.size(); ++i)
            write();
        SqliteStore::add_ledger_lines(uin, lines);
    }

    int writes_left = -1; // negative: unlimited

private:
    void write()
    {
        if (writes_left == 0)
            throw state::BrokenStore{"the disk is full"};
        if (writes_left > 0)
            --writes_left;
    }
};

} // namespace

TEST_CASE("a jump reports its events in order, with resource, price and cause")
{
    test::Emulator emulator;
    put(emulator, account_with(instance("ins-automatc", "2026-04-10T10:00:00Z", automatic) + "," +
                                   instance("ins-manual00", "2026-04-03T10:00:00Z", manual),
                               10'000));
    const json::object told = clock(emulator, R"({"set":"2026-04-12T00:00:00Z"})");
    CHECK(
        json::serialize(told) ==
        R"({"account":"100000000001","now":"2026-04-12T00:00:00Z","frozen":true,)"
        R"("next_event":{"time":"2026-05-03T10:00:00Z","event":"reminded","resource":"ins-automatc","why":"money_lacks_soon",)"
        R"("price":7650,"expires":"2026-05-10T10:00:00Z","balance_before":2350,"balance_after":2350},)"
        R"("events":[)"
        R"({"time":"2026-03-31T10:00:00Z","event":"reminded","resource":"ins-manual00","why":"expires_soon","expires":"2026-04-03T10:00:00Z","balance_before":10000,"balance_after":10000},)"
        R"({"time":"2026-04-02T10:00:00Z","event":"reminded","resource":"ins-manual00","why":"expires_soon","expires":"2026-04-03T10:00:00Z","balance_before":10000,"balance_after":10000},)"
        R"({"time":"2026-04-03T10:00:00Z","event":"isolated","resource":"ins-manual00","why":"expired","balance_before":10000,"balance_after":10000},)"
        R"({"time":"2026-04-10T10:00:00Z","event":"renewed","resource":"ins-automatc","why":"auto_renew","order":"20260410710000000000001","price":7650,"expires":"2026-05-10T10:00:00Z","balance_before":10000,"balance_after":2350},)"
        R"({"time":"2026-04-10T16:00:00Z","event":"released","resource":"ins-manual00","why":"recycle_bin_over","balance_before":2350,"balance_after":2350}],)"
        R"("left_out":0,"hours":{"charged":0,"total":0}})");
    CHECK(state_of(emulator, "ins-automatc") == "RUNNING NORMAL NOTISOLATED 2026-05-10T10:00:00Z");
    CHECK(state_of(emulator, "ins-manual00") == "gone");
}

TEST_CASE("what has expired shows it in every field and comes back by a renewal from the old expiry")
{
    test::Emulator emulator;
    put(emulator, account_with(instance("ins-manual00", "2026-04-03T10:00:00Z", manual), 10'000));
    clock(emulator, R"({"set":"2026-04-03T09:59:59Z"})");
    CHECK(state_of(emulator, "ins-manual00") == "RUNNING NORMAL NOTISOLATED 2026-04-03T10:00:00Z");
    clock(emulator, R"({"advance":"PT1S"})");
    CHECK(state_of(emulator, "ins-manual00") == "SHUTDOWN EXPIRED EXPIRE 2026-04-03T10:00:00Z");
    clock(emulator, R"({"set":"2026-04-10T15:59:59Z"})");
    const test::Call renewal{.action = "RenewInstances",
                             .params = {{"InstanceIds", json::array{"ins-manual00"}},
                                        {"InstanceChargePrepaid", json::object{{"Period", 1}}}}};
    CHECK(emulator.code(renewal) == "OK");
    CHECK(state_of(emulator, "ins-manual00") == "RUNNING NORMAL NOTISOLATED 2026-05-03T10:00:00Z");
    clock(emulator, R"({"set":"2026-05-10T16:00:00Z"})");
    CHECK(emulator.code(renewal) == "InvalidInstanceId.NotFound");
}

TEST_CASE("a dry run reports the same and changes nothing")
{
    test::Emulator emulator;
    put(emulator,
        account_with(instance("ins-automatc", "2026-04-10T10:00:00Z", automatic) + "," + std::string{hourly}, 20'000));
    const json::value before = emulator.state();
    json::object dry = clock(emulator, R"({"advance":"P3M","dry_run":true,"hours":true})");
    CHECK(test::difference(emulator.state(), before) == "");
    CHECK(dry == clock(emulator, R"({"advance":"P3M","hours":true})"));
    CHECK(dry.at("events").as_array().size() > 100);
}

TEST_CASE("the clock can be moved to the next event, as long as there is one")
{
    test::Emulator emulator;
    put(emulator, account_with(instance("ins-automatc", "2026-04-10T10:00:00Z", automatic) + "," +
                                   instance("ins-silent00", "2026-04-10T10:00:00Z", silent),
                               month));
    std::vector<std::string> seen;
    for (int i = 0; i < 3; ++i) {
        const json::object shown = emulator.control("GET", "/_emulator/clock").as_object();
        const json::object told = clock(emulator, R"({"advance_to":"next_event"})");
        CHECK(told.at("events").as_array().front() == shown.at("next_event"));
        CHECK(told.at("now") == told.at("events").as_array().back().at("time"));
        for (const json::value& event : told.at("events").as_array())
            seen.push_back(std::string{event.at("event").as_string()} + " " +
                           std::string{event.at("resource").as_string()});
    }
    // There is enough money, so there is no reminder; both happen at the same time.
    CHECK(seen == std::vector<std::string>{"renewed ins-automatc", "isolated ins-silent00", "released ins-silent00",
                                           "reminded ins-automatc"});
    clock(emulator, R"({"advance":"P2M"})");
    CHECK(emulator.control("GET", "/_emulator/clock").at("next_event").is_null());
    CHECK(problem(emulator, "POST", "/_emulator/clock", R"({"advance_to":"next_event"})", 409) ==
          "nothing is scheduled for the account 100000000001, and its hourly charges cause no event in the next 31 "
          "days; give `advance` or `set`");
}

TEST_CASE("hours are counted, listed when asked for, and may lead to the next event")
{
    test::Emulator emulator;
    put(emulator, account_with(hourly, 200));
    json::object told = clock(emulator, R"({"set":"2026-03-31T11:00:00Z","hours":true})");
    CHECK(json::serialize(told.at("hours")) == R"({"charged":3,"total":142})"); // half of 57 and twice 57
    CHECK(told.at("events").as_array().size() == 3);
    CHECK(told.at("events").as_array()[0].at("time").as_string() == "2026-03-31T09:00:00Z");
    told = clock(emulator, R"({"advance_to":"next_event"})");
    REQUIRE(told.at("events").as_array().size() == 1);
    CHECK(told.at("events").as_array()[0].at("event").as_string() == "arrears_began");
    CHECK(told.at("hours").at("charged").as_int64() > 0);
}

TEST_CASE("an account in arrears is suspended, comes back for a deposit, and is released by its preset")
{
    struct Row {
        std::string_view preset;
        std::string_view released;
    };
    for (const Row& row :
         {Row{"", "2026-04-15T15:00:00Z"}, Row{R"("Lifecycle":"older-cn",)", "2026-04-01T15:00:00Z"}}) {
        CAPTURE(row.released);
        test::Emulator emulator;
        put(emulator, account_with(hourly, 200, row.preset));
        clock(emulator, R"({"set":"2026-03-31T15:00:00Z"})");
        CHECK(state_of(emulator, "ins-hourly00") == "SHUTDOWN NORMAL ARREAR null");
        const json::value suspended = emulator.state();

        const json::object paid =
            emulator.control("POST", "/_emulator/ledger", R"({"deposit":10000,"to":"present"})").as_object();
        CHECK(paid.at("arrears").as_string() == "NONE");
        REQUIRE(paid.at("events").as_array().size() == 1);
        CHECK(paid.at("events").as_array()[0].at("event").as_string() == "restored");
        CHECK(state_of(emulator, "ins-hourly00") == "STOPPED NORMAL NOTISOLATED null");

        put(emulator, json::serialize(suspended));
        const json::object gone = clock(emulator, R"({"advance":"P20D"})");
        REQUIRE(gone.at("events").as_array().size() == 1);
        CHECK(gone.at("events").as_array()[0].at("event").as_string() == "released");
        CHECK(gone.at("events").as_array()[0].at("time").as_string() == row.released);
        CHECK(emulator.control("GET", "/_emulator/ledger").at("arrears").as_string() == "RELEASED");
        CHECK(emulator.control("GET", "/_emulator/invariants").at("ok").as_bool());
    }
}

TEST_CASE("on a running clock things happen before the next call sees them")
{
    test::Emulator emulator;
    clock(emulator, R"({"frozen":false})");
    emulator.wall.set(test::test_time + std::chrono::days{20});
    CHECK(state_of(emulator, "ins-5d8a23rs").starts_with("SHUTDOWN EXPIRED EXPIRE"));
}

TEST_CASE("an advance that breaks in the middle leaves the account as it was")
{
    test::Emulator emulator;
    BreakingStore store;
    App app{emulator.services(store), emulator.catalog, emulator.ids, emulator.log};
    replace_all(store, emulator.fixtures.accounts(test::test_time));
    const auto advance = [&] {
        http::Request request{boost::beast::http::verb::post, "/_emulator/clock", 11};
        request.body() = R"({"advance":"P2M"})";
        return app.handle(request, {}).response.result_int();
    };
    const auto before = store.dump_account("100000000001");
    int broken = 0;
    for (int writes = 0;; ++writes) {
        store.writes_left = writes;
        const unsigned status = advance();
        if (status == 200)
            break;
        REQUIRE(status == 500);
        store.writes_left = -1;
        CHECK(test::difference(store.dump_account("100000000001"), before) == "");
        ++broken;
    }
    CHECK(broken > 10);
    CHECK(store.dump_account("100000000001") != before);
}

TEST_CASE("a thousand instances renew themselves for a year in one answer")
{
    test::Emulator emulator;
    std::string instances;
    for (int i = 0; i < 1000; ++i)
        instances += (i == 0 ? "" : ",") + instance("ins-" + std::to_string(10'000'000 + i),
                                                    "2026-04-0" + std::to_string(1 + i % 9) + "T10:00:00Z", automatic);
    put(emulator, account_with(instances, 13'000 * month));
    const json::object told = clock(emulator, R"({"advance":"P1Y"})");
    CHECK(told.at("events").as_array().size() == 12'000);
    CHECK(std::ranges::all_of(told.at("events").as_array(),
                              [](const json::value& event) { return event.at("event").as_string() == "renewed"; }));
    CHECK(told.at("events").as_array().back().at("balance_after").as_int64() == 1000 * month);
    CHECK(emulator.control("GET", "/_emulator/invariants").at("ok").as_bool());
}

TEST_CASE("the ledger tells each movement of money with its cause")
{
    test::Emulator emulator;
    put(emulator, account_with(instance("ins-automatc", "2026-04-10T10:00:00Z", automatic), 20'000));
    emulator.code({.action = "RenewInstances",
                   .params = {{"InstanceIds", json::array{"ins-automatc"}},
                              {"InstanceChargePrepaid", json::object{{"Period", 1}}}}});
    clock(emulator, R"({"set":"2026-05-10T10:00:00Z"})");
    emulator.control("POST", "/_emulator/ledger", R"({"deposit":5})");
    CHECK(
        json::serialize(emulator.control("GET", "/_emulator/ledger")) ==
        R"({"account":"100000000001","balance":{"real":4705,"cash":4705,"income":0,"present":0,"frozen":0,"owed":0,"credit":0},"arrears":"NONE","lines":[)"
        R"({"number":1,"Time":"2026-03-31T08:30:00Z","Cause":"opening","From":"outside","To":"cash","Amount":20000},)"
        R"({"number":2,"Time":"2026-03-31T08:30:00Z","Cause":"request","CauseId":"6ef60bec-0242-43af-bb20-270359fb54a7","OrderId":"20260331710000000000001","ResourceId":"ins-automatc","From":"cash","To":"vendor","Amount":7650},)"
        R"({"number":3,"Time":"2026-05-10T10:00:00Z","Cause":"event","CauseId":"renewed","OrderId":"20260510710000000000002","ResourceId":"ins-automatc","From":"cash","To":"vendor","Amount":7650},)"
        R"({"number":4,"Time":"2026-05-10T10:00:00Z","Cause":"deposit","From":"outside","To":"cash","Amount":5}],"left_out":0})");
}

TEST_CASE("a deposit is a number of cents for a part of the balance")
{
    test::Emulator emulator;
    struct Row {
        std::string_view body;
        std::string_view error;
    };
    const std::string_view amount = "`deposit` must be a number of cents, 1 to 1000000000000000";
    const Row rows[] = {
        {"{}", amount},
        {R"({"deposit":0})", amount},
        {R"({"deposit":-5})", amount},
        {R"({"deposit":"5"})", amount},
        {R"({"deposit":1000000000000001})", amount},
        {R"({"deposit":5,"to":"owed"})", "`to` must be cash, income or present"},
        {R"({"deposit":5,"to":5})", "`to` must be cash, income or present"},
        {R"({"amount":5})", "unknown member `amount`; there are deposit and to"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.body);
        CHECK(problem(emulator, "POST", "/_emulator/ledger", row.body) == row.error);
    }
}

TEST_CASE("an import whose balance its ledger does not tell is adjusted, one that agrees is not")
{
    test::Emulator emulator;
    put(emulator, account_with("", 100));
    json::value document = emulator.state();
    put(emulator, json::serialize(document));
    CHECK(test::difference(emulator.state(), document) == "");
    document.at("accounts").as_array()[0].at("Balance").at("Cash") = 130;
    put(emulator, json::serialize(document));
    CHECK(
        json::serialize(emulator.control("GET", "/_emulator/ledger").at("lines").as_array().back()) ==
        R"({"number":2,"Time":"2026-03-31T08:30:00Z","Cause":"adjustment","From":"outside","To":"cash","Amount":30})");
    CHECK(emulator.control("GET", "/_emulator/invariants").at("ok").as_bool());
}

TEST_CASE("the invariants name what is violated")
{
    test::Emulator emulator;
    put(emulator, account_with(instance("ins-automatc", "2026-04-10T10:00:00Z", automatic), 20'000));
    emulator.code({.action = "RenewInstances",
                   .params = {{"InstanceIds", json::array{"ins-automatc"}},
                              {"InstanceChargePrepaid", json::object{{"Period", 1}}}}});
    CHECK(emulator.control("GET", "/_emulator/invariants").at("ok").as_bool());
    json::value document = emulator.state();
    document.at("accounts").as_array()[0].at("Instances").as_array()[0].at("ExpiredTime") = "2026-06-10T10:00:00Z";
    put(emulator, json::serialize(document));
    const json::value sums = emulator.control("GET", "/_emulator/invariants");
    CHECK_FALSE(sums.at("ok").as_bool());
    for (const json::value& check : sums.at("checks").as_array())
        CHECK(json::serialize(check.at("problems")) ==
              (check.at("name").as_string() == "expiry_is_paid_for"
                   ? R"(["ins-automatc expires at 2026-06-10T10:00:00Z and has paid until 2026-05-10T10:00:00Z"])"
                   : "[]"));
}

TEST_CASE("for an event after too many hours only the time is reported")
{
    test::Emulator emulator;
    std::string many{hourly};
    for (int i = 0; i < 9; ++i)
        many += R"(,{"InstanceId":"ins-hourly1)" + std::to_string(i) +
                R"(","InstanceChargeType":"POSTPAID_BY_HOUR","Placement":{"Zone":"ap-guangzhou-3"}})";
    put(emulator,
        account_with(many + "," + instance("ins-faraway0", "2226-03-31T08:30:00Z", silent), 1'000'000'000'000'000));
    CHECK(json::serialize(emulator.control("GET", "/_emulator/clock").at("next_event")) ==
          R"({"time":"2226-03-31T08:30:00Z"})");

    put(emulator, account_with(hourly, 1000));
    json::value document = emulator.state();
    document.at("accounts").as_array()[0].at("Instances").as_array()[0].at("ChargedUntil") = "1900-01-01T00:00:00Z";
    CHECK(problem(emulator, "PUT", "/_emulator/state", json::serialize(document)) ==
          "the request: accounts[0].Instances[0].ChargedUntil: is more than ten years before the account's clock");
}

TEST_CASE("an account must name an existing preset")
{
    test::Emulator emulator;
    CHECK(problem(emulator, "PUT", "/_emulator/state", account_with("", 100, R"("Lifecycle":"2001-01",)")) ==
          "the request: accounts[0].Lifecycle: '2001-01' is not a preset; there are 2023-12, older-cn");
    put(emulator, account_with("", 100, R"("Lifecycle":"older-cn",)"));
    CHECK(emulator.state().at("accounts").as_array()[0].at("Lifecycle").as_string() == "older-cn");
}

TEST_CASE("an automatic renewal does not replace a running or failed operation")
{
    test::Emulator emulator;
    const auto with_operation = [](std::string_view id, std::string_view operation) {
        std::string text = instance(id, "2026-04-01T00:00:00Z", automatic);
        text.pop_back();
        return text + "," + std::string{operation} + "}";
    };
    put(emulator,
        account_with(
            with_operation("ins-stopping", R"("InstanceState":"STOPPING","LatestOperation":"StopInstances",)"
                                           R"("LatestOperationState":"OPERATING","LatestOperationRequestId":"r-1",)"
                                           R"("LatestOperationEndTime":"2026-04-01T00:30:00Z",)"
                                           R"("StateAfterLatestOperation":"STOPPED")") +
                "," +
                with_operation("ins-failed00", R"("LatestOperation":"ResetInstance","LatestOperationState":"FAILED")"),
            10 * month));
    const json::object told = clock(emulator, R"({"set":"2026-04-01T01:00:00Z"})");
    std::vector<std::string> events;
    for (const json::value& event : told.at("events").as_array())
        events.push_back(std::string{event.at("event").as_string()} + " " +
                         std::string{event.at("resource").as_string()});
    CHECK(events ==
          std::vector<std::string>{"renewed ins-failed00", "renewed ins-stopping", "operation_ended ins-stopping"});
    CHECK(state_of(emulator, "ins-stopping") == "STOPPED NORMAL NOTISOLATED 2026-05-01T00:00:00Z");
    CHECK(emulator.instance("ins-stopping").at("LatestOperationRequestId").as_string() == "r-1");
    CHECK(emulator.instance("ins-failed00").at("LatestOperation").as_string() == "ResetInstance");
}

TEST_CASE("a disk that remains of an hourly instance is paid by the hour, and its state can be imported")
{
    test::Emulator emulator;
    std::string with_disk{hourly};
    with_disk.pop_back();
    put(emulator,
        account_with(with_disk + R"(,"DataDisks":[{"DiskId":"disk-stayhere","DeleteWithInstance":false}]})", 10'000));
    CHECK(emulator.code({.action = "TerminateInstances", .params = {{"InstanceIds", json::array{"ins-hourly00"}}}}) ==
          "OK");
    for (const char* action : {"DescribeDisks", "RenewDisk"}) {
        json::object params;
        if (std::string_view{action} == "RenewDisk")
            params = {{"DiskId", "disk-stayhere"}, {"DiskChargePrepaid", json::object{{"Period", 1}}}};
        CHECK(emulator.code({.action = action, .params = params}) ==
              (params.empty() ? "OK" : "InvalidDisk.NotSupported"));
    }
    CHECK(emulator.code(
              {.action = "DescribeRenewInstances", .params = {{"MaxResults", 10}}, .version = "2018-07-09"}) == "OK");
    const json::value state = emulator.state();
    put(emulator, json::serialize(state));
    CHECK(test::difference(emulator.state(), state) == "");
}

TEST_CASE("a disk to be released with its instance cannot be renewed, one with its own order stays")
{
    test::Emulator emulator;
    std::string with_disks = instance("ins-automatc", "2026-04-20T00:00:00Z", automatic);
    with_disks.pop_back();
    const std::string state = account_with(
        with_disks + R"(,"DataDisks":[{"DiskId":"disk-elastic0","Portable":true,"DeadlineTime":"2026-05-20T00:00:00Z",)"
                     R"("DeleteWithInstance":true}]})",
        100'000);
    for (const bool with_release : {true, false}) {
        CAPTURE(with_release);
        put(emulator, state);
        CHECK(emulator.code({.action = "TerminateInstances",
                             .params = {{"InstanceIds", json::array{"ins-automatc"}},
                                        {"ReleasePrepaidDataDisks", with_release}}}) == "OK");
        CHECK(emulator.code(
                  {.action = "RenewDisk",
                   .params = {{"DiskId", "disk-elastic0"}, {"DiskChargePrepaid", json::object{{"Period", 1}}}}}) ==
              (with_release ? "InvalidDisk.NotSupported" : "OK"));
        clock(emulator, R"({"advance":"P9D"})");
        CHECK(state_of(emulator, "ins-automatc") == "gone");
        CHECK(emulator.response({.action = "DescribeDisks"}).at("TotalCount").as_int64() == (with_release ? 0 : 1));
    }
}

TEST_CASE("a disk in the recycle bin says so, and charge types do not change with an expired one")
{
    test::Emulator emulator;
    std::string with_disk = instance("ins-automatc", "2026-06-20T00:00:00Z", automatic);
    with_disk.pop_back();
    put(emulator, account_with(with_disk + R"(,"DataDisks":[{"DiskId":"disk-elastic0","Portable":true,)"
                                           R"("DeadlineTime":"2026-04-01T00:00:00Z"}]})",
                               100'000));
    const auto disk_state = [&] {
        const json::object disks = emulator.response({.action = "DescribeDisks"});
        for (const json::value& disk : disks.at("DiskSet").as_array())
            if (disk.at("DiskId").as_string() == "disk-elastic0")
                return std::string{disk.at("DiskState").as_string()};
        return std::string{"gone"};
    };
    clock(emulator, R"({"set":"2026-04-02T00:00:00Z"})");
    CHECK(disk_state() == "ATTACHED");
    CHECK(emulator.code({.action = "ModifyInstancesChargeType",
                         .params = {{"InstanceIds", json::array{"ins-automatc"}},
                                    {"InstanceChargeType", "POSTPAID_BY_HOUR"}}}) == "InvalidInstance.NotSupported");
    clock(emulator, R"({"set":"2026-04-08T00:00:00Z"})");
    CHECK(disk_state() == "TORECYCLE");
    const json::object renewable = emulator.response(
        {.action = "DescribeRenewInstances", .params = {{"MaxResults", 10}}, .version = "2018-07-09"});
    for (const json::value& one : renewable.at("InstanceList").as_array())
        CHECK(one.at("Status").as_string() ==
              (one.at("InstanceId").as_string() == "disk-elastic0" ? "ISOLATED" : "NORMAL"));
    clock(emulator, R"({"set":"2026-04-15T16:00:00Z"})");
    CHECK(disk_state() == "gone");
}

TEST_CASE("the next event is found even if earlier due times cause no event")
{
    test::Emulator emulator;
    put(emulator,
        account_with(std::string{hourly} + "," + instance("ins-faraway0", "2026-09-01T10:00:00Z", manual), 5));
    clock(emulator, R"({"advance":"PT2H"})");
    CHECK(emulator.code({.action = "TerminateInstances", .params = {{"InstanceIds", json::array{"ins-hourly00"}}}}) ==
          "OK");
    const json::object told = clock(emulator, R"({"advance_to":"next_event"})");
    CHECK(told.at("now").as_string() == "2026-08-25T10:00:00Z");
    CHECK(told.at("events").as_array().front().at("event").as_string() == "reminded");
}

TEST_CASE("an unpaid order for a released resource is closed")
{
    test::Emulator emulator;
    put(emulator,
        account_with(instance("ins-silent00", "2026-04-10T10:00:00Z", silent) + "," +
                         instance("ins-manual00", "2026-08-10T10:00:00Z", manual),
                     100'000,
                     R"("Orders":[{"OrderId":"o-1","Status":1,"ResourceId":"ins-silent00","TotalCost":7650}],)"));
    const test::Call renewal{.action = "RenewInstances",
                             .params = {{"InstanceIds", json::array{"ins-manual00"}},
                                        {"InstanceChargePrepaid", json::object{{"Period", 1}}}}};
    CHECK(emulator.code(renewal) == "InvalidAccount.UnpaidOrder");
    clock(emulator, R"({"advance":"P1M"})");
    CHECK(emulator.code(renewal) == "OK");
}

TEST_CASE("what is imported about arrears agrees with the balance")
{
    struct Row {
        std::int64_t cash;
        std::string_view more;
        std::string_view instance_more;
        std::string_view expected;
    };
    const std::string_view suspended = R"(,"InstanceState":"SHUTDOWN","IsolatedSource":"ARREAR"})";
    const std::string_view owes = R"("Arrears":{"Stage":"OWING","Since":"2026-03-31T00:00:00Z"},)";
    const std::string_view was_suspended = R"("Arrears":{"Stage":"SUSPENDED","Since":"2026-03-30T00:00:00Z"},)";
    const Row rows[] = {
        {1000, "", "}", "NONE RUNNING"},
        {1000, owes, "}", "NONE RUNNING"},
        {1000, was_suspended, suspended, "NONE STOPPED"},
        {1000, "", suspended, "NONE STOPPED"},
        {-1000, "", "}", "OWING RUNNING"},
        {-1000, "", suspended, "SUSPENDED SHUTDOWN"},
        {-1000, was_suspended, suspended, "SUSPENDED SHUTDOWN"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.expected);
        CAPTURE(row.more);
        test::Emulator emulator;
        std::string one{hourly};
        one.pop_back();
        json::value document = json::parse(account_with(one + std::string{row.instance_more}, 0, row.more));
        document.at("accounts").as_array()[0].at("Balance") =
            json::object{{"Cash", std::max<std::int64_t>(row.cash, 0)}, {"Owe", std::max<std::int64_t>(-row.cash, 0)}};
        put(emulator, json::serialize(document));
        const std::string state = state_of(emulator, "ins-hourly00");
        CHECK(std::string{emulator.control("GET", "/_emulator/ledger").at("arrears").as_string()} + " " +
                  state.substr(0, state.find(' ')) ==
              row.expected);
        CHECK(emulator.control("GET", "/_emulator/invariants").at("ok").as_bool());
    }
}

TEST_CASE("the balance of an account and the sums of its ledger are limited")
{
    test::Emulator emulator;
    put(emulator, account_with("", 1'000'000'000'000'000));
    CHECK(problem(emulator, "POST", "/_emulator/ledger", R"({"deposit":1})") ==
          "the account cannot hold more than 1000000000000000 cents there");
    put(emulator, json::serialize(emulator.state()));
    std::string lines;
    for (int i = 0; i < 10; ++i)
        lines +=
            std::string{i == 0 ? "" : ","} +
            R"({"Time":"2026-03-31T08:30:00Z","Cause":"deposit","From":"outside","To":"cash","Amount":1000000000000000000})";
    CHECK(problem(emulator, "PUT", "/_emulator/state", account_with("", 0, "\"Ledger\":[" + lines + "],")) ==
          "the request: accounts[0].Ledger: adds up to an amount that is too large");
}

TEST_CASE("moving a clock in parts gives the same result as moving it at once")
{
    const std::string document =
        account_with(std::string{hourly} + "," + instance("ins-automat0", "2026-04-05T10:00:00Z", automatic) + "," +
                         instance("ins-manual00", "2026-04-05T10:00:00Z", manual) + "," +
                         instance("ins-silent00", "2026-05-05T10:00:00Z", silent),
                     5 * month);
    test::Emulator at_once;
    put(at_once, document);
    const json::object whole = clock(at_once, R"({"set":"2027-03-31T08:30:00Z"})");

    test::Emulator in_parts;
    put(in_parts, document);
    api::Catalogs catalogs{api::built_in_catalog()};
    const control::Accounts accounts{in_parts.store, catalogs, in_parts.wall};
    const std::string uin = in_parts.store.default_account()->uin;
    control::Advance advance{{.uin = uin, .target = *state::parse_instant("2027-03-31T08:30:00Z")}, {.part = 1}};
    std::size_t parts = 0;
    bool arrived = false;
    while (!arrived) {
        state::Transaction transaction{in_parts.store};
        arrived = advance.run_part(accounts);
        transaction.commit();
        ++parts;
        // Other writes in between force the data to be loaded again.
        if (parts % 7 == 0) {
            state::Transaction other{in_parts.store};
            other.commit();
        }
    }
    CHECK(parts > 20);
    CHECK(advance.left_out() == 0);
    CHECK(json::parse("[" + advance.events() + "]") == whole.at("events"));
    CHECK(advance.hours().charged == whole.at("hours").at("charged").as_int64());
    CHECK(test::difference(in_parts.control("GET", "/_emulator/state"), at_once.control("GET", "/_emulator/state")) ==
          "");
}

TEST_CASE(
    "a jump of more instances than are loaded, saved or freed at once is the same in parts, whoever writes meanwhile")
{
    // Expiries at different times, and 1,100 at one time.
    std::string instances;
    for (int i = 0; i < 2200; ++i) {
        const state::Instant expiry =
            *state::parse_instant("2026-04-20T10:00:00Z") + std::chrono::minutes{i < 1100 ? 0 : i};
        instances += (i == 0 ? "" : ",") + instance("ins-" + std::to_string(10'000'000 + i),
                                                    state::format_instant(expiry), i % 3 == 0 ? manual : automatic);
    }
    // The money lasts for half of them, so that some reminders depend on when they come.
    const std::string document = account_with(instances, 700 * month);
    for (const bool dry_run : {false, true}) {
        CAPTURE(dry_run);
        const std::string jump = R"({"advance":"P25D","dry_run":)" + std::string{dry_run ? "true" : "false"} + "}";
        test::Emulator at_once;
        put(at_once, document);
        const json::value whole = at_once.control("POST", "/_emulator/clock", jump);
        for (const int writes : {0, 1, 8, 1'000'000}) {
            if (dry_run && writes > 1)
                continue; // is given up
            CAPTURE(writes);
            test::Emulator in_parts;
            put(in_parts, document);
            std::any kept;
            http::Reply reply;
            int parts = 0;
            do {
                reply = in_parts.app.handle(test::control_request("POST", "/_emulator/clock", jump), {.kept = &kept});
                ++parts;
                REQUIRE(parts < 10'000);
                if (parts <= writes) {
                    state::Transaction other{in_parts.store};
                    in_parts.store.save_account(in_parts.store.default_account().value());
                    other.commit();
                }
            } while (reply.continue_after);
            CHECK(parts > 4);
            CHECK(reply.response.result_int() == 200);
            CHECK(json::parse(reply.response.body()) == whole);
            CHECK(test::difference(in_parts.state(), at_once.state()) == "");
        }
    }
}

TEST_CASE("whoever reads an account whose clock is being moved does not disturb the move")
{
    std::string instances;
    for (int i = 0; i < 1500; ++i)
        instances +=
            (i == 0 ? "" : ",") + instance("ins-" + std::to_string(10'000'000 + i),
                                           state::format_instant(*state::parse_instant("2026-04-10T10:00:00Z") +
                                                                 std::chrono::minutes{20 * i}),
                                           automatic);
    test::Emulator emulator;
    put(emulator, account_with(instances, 1'000'000 * month));
    const auto next_event = [&] { return emulator.control("GET", "/_emulator/clock").at("next_event"); };
    const http::Request request = test::control_request("POST", "/_emulator/clock", R"({"advance":"P2M"})");
    std::any kept;
    int moved = 0;
    while (emulator.app.handle(request, {.kept = &kept}).continue_after) {
        const auto transactions = emulator.store.transactions();
        const bool moving = emulator.store.is_in_jump(emulator.store.default_account()->uin);
        moved += moving ? 1 : 0;
        CHECK(next_event().is_null() == moving);
        emulator.control("GET", "/_emulator/ledger?limit=1");
        CHECK(emulator.store.transactions() == transactions);
    }
    CHECK(moved >= 2);
    CHECK(next_event().is_object());

    // A client that leaves stops the move; then the account is like any other.
    kept.reset();
    for (int part = 0; part < 3; ++part)
        REQUIRE(emulator.app.handle(request, {.kept = &kept}).continue_after);
    CHECK(next_event().is_null());
    kept.reset();
    CHECK(next_event().is_object());
    CHECK(emulator.control("GET", "/_emulator/invariants").at("ok") == json::value(true));
}

TEST_CASE("between two parts of a move, what other servers use too is left to them for a moment")
{
    struct OnFile final : state::SqliteStore {
        OnFile() : SqliteStore{":memory:"} {}
        bool is_shared() const noexcept override { return true; }
    } on_file;
    test::Emulator emulator;
    App app{emulator.services(on_file), emulator.catalog, emulator.ids, emulator.log};
    const auto gap = [](App& server) {
        server.handle(
            test::control_request("PUT", "/_emulator/state", account_with(std::string{hourly}, 1'000'000 * month)), {});
        std::any kept;
        return server
            .handle(test::control_request("POST", "/_emulator/clock", R"({"advance":"P200Y"})"), {.kept = &kept})
            .continue_after.value()
            .count();
    };
    CHECK(gap(app) > 0);
    CHECK(gap(emulator.app) == 0);
}

TEST_CASE("listeners are told of a move that ends early")
{
    std::string instances;
    for (int i = 0; i < 1000; ++i)
        instances +=
            (i == 0 ? "" : ",") +
            instance("ins-" + std::to_string(10'000'000 + i),
                     state::format_instant(*state::parse_instant("2026-04-10T10:00:00Z") + std::chrono::minutes{i}),
                     automatic);
    BreakingStore store;
    test::Emulator emulator;
    App app{emulator.services(store), emulator.catalog, emulator.ids, emulator.log};
    app.handle(test::control_request("PUT", "/_emulator/state", account_with(instances, 1'000'000 * month)), {});
    const auto listener = emulator.events.listen("on", std::nullopt, "");
    std::any kept;
    const auto next_part = [&](std::string_view body) {
        return app.handle(test::control_request("POST", "/_emulator/clock", body), {.kept = &kept});
    };
    const auto told = [&] {
        std::string text;
        while (listener->ready())
            text += listener->next(false).value();
        return text;
    };
    const auto shown = [&] {
        const http::Reply reply = app.handle(test::control_request("GET", "/_emulator/clock"), {});
        return R"(event: clock
data: )" + reply.response.body();
    };
    told();

    constexpr std::string_view year = R"({"advance":"P1Y"})";
    REQUIRE(next_part(year).continue_after);
    REQUIRE(next_part(year).continue_after);
    CHECK(told() == "");
    SUBCASE("by its client") { kept.reset(); }
    SUBCASE("by a store that fails, whose clock is named")
    {
        store.writes_left = 0;
        const http::Reply last = next_part(year);
        CHECK(last.response.result_int() == 500);
        const auto now = store.default_account()->clock.now(emulator.wall.now());
        CHECK(last.response.body().find("the disk is full; the clock shows " + state::format_instant(now) +
                                        ": continue from there") != std::string::npos);
    }
    SUBCASE("by a reset of its account")
    {
        app.handle(test::control_request("POST", "/_emulator/reset?account=100000000001"), {});
        told();
        CHECK(next_part(year).response.result_int() == 409);
    }
    const std::string text = told();
    CHECK(text.find(shown()) != std::string::npos);
    CHECK(text.find("\"of\":[\"instances\",\"orders\",\"ledger\"]") != std::string::npos);
    CHECK(told() == "");
}

TEST_CASE("listeners are not told of a dry run")
{
    test::Emulator emulator;
    put(emulator, account_with(hourly, 1'000'000 * month));
    const auto listener = emulator.events.listen("on", std::nullopt, "");
    listener->next(false);
    std::any kept;
    REQUIRE(emulator.app
                .handle(test::control_request("POST", "/_emulator/clock", R"({"advance":"P200Y","dry_run":true})"),
                        {.kept = &kept})
                .continue_after);
    kept.reset();
    CHECK_FALSE(listener->ready());
}

TEST_CASE("an account that another server deletes in the middle of a request is not there")
{
    // As if another server deleted the default account before it is read for the n-th time.
    struct Losing final : state::SqliteStore {
        Losing() : SqliteStore{":memory:"} {}
        std::optional<state::Account> find_account(std::string_view uin) override
        {
            if (reads_left == 0)
                return std::nullopt;
            --reads_left;
            return SqliteStore::find_account(uin);
        }
        int reads_left = -1;
    } store;
    test::Emulator emulator;
    App app{emulator.services(store), emulator.catalog, emulator.ids, emulator.log};
    replace_all(store, emulator.fixtures.accounts(test::test_time));
    const test::Call write{.action = "ModifyInstancesRenewFlag",
                           .params = {{"InstanceIds", {"ins-r8hr2upy"}}, {"RenewFlag", "NOTIFY_AND_AUTO_RENEW"}}};
    const std::vector<http::Request> requests{test::sign(write, test::test_time),
                                              test::control_request("GET", "/_emulator/accounts"),
                                              test::control_request("GET", "/_emulator/state"),
                                              test::control_request("GET", "/_emulator/ledger"),
                                              test::control_request("GET", "/_emulator/timeline"),
                                              test::control_request("GET", "/_emulator/invariants"),
                                              test::control_request("GET", "/_emulator/clock")};
    for (const http::Request& request : requests)
        for (int reads = 0; reads < 6; ++reads) {
            CAPTURE(request.target());
            CAPTURE(reads);
            store.reads_left = reads;
            const http::Response answer = test::whole(app.handle(request, {})).response;
            CHECK(answer.result_int() < 500);
            CHECK(answer.body().find(R"("Code": "Internal)") == std::string::npos);
        }
}

TEST_CASE("an answer holds the first events and counts the others")
{
    test::Emulator emulator;
    put(emulator, account_with(hourly, 1'000'000'000));
    const json::object answer = clock(emulator, R"({"advance":"P1000D","hours":true})");
    CHECK(answer.at("events").as_array().size() == control::max_events);
    CHECK(answer.at("left_out") == json::value(1000 * 24 - std::int64_t{control::max_events}));
    CHECK(answer.at("hours").at("charged") == json::value(1000 * 24));
}

TEST_CASE("too much work for one request is refused on the way, or beforehand by a dry run")
{
    test::Emulator emulator;
    put(emulator, account_with(hourly, 1'000'000'000));
    api::Catalogs catalogs{api::built_in_catalog()};
    const control::Accounts accounts{emulator.store, catalogs, emulator.wall};
    const std::string uin = emulator.store.default_account()->uin;
    const auto refusal = [&](bool dry_run) -> std::string {
        control::Advance advance{
            {.uin = uin, .target = *state::parse_instant("2027-03-31T08:30:00Z"), .dry_run = dry_run},
            {.part = 10, .whole = 100}};
        try {
            for (;;) {
                state::Transaction transaction{emulator.store};
                if (advance.run_part(accounts))
                    return "arrived";
                transaction.commit();
            }
        } catch (const control::Problem& problem) {
            return problem.what();
        }
    };
    CHECK(refusal(true) == "more is due before 2027-03-31T08:30:00Z than one request may do, 6 events or 100 hours; "
                           "ask for an earlier time");
    CHECK(emulator.control("GET", "/_emulator/clock").at("now") == json::value("2026-03-31T08:30:00Z"));
    CHECK(refusal(false).ends_with("; the clock shows 2026-04-05T00:00:00Z: continue from there"));
    CHECK(emulator.control("GET", "/_emulator/clock").at("now") == json::value("2026-04-05T00:00:00Z"));
}

TEST_CASE("a clock on its way stops when its account is dropped, reset or imported")
{
    struct Case {
        std::string_view method;
        std::string_view target;
        std::string_view problem;
    };
    for (const Case& meanwhile : {Case{"DELETE", "/_emulator/accounts?account=100000000002", "was deleted"},
                                  Case{"POST", "/_emulator/reset?account=100000000002", "was reset or imported"}}) {
        CAPTURE(meanwhile.target);
        test::Emulator emulator;
        put(emulator, R"({"format_version":1,"accounts":[{"Uin":"100000000001"},{"Uin":"100000000002",)"
                      R"("Clock":{"FrozenAt":"2026-03-31T08:30:00Z"},"Balance":{"Cash":1000000000000},"Instances":[)" +
                          std::string{hourly} + "]}]}");
        std::any kept;
        const auto go_on = [&] {
            return emulator.app.handle(
                test::control_request("POST", "/_emulator/clock?account=100000000002", R"({"advance":"P200Y"})"),
                {.kept = &kept});
        };
        REQUIRE(go_on().continue_after);
        REQUIRE(go_on().continue_after);
        emulator.control(meanwhile.method, meanwhile.target);
        const http::Reply last = go_on();
        CHECK_FALSE(last.continue_after);
        CHECK(last.response.result_int() == 409);
        CHECK(last.response.body().find(meanwhile.problem) != std::string::npos);
    }
}
