// Lack of memory in the middle of a request, at each of its allocations in turn: the request is answered, it is
// executed completely or not at all, and the next one works.

#include "tests/memory/small_account.hpp"
#include "tests/support/emulator.hpp"
#include "tests/support/failing_memory.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cvm;
using test::Failing;
using test::FailingMemory;
namespace json = boost::json;
namespace bhttp = boost::beast::http;

namespace {

const json::array some_ids{"ins-r8hr2upy", "ins-5d8a23rs"};

test::Call renew()
{
    return {.action = "RenewInstances",
            .params = {{"InstanceIds", some_ids}, {"InstanceChargePrepaid", json::object{{"Period", 1}}}}};
}

test::Call modify(std::string_view flag)
{
    return {.action = "ModifyInstancesRenewFlag", .params = {{"InstanceIds", some_ids}, {"RenewFlag", flag}}};
}

test::Call in_dialect(test::Call call, wire::Dialect dialect)
{
    call.dialect = dialect;
    return call;
}

test::Call wrongly_signed(test::Call call)
{
    call.secret_key = "wrong";
    return call;
}

http::Request control(bhttp::verb method, std::string_view target, std::string_view body = {})
{
    http::Request request{method, {target.data(), target.size()}, 11};
    request.body() = body;
    return request;
}

// A server, in memory or on a file, whose calls are made with failing allocations.
struct Server {
    explicit Server(std::unique_ptr<state::CachingStore> of, bool shared_commit)
        : store{std::move(of)},
          app{emulator.services(*store),
              emulator.catalog,
              emulator.ids,
              emulator.log,
              {.shared_commit = shared_commit, .longest_shared = std::chrono::hours{1}}}
    {
        emulator.ids.counting = true;
        replace_all(*store, emulator.fixtures.accounts(emulator.wall.now()));
        uin = store->default_account().value().uin;
    }

    // The answer; if it is held, when it is released.
    http::Response answer(const http::Request& request)
    {
        http::Reply reply = app.handle(request, {.waited = http::longest_wait});
        if (!reply.held)
            return std::move(reply.response); // a copy would need memory
        auto answers = app.held_answers();
        return std::move(answers.at(0).response);
    }

    json::value answer_of(const http::Request& request) { return json::parse(answer(request).body()); }

    // Checks that the cache equals the store, and that all invariants hold.
    void check_state()
    {
        const auto dump = store->dump_account(uin);
        REQUIRE(dump.has_value());
        CHECK(store->find_account(uin) == dump->account);
        for (const state::Instance& instance : dump->instances)
            CHECK(store->find_instance(uin, instance.id) == instance);
        for (const state::Credential& credential : dump->credentials)
            CHECK(store->find_credential(credential.secret_id) == credential);
        CHECK(answer_of(control(bhttp::verb::get, "/_emulator/invariants")).at("ok") == json::value(true));
        CHECK(store->why_broken() == std::nullopt);
    }

