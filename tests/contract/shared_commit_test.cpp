// Calls that share a transaction of a database file, through the whole server: their answers wait for the commit.

#include "tests/support/emulator.hpp"
#include "tests/support/full_disk.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace cvm;
namespace json = boost::json;

namespace {

const std::string instance_id = "ins-r8hr2upy";

test::Call modify(const std::string& flag)
{
    return {.action = "ModifyInstancesRenewFlag",
            .params = {{"InstanceIds", json::array{json::string{instance_id}}}, {"RenewFlag", flag}}};
}

test::Call renew()
{
    return {.action = "RenewInstances",
            .params = {{"InstanceIds", json::array{json::string{instance_id}}},
                       {"InstanceChargePrepaid", json::object{{"Period", 1}}}}};
}

test::Call describe()
{
    return {.action = "DescribeInstances", .params = {{"InstanceIds", json::array{json::string{instance_id}}}}};
}

// A server on a file, and another process that reads it.
struct OnFile {
    explicit OnFile(std::chrono::milliseconds longest_shared = std::chrono::hours{1})
        : app{emulator.services(store),
              emulator.catalog,
              emulator.ids,
              emulator.log,
              {.shared_commit = true, .longest_shared = longest_shared}}
    {
        emulator.ids.counting = true;
        replace_all(store, emulator.fixtures.accounts(emulator.wall.now()));
        uin = store.default_account().value().uin;
    }

    http::Reply reply(const test::Call& call) { return app.handle(test::sign(call, emulator.wall.now()), {}); }

    static json::object members(const http::Reply& reply)
    {
        return json::parse(reply.response.body()).at("Response").as_object();
    }

    static std::string code(const http::Reply& reply)
    {
        const json::object answer = members(reply);
        const auto* problem = answer.if_contains("Error");
        return problem != nullptr ? std::string{problem->at("Code").as_string()} : "OK";
    }

    // Sends calls one at a time, so that they do not share a commit.
    http::Reply alone(const test::Call& call)
    {
        http::Reply first = reply(call);
        return first.held ? std::move(app.held_answers().at(0)) : std::move(first);
    }

    std::string flag_of(const http::Reply& described)
    {
        return std::string{members(described).at("InstanceSet").at(0).at("RenewFlag").as_string()};
    }

    std::optional<state::RenewFlag> committed_flag()
    {
        return other.find_instance(uin, instance_id).value().renew_flag;
    }

    http::Response control(boost::beast::http::verb method, std::string_view target, std::string_view body = {})
    {
        http::Request request{method, {target.data(), target.size()}, 11};
        request.body() = body;
        return app.handle(request, {}).response;
    }

    // "action code done" of the calls in the journal.
    std::vector<std::string> journal()
    {
        std::vector<std::string> lines;
        for (const calls::CallRecord& call : emulator.journal.of(uin).calls)
            lines.push_back(call.action + " " + call.code + (call.done ? " done" : ""));
        return lines;
    }

    test::TempDir dir;
    test::Emulator emulator;
    state::CachingStore store{std::make_unique<state::SqliteStore>(dir.file("cvm.db")), state::Writes::at_once};
    state::SqliteStore other{dir.file("cvm.db")};
    std::string uin;
    App app;
};

using Lines = std::vector<std::string>;
using state::RenewFlag;

} // namespace

TEST_CASE_FIXTURE(OnFile, "a call that the control API makes is committed with those before it, and answered at once")
{
    CHECK(reply(modify("DISABLE_NOTIFY_AND_MANUAL_RENEW")).held);
    const http::Response answer =
        control(boost::beast::http::verb::post, "/_emulator/call",
                R"({"action":"ModifyInstancesRenewFlag","version":"2017-03-12","region":"ap-guangzhou",
                    "parameters":{"InstanceIds":["ins-r8hr2upy"],"RenewFlag":"NOTIFY_AND_AUTO_RENEW"}})");
    CHECK(answer.result_int() == 200);
    const json::value told = json::parse(answer.body());
    CHECK(told.at("response").at("Response").as_object().contains("RequestId"));
    CHECK(told.at("request_id") == told.at("response").at("Response").at("RequestId"));
    CHECK(committed_flag() == RenewFlag::notify_and_auto_renew);
    const auto answers = app.held_answers();
    REQUIRE(answers.size() == 1);
    CHECK(code(answers.front()) == "OK");
    // RequestIds are consecutive: each call got its own.
    CHECK(members(answers.front()).at("RequestId").as_string() < told.at("request_id").as_string());
}

