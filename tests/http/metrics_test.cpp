// /metrics over a real socket. How its text is made is in tests/unit/control/; promtool reads it in tests/tools/.
#include "tests/support/http/server_fixture.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <sstream>
#include <string>
#include <string_view>

namespace cvm::http::test {

namespace {

using Samples = std::map<std::string, std::string>; // name and labels -> value

// Reads the metrics. All scrapes of a test use one connection.
class Scraper {
public:
    explicit Scraper(const Served& served) : served_{served}, client_{served.port()} {}

    Samples samples()
    {
        const Answer answer = client_.exchange(served_.control_text("GET", "/metrics"));
        CHECK(answer.status == 200);
        CHECK(answer.field("Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
        Samples found;
        std::istringstream lines{answer.body};
        for (std::string line; std::getline(lines, line);)
            if (!line.starts_with('#'))
                CHECK(found.emplace(line.substr(0, line.rfind(' ')), line.substr(line.rfind(' ') + 1)).second);
        return found;
    }

    // Scrapes until there is no other connection.
    Samples alone()
    {
        const auto give_up = std::chrono::steady_clock::now() + patience;
        for (;;) {
            Samples now = samples();
            if (now.at("cvm_emulator_connections_open") == "1")
                return now;
            REQUIRE(std::chrono::steady_clock::now() < give_up);
        }
    }

private:
    const Served& served_;
    Client client_;
};

// The samples whose name begins with `begin`.
Samples only(const Samples& all, std::string_view begin)
{
    Samples found;
    for (const auto& [name, value] : all)
        if (name.starts_with(begin))
            found.emplace(name, value);
    return found;
}

std::string requests(std::string_view action, std::string_view code, std::string_view version = "2017-03-12",
                     std::string_view product = "cvm")
{
    std::string name{"cvm_emulator_requests_total"};
    return name.append("{product=\"")
        .append(product)
        .append("\",version=\"")
        .append(version)
        .append("\",action=\"")
        .append(action)
        .append("\",code=\"")
        .append(code)
        .append("\"}");
}

} // namespace

TEST_CASE("the figures are exactly what was asked of the server")
{
    Served served;
    Scraper scraper{served};
    CHECK(only(scraper.samples(), "cvm_emulator_requests_total").empty());

    // Eight calls of the API, each on its own connection.
    CHECK(served.code({.action = "RenewInstances", .params = renewal("ins-r8hr2upy")}) == "OK");
    CHECK(served.code({.action = "RenewInstances", .params = renewal("ins-5d8a23rs")}) == "OK");
    CHECK(served.code({.action = "RenewInstances", .params = renewal("ins-00000000")}) == "InvalidInstanceId.NotFound");
    CHECK(served.code({.action = "DescribeInstances"}) == "OK");
    CHECK(served.code({.action = "DescribeInstances", .secret_key = "wrong"}) == "AuthFailure.SignatureFailure");
    CHECK(served.code({.action = "DescribeInstances", .force_error = "InternalError"}) == "InternalError");
    CHECK(served.code({.action = "Teapot\"} 1"}) == "InvalidAction");
    CHECK(
        served.send({.action = "DescribeInstances", .version = "", .dialect = wire::Dialect::legacy_numeric}).status ==
        200);
    // Requests that are not calls, and one that is not read.
    served.control("GET", "/health");
    served.control("GET", "/_emulator/clock");
    for (const char* path : {"/nowhere", "/else\"where", "/_emulator/teapot"})
        CHECK(Client{served.port()}.exchange(served.control_text("GET", path)).status == 404);
    CHECK(Client{served.port()}.exchange("GET /health\r\n\r\n").status == 400);

    const Samples now = scraper.alone();
    CHECK(only(now, "cvm_emulator_requests_total") ==
          Samples{{requests("RenewInstances", "OK"), "2"},
                  {requests("RenewInstances", "InvalidInstanceId.NotFound"), "1"},
                  {requests("DescribeInstances", "OK"), "1"},
                  {requests("DescribeInstances", "AuthFailure.SignatureFailure"), "1"},
                  {requests("DescribeInstances", "InternalError"), "1"},
                  {requests("unknown", "InvalidAction", "unknown", "unknown"), "1"},
                  {requests("DescribeInstances", "OK", "none"), "1"}});
    CHECK(only(now, "cvm_emulator_request_duration_seconds_count") ==
          Samples{{"cvm_emulator_request_duration_seconds_count{product=\"cvm\",version=\"2017-03-12\","
                   "action=\"RenewInstances\"}",
                   "3"},
                  {"cvm_emulator_request_duration_seconds_count{product=\"cvm\",version=\"2017-03-12\","
                   "action=\"DescribeInstances\"}",
                   "3"},
                  {"cvm_emulator_request_duration_seconds_count{product=\"unknown\",version=\"unknown\","
                   "action=\"unknown\"}",
                   "1"},
                  {"cvm_emulator_request_duration_seconds_count{product=\"cvm\",version=\"none\","
                   "action=\"DescribeInstances\"}",
                   "1"}});
    CHECK(now.at("cvm_emulator_other_requests_total{status=\"404\"}") == "3");
    CHECK(only(now, "cvm_emulator_other_requests_total").size() == 2); // 200 and 404
    CHECK(now.at("cvm_emulator_refusals_total{reason=\"malformed\"}") == "1");
    CHECK(now.at("cvm_emulator_refusals_total{reason=\"timeout\"}") == "0");
    CHECK(now.at("cvm_emulator_connections_accepted_total") == "15"); // 8 + 2 + 3 + 1, and the scraper's
    CHECK(now.at("cvm_emulator_connections_refused_total") == "0");
    CHECK(now.at("cvm_emulator_journal_calls") == "8");
    CHECK(now.at("cvm_emulator_journal_dropped_total") == "0");
    CHECK(now.at("process_start_time_seconds") == "1774945800"); // test_time
    for (const auto& [name, value] : now) {
        CHECK(name.find("eapot") == std::string::npos);
        CHECK(name.find("where") == std::string::npos);
    }
    CHECK(scraper.samples().at("cvm_emulator_other_requests_total{status=\"200\"}") ==
          std::to_string(std::stoi(now.at("cvm_emulator_other_requests_total{status=\"200\"}")) + 1));
}

TEST_CASE("the sizes are those of the state and the journal")
{
    Served served;
    Scraper scraper{served};
    const auto instances = [&] {
        std::size_t count = 0;
        const json::value state = served.control("GET", "/_emulator/state");
        for (const json::value& account : state.at("accounts").as_array())
            count += account.at("Instances").as_array().size();
        return std::to_string(count);
    };
    const Samples before = scraper.samples();
    CHECK(before.at("cvm_emulator_instances") == instances());
    const json::object account = served.make_account();
    const Samples after = scraper.samples();
    CHECK(after.at("cvm_emulator_accounts") == std::to_string(std::stoi(before.at("cvm_emulator_accounts")) + 1));
    CHECK(after.at("cvm_emulator_instances") == instances());
    CHECK(std::stoi(after.at("cvm_emulator_database_bytes")) > 4096);

    CHECK(served.code(by(account, "DescribeInstances")) == "OK");
    CHECK(scraper.samples().at("cvm_emulator_journal_calls") == "1");
    CHECK(scraper.samples().at("cvm_emulator_journal_bytes") != "0");
    served.control("POST", "/_emulator/reset", "{}");
    CHECK(scraper.samples().at("cvm_emulator_journal_calls") == "0");
    CHECK(scraper.samples().at("cvm_emulator_accounts") == before.at("cvm_emulator_accounts"));
    CHECK(scraper.samples().at(requests("DescribeInstances", "OK")) == "1"); // counters never fall
}

TEST_CASE("a call whose answer a fault rule takes away is counted without a code")
{
    Served served;
    const auto fail_once = [&](const std::string& then) {
        served.control("POST", "/_emulator/faults", R"({"when":{"times":1},"then":)" + then + "}");
    };
    const Call call{.action = "DescribeInstances"};
    fail_once(R"({"drop":true})");
    Client dropped{served.port()};
    dropped.send(served.text_of(call));
    CHECK(!dropped.receive());
    fail_once(R"({"status":503})");
    CHECK(served.send(call).status == 503);
    fail_once(R"({"error":"InternalError"})");
    CHECK(served.code(call) == "InternalError");
    CHECK(only(Scraper{served}.samples(), "cvm_emulator_requests_total") ==
          Samples{{requests("DescribeInstances", "none"), "2"}, {requests("DescribeInstances", "InternalError"), "1"}});
}

TEST_CASE("a scraper may come by any name, but needs the token if there is one")
{
    Served served{{}, "open sesame"};
    const auto scrape = [&](std::string_view lines) {
        return Client{served.port()}
            .exchange("GET /metrics HTTP/1.1\r\nHost: emulator:8213\r\n" + std::string{lines} + "\r\n")
            .status;
    };
    CHECK(scrape("") == 401);
    CHECK(scrape("Authorization: Bearer sesame\r\n") == 401);
    CHECK(scrape("Authorization: Bearer open sesame\r\n") == 200);
    const Answer of_a_page = Client{served.port()}.exchange("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                                            "Origin: http://evil.example\r\n"
                                                            "Authorization: Bearer open sesame\r\n\r\n");
    CHECK(of_a_page.field("Access-Control-Allow-Origin").empty()); // so that the page cannot read it
}

} // namespace cvm::http::test