    test::Emulator emulator{test::small_account()};
    std::unique_ptr<state::CachingStore> store;
    std::string uin;
    App app;
};

struct InMemory : Server {
    InMemory()
        : Server{std::make_unique<state::CachingStore>(std::make_unique<state::SqliteStore>(":memory:"),
                                                       state::Writes::when_needed),
                 false}
    {
    }
};

struct Dir {
    test::TempDir dir;
};

struct OnFile : Dir, Server {
    OnFile()
        : Server{std::make_unique<state::CachingStore>(std::make_unique<state::SqliteStore>(dir.file("cvm.db")),
                                                       state::Writes::at_once),
                 true}
    {
    }
};

// Why an answer is not acceptable when memory fails; empty if it is.
std::string why_bad(const http::Response& answer, bool api, bool for_good)
{
    // The spare answer was already used, and could not be prepared again.
    if (for_good && answer.result_int() == 500 && answer.body().empty())
        return {};
    boost::system::error_code ec;
    const json::value body = json::parse(answer.body(), ec);
    if (ec || !body.is_object())
        return "no JSON: " + answer.body();
    if (api && answer.result_int() != 200)
        return "status " + std::to_string(answer.result_int());
    if (!api && answer.result_int() != 200 && !body.as_object().contains("error"))
        return "no error: " + answer.body();
    if (const auto* response = body.as_object().if_contains("Response");
        response != nullptr && response->at("RequestId").as_string().size() != 36)
        return "no RequestId: " + answer.body();
    return {};
}

struct Row {
    std::string name;
    http::Request request;
    bool api = true;
};

std::vector<Row> requests(state::Instant now)
{
    using wire::Dialect;
    const auto call = [&](std::string name, const test::Call& of) { return Row{std::move(name), test::sign(of, now)}; };
    const auto other = [](std::string name, http::Request request) {
        return Row{std::move(name), std::move(request), false};
    };
    test::Call legacy = in_dialect({.action = "DescribeInstances"}, Dialect::legacy);
    legacy.nonce = 0;
    return {
        call("renew", renew()),
        call("modify", modify("NOTIFY_AND_AUTO_RENEW")),
        call("describe", {.action = "DescribeInstances"}),
        call("describe two", {.action = "DescribeInstances", .params = {{"InstanceIds", some_ids}}}),
        call("price", {.action = "InquiryPriceRenewInstances",
                       .params = {{"InstanceIds", some_ids}, {"InstanceChargePrepaid", json::object{{"Period", 1}}}}}),
        call("stop", {.action = "StopInstances", .params = {{"InstanceIds", some_ids}}}),
        call("start", {.action = "StartInstances", .params = {{"InstanceIds", some_ids}}}),
        call("orders", {.action = "DescribeDealsByCond",
                        .params = {{"StartTime", "2020-01-01 00:00:00"}, {"EndTime", "2027-01-01 00:00:00"}},
                        .version = "2018-07-09",
                        .region = "",
                        .service = "billing"}),
        call("v1", in_dialect(modify("NOTIFY_AND_MANUAL_RENEW"), Dialect::v1)),
        call("legacy", legacy),
        call("wrongly signed", wrongly_signed(renew())),
        call("unknown", {.action = "RenewEverything"}),
        call("badly formed", {.action = "RenewInstances", .params = {{"InstanceIds", "ins-r8hr2upy"}}}),
        other("no request", control(bhttp::verb::put, "/", "x")),
        other("elsewhere", control(bhttp::verb::get, "/elsewhere")),
        other("health", control(bhttp::verb::get, "/health")),
        other("clock", control(bhttp::verb::get, "/_emulator/clock")),
        other("advance", control(bhttp::verb::post, "/_emulator/clock", R"({"advance":"P1D"})")),
        other("deposit", control(bhttp::verb::post, "/_emulator/ledger", R"({"deposit":100,"to":"cash"})")),
        other("ledger", control(bhttp::verb::get, "/_emulator/ledger")),
        other("calls", control(bhttp::verb::get, "/_emulator/requests")),
        other("verify", control(bhttp::verb::post, "/_emulator/requests/verify", R"({"match":{"action":"Renew*"}})")),
        other("fault", control(bhttp::verb::post, "/_emulator/faults",
                               R"({"match":{"action":"NoSuch"},"then":{"error":"InternalError"},"ttl":"PT1S"})")),
        other("misspelt fault",
              control(bhttp::verb::post, "/_emulator/faults", R"({"then":{"error":"InternalEror"}})")),
        other("faults", control(bhttp::verb::get, "/_emulator/faults")),
        other("openapi", control(bhttp::verb::get, "/_emulator/openapi.json")),
        other("account", control(bhttp::verb::post, "/_emulator/accounts", R"({"from":"empty"})")),
        other("state", control(bhttp::verb::get, "/_emulator/state?account=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE")),
        other("reset", control(bhttp::verb::post, "/_emulator/reset?account=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE")),
    };
}

// Fails each of the first 500 allocations of each request in turn, and a sample of the later ones.
void run_out(Server& server, Failing failing)
{
    const bool for_good = failing == Failing::for_good;
    const http::Request next = test::sign({.action = "DescribeInstancesStatus"}, server.emulator.wall.now());
    for (const Row& row : requests(server.emulator.wall.now())) {
        CAPTURE(row.name);
        std::uint64_t number = 0;
        for (bool failed = true; failed;) {
            number += 1 + number / 500;
            CAPTURE(number);
            server.emulator.nonces.clear(); // the same request is repeated
            http::Response answer;
            {
                const FailingMemory memory{number, failing};
                answer = server.answer(row.request);
                failed = FailingMemory::failed();
            }
            CHECK(why_bad(answer, row.api, for_good) == "");
            CHECK_FALSE(server.answer_of(next).at("Response").as_object().contains("Error"));
            if (number % 16 == 0 || !failed)
                server.check_state();
            REQUIRE(number < 100'000);
        }
        CHECK(number > 5);
    }
    CHECK(server.answer_of(test::sign(renew(), server.emulator.wall.now()))
              .at("Response")
              .as_object()
              .contains("RequestId"));
}

} // namespace

TEST_CASE("in memory, each allocation of a request may fail alone")
{
    InMemory server;
    run_out(server, Failing::once);
}

TEST_CASE("in memory, all allocations may fail from any point of a request on")
{
    InMemory server;
    run_out(server, Failing::for_good);
}

TEST_CASE("with a file, each allocation of a request may fail alone")
{
    OnFile server;
    run_out(server, Failing::once);
}

TEST_CASE("with a file, all allocations may fail from any point of a request on")
{
    OnFile server;
    run_out(server, Failing::for_good);
}

TEST_CASE_FIXTURE(OnFile, "calls that share a commit for which memory runs out are all answered, in order")
{
    const http::Request calls[] = {test::sign(modify("NOTIFY_AND_AUTO_RENEW"), emulator.wall.now()),
                                   test::sign({.action = "DescribeInstances"}, emulator.wall.now()),
                                   test::sign(modify("NOTIFY_AND_MANUAL_RENEW"), emulator.wall.now())};
    for (const Failing failing : {Failing::once, Failing::for_good}) {
        bool failed = true;
        for (std::uint64_t number = 1; failed; ++number) {
            CAPTURE(number);
            for (const http::Request& call : calls)
                CHECK(app.handle(call, {}).held);
            std::vector<http::Reply> answers;
            {
                const FailingMemory memory{number, failing};
                answers = app.held_answers();
                failed = FailingMemory::failed();
            }
            REQUIRE(answers.size() == std::size(calls));
            for (const http::Reply& answer : answers) {
                CHECK_FALSE(answer.held);
                CHECK(why_bad(answer.response, true, failing == Failing::for_good) == "");
            }
            check_state();
        }
    }
}

TEST_CASE_FIXTURE(InMemory, "a request that is refused before it is handled is refused without memory, too")
{
    http::RequestHeader header;
    for (const char* target : {"/", "/v2/index.php", "/_emulator/clock"})
        for (const Failing failing : {Failing::once, Failing::for_good}) {
            header.target(target);
            bool failed = true;
            for (std::uint64_t number = 1; failed; ++number) {
                http::Response answer;
                {
                    const FailingMemory memory{number, failing};
                    answer = app.refuse(http::Refusal::timeout, header);
                    failed = FailingMemory::failed();
                }
                CHECK((answer.result_int() == 200 || answer.result_int() == 408 || answer.result_int() == 500));
                app.handle(control(bhttp::verb::get, "/health"), {}); // prepares new spare answers
            }
        }
    const FailingMemory memory{1, Failing::for_good};
    app.has_priority(header);
    app.body_limit(header);
    CHECK_FALSE(FailingMemory::failed());
}
