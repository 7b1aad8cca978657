// A database file that fails while the server runs: the answers of calls, the health and the log.

#include "tests/support/emulator.hpp"
#include "tests/support/full_disk.hpp"
#include "tests/support/logged.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <filesystem>

using namespace cvm;
namespace json = boost::json;
namespace bhttp = boost::beast::http;

namespace {

test::Call renew()
{
    return {.action = "RenewInstances",
            .params = {{"InstanceIds", {"ins-r8hr2upy"}}, {"InstanceChargePrepaid", json::object{{"Period", 1}}}}};
}

struct OnFile {
    OnFile()
    {
        replace_all(store, emulator.fixtures.accounts(emulator.wall.now()));
        uin = store.default_account().value().uin;
    }

    http::Reply reply(const test::Call& call) { return app.handle(test::sign(call, emulator.wall.now()), {}); }

    // The code of the answer; waits until the answer is released.
    std::string code(const test::Call& call)
    {
        http::Reply given = reply(call);
        if (given.held)
            given = std::move(app.held_answers().at(0));
        const json::value body = json::parse(given.response.body());
        const auto* problem = body.at("Response").as_object().if_contains("Error");
        return problem != nullptr ? std::string{problem->at("Code").as_string()} : "OK";
    }

    http::Response control(bhttp::verb method, std::string_view target, std::string_view body = {})
    {
        http::Request request{method, {target.data(), target.size()}, 11};
        request.body() = body;
        return app.handle(request, {}).response;
    }

    // "200 ok", "503 broken: <reason>" of both paths.
    std::string health()
    {
        std::string shown;
        for (const char* target : {"/health", "/_emulator/health"}) {
            const http::Response answer = control(bhttp::verb::get, target);
            const json::value body = json::parse(answer.body());
            const auto* reason = body.as_object().if_contains("reason");
            const std::string now = std::to_string(answer.result_int()) + " " +
                                    std::string{body.at("status").as_string()} +
                                    (reason != nullptr ? ": " + std::string{reason->as_string()} : "");
            if (!shown.empty())
                CHECK(now == shown);
            shown = now;
        }
        return shown;
    }

    std::int64_t orders() { return store.find_account(uin).value().orders; }

    test::TempDir dir;
    std::string path = dir.file("cvm.db");
    test::Emulator emulator;
    Log log{LogLevel::error};
    state::CachingStore store{std::make_unique<state::SqliteStore>(path), state::Writes::at_once};
    std::string uin;
    App app{emulator.services(store), emulator.catalog, emulator.ids, log, {.shared_commit = true}};
};

} // namespace

TEST_CASE_FIXTURE(OnFile,
                  "on a full disk calls that write fail, the log names the file, and health is bad until there is room")
{
    CHECK(health() == "200 ok");
    const std::int64_t before = orders();
    {
        const test::FullDisk full;
        const std::string lines = test::logged([&] {
            CHECK(code(renew()) == "InternalServerError");
            const http::Response refused =
                control(bhttp::verb::post, "/_emulator/ledger", R"({"deposit":1,"to":"cash"})");
            CHECK(refused.result_int() == 500);
            CHECK(json::parse(refused.body()).at("error").as_string().starts_with(path + ": "));
        });
        CHECK(test::count_of(lines, " error request_id=") == 2);
        CHECK(test::count_of(lines, "broke: " + path + ": ") == 2);
        CHECK(health().starts_with("503 broken: " + path + ": "));
        CHECK(code({.action = "DescribeInstances"}) == "OK"); // needs no space
        CHECK(health().starts_with("503 broken: "));
    }
    CHECK(health() == "200 ok");
    CHECK(orders() == before);
    CHECK(code(renew()) == "OK");
    CHECK(orders() == before + 1);
    CHECK(health() == "200 ok");
}

TEST_CASE_FIXTURE(OnFile, "a call after a failure needs no health check to succeed")
{
    {
        const test::FullDisk full;
        test::logged([&] { CHECK(code(renew()) == "InternalServerError"); });
    }
    CHECK(code(renew()) == "OK");
    CHECK(health() == "200 ok");
}

TEST_CASE_FIXTURE(OnFile, "health is asked for between a call and its commit")
{
    const http::Reply held = reply(renew());
    CHECK(held.held);
    CHECK(health() == "200 ok");
    CHECK(app.held_answers().size() == 1);
}

TEST_CASE_FIXTURE(OnFile, "when the file was deleted no call is answered as if it were kept")
{
    const std::int64_t before = orders();
    std::filesystem::remove(path);
    CHECK(health() == "200 ok"); // noticed at the next write
    const std::string lines = test::logged([&] {
        CHECK(code(renew()) == "InternalServerError");
        CHECK(code(renew()) == "InternalServerError");
    });
    CHECK(test::count_of(lines, "broke: " + path + ": deleted or replaced") == 2);
    CHECK(test::count_of(lines, "restart") == 2);
    CHECK(health().starts_with("503 broken: " + path + ": deleted or replaced"));
    CHECK(orders() == before);
    CHECK(code({.action = "DescribeInstances"}) == "OK");
    CHECK(control(bhttp::verb::get, "/_emulator/state").result_int() == 200);
}