TEST_CASE_FIXTURE(OnFile, "answers wait for the commit of the transaction that their calls share, and leave in order")
{
    CHECK_FALSE(reply(describe()).held); // no transaction is open yet
    CHECK(reply(modify("DISABLE_NOTIFY_AND_MANUAL_RENEW")).held);
    CHECK(reply(describe()).held); // it shows uncommitted data
    CHECK(reply(modify("NOTIFY_AND_AUTO_RENEW")).held);
    CHECK(reply(renew()).held);
    CHECK(committed_flag() == RenewFlag::notify_and_manual_renew);
    CHECK(journal() == Lines{"DescribeInstances OK done"});

    const auto answers = app.held_answers();
    CHECK(committed_flag() == RenewFlag::notify_and_auto_renew);
    REQUIRE(answers.size() == 4);
    for (const http::Reply& answer : answers) {
        CHECK(code(answer) == "OK");
        CHECK_FALSE(answer.held);
        CHECK(answer.state_changed);
    }
    CHECK(flag_of(answers[1]) == "DISABLE_NOTIFY_AND_MANUAL_RENEW");
    CHECK(journal() == Lines{"DescribeInstances OK done", "ModifyInstancesRenewFlag OK done",
                             "DescribeInstances OK done", "ModifyInstancesRenewFlag OK done",
                             "RenewInstances OK done"});
    CHECK(app.held_answers().empty());
    CHECK_FALSE(reply(describe()).held);
}

TEST_CASE_FIXTURE(OnFile, "a refused call leaves nothing and the calls before and after it are committed")
{
    test::Call wrong = renew();
    wrong.params["InstanceIds"] = json::array{json::string{instance_id}, "ins-00000000"};
    CHECK_FALSE(reply(wrong).held); // without others it has nothing to wait for
    CHECK(reply(modify("DISABLE_NOTIFY_AND_MANUAL_RENEW")).held);
    CHECK(reply(wrong).held);
    test::Call unsigned_call = renew();
    unsigned_call.secret_key = "wrong";
    CHECK(reply(unsigned_call).held);
    CHECK(reply(modify("NOTIFY_AND_AUTO_RENEW")).held);
    const auto answers = app.held_answers();
    REQUIRE(answers.size() == 4);
    CHECK(code(answers[0]) == "OK");
    CHECK(code(answers[1]) == "InvalidInstanceId.NotFound");
    CHECK(code(answers[2]) == "AuthFailure.SignatureFailure");
    CHECK(code(answers[3]) == "OK");
    CHECK(committed_flag() == RenewFlag::notify_and_auto_renew);
    CHECK(other.dump_account(uin) == store.dump_account(uin));
}

TEST_CASE_FIXTURE(OnFile, "a request to the control API comes after the commit")
{
    CHECK(reply(modify("NOTIFY_AND_AUTO_RENEW")).held);
    CHECK(control(boost::beast::http::verb::get, "/_emulator/requests").body().find("ModifyInstancesRenewFlag") !=
          std::string::npos);
    CHECK(committed_flag() == RenewFlag::notify_and_auto_renew);
    CHECK_FALSE(reply(describe()).held);
    CHECK(reply(modify("NOTIFY_AND_MANUAL_RENEW")).held);
    const auto answers = app.held_answers();
    REQUIRE(answers.size() == 2);
    CHECK(code(answers[0]) == "OK");
    CHECK(code(answers[1]) == "OK");
    CHECK(committed_flag() == RenewFlag::notify_and_manual_renew);
}

// Every transaction counts as open for too long.
struct OnFileBriefly : OnFile {
    OnFileBriefly() : OnFile{std::chrono::milliseconds{-1}} {}
};

TEST_CASE_FIXTURE(OnFileBriefly,
                  "a transaction that has been open for long is committed before somebody asks for its answers")
{
    CHECK(reply(modify("NOTIFY_AND_AUTO_RENEW")).held);
    CHECK(committed_flag() == RenewFlag::notify_and_auto_renew);
    CHECK_FALSE(reply(describe()).held);
    CHECK(reply(modify("NOTIFY_AND_MANUAL_RENEW")).held);
    CHECK(committed_flag() == RenewFlag::notify_and_manual_renew);
    CHECK(app.held_answers().size() == 2);
}

TEST_CASE_FIXTURE(OnFile, "when the commit fails, every call that depends on it fails, and later calls work again")
{
    const auto before = other.dump_account(uin);
    {
        const test::FullDisk full;
        reply(modify("DISABLE_NOTIFY_AND_MANUAL_RENEW"));
        reply(describe());
        test::Call unsigned_call = renew();
        unsigned_call.secret_key = "wrong";
        reply(unsigned_call);
        reply(renew());
        reply(modify("NOTIFY_AND_AUTO_RENEW"));
        const auto answers = app.held_answers();
        REQUIRE(answers.size() == 5);
        Lines codes;
        for (const http::Reply& answer : answers)
            codes.push_back(code(answer));
        CHECK(codes == Lines{"InternalServerError", "InternalServerError", "AuthFailure.SignatureFailure",
                             "InternalServerError", "InternalServerError"});
        CHECK(members(answers[0]).at("RequestId") != members(answers[1]).at("RequestId"));
    }
    CHECK(journal() == Lines{"ModifyInstancesRenewFlag InternalServerError", "DescribeInstances InternalServerError",
                             "RenewInstances AuthFailure.SignatureFailure", "RenewInstances InternalServerError",
                             "ModifyInstancesRenewFlag InternalServerError"});
    CHECK(store.dump_account(uin) == before);
    CHECK(flag_of(alone(describe())) == "NOTIFY_AND_MANUAL_RENEW");
    CHECK(code(alone(renew())) == "OK");
    CHECK(code(alone(modify("NOTIFY_AND_AUTO_RENEW"))) == "OK");
    CHECK(committed_flag() == RenewFlag::notify_and_auto_renew);
    CHECK(other.dump_account(uin) == store.dump_account(uin));
}

TEST_CASE_FIXTURE(OnFile, "a fault rule that fails a call after its commit tells the journal whether there was one")
{
    const auto commit_then_fail = [&] {
        const http::Response made =
            control(boost::beast::http::verb::post, "/_emulator/faults?account=" + uin,
                    R"({"match":{"action":"RenewInstances"},"when":{"nth":1},"then":{"commit_then_fail":true}})");
        REQUIRE(made.result_int() / 100 == 2);
        reply(modify("DISABLE_NOTIFY_AND_MANUAL_RENEW"));
        reply(renew());
    };
    commit_then_fail();
    auto answers = app.held_answers();
    CHECK(code(answers.at(1)) == "InternalServerError");
    CHECK(answers.at(1).response.count("X-Emulator-Fault") == 1);
    CHECK(journal().back() == "RenewInstances InternalServerError done");

    commit_then_fail();
    {
        const test::FullDisk full;
        answers = app.held_answers();
    }
    CHECK(code(answers.at(1)) == "InternalServerError");
    CHECK(answers.at(1).response.count("X-Emulator-Fault") == 0);
    CHECK(journal().back() == "RenewInstances InternalServerError");
}

TEST_CASE_FIXTURE(OnFile, "a call that another process keeps from writing fails alone and at once")
{
    {
        const state::Transaction elsewhere{other};
        const http::Reply answer = reply(modify("NOTIFY_AND_AUTO_RENEW"));
        CHECK_FALSE(answer.held);
        CHECK(code(answer) == "InternalServerError");
    }
    CHECK(code(alone(modify("NOTIFY_AND_AUTO_RENEW"))) == "OK");
    CHECK(committed_flag() == RenewFlag::notify_and_auto_renew);
}

TEST_CASE("without a file no answer is held")
{
    test::Emulator emulator;
    CHECK_FALSE(emulator.reply(test::sign(modify("NOTIFY_AND_AUTO_RENEW"), emulator.wall.now())).held);
}
