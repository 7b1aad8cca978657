// /_emulator/faults over a real socket: what the client receives, and whether its order was executed.
#include "tests/support/http/server_fixture.hpp"

#include <doctest/doctest.h>

namespace cvm::http::test {

namespace {

constexpr std::string_view instance = "ins-r8hr2upy";

std::string expiry(const Served& served, const json::object& account)
{
    const json::object answer =
        served.response(by(account, "DescribeInstances", {{"InstanceIds", json::array{instance}}}));
    return text(answer.at("InstanceSet").at(0).at("ExpiredTime"));
}

struct Bench {
    Served served;
    json::object account = served.make_account();
    std::string query = "?account=" + text(account.at("Uin"));
    std::string before = expiry(served, account);

    json::object add(std::string_view rule) const
    {
        return served.control("POST", "/_emulator/faults" + query, rule).as_object();
    }

    Call renew() const { return by(account, "RenewInstances", renewal(instance)); }
    std::string code() const { return served.code(renew()); }
    bool renewed() const { return expiry(served, account) != before; }

    json::object last_call() const
    {
        const json::value list = served.control("GET", "/_emulator/requests" + query + "&action=RenewInstances");
        return list.at("calls").as_array().back().as_object();
    }
};

} // namespace

TEST_CASE("an error replaces the work, with its own text, and says that a rule caused it")
{
    Bench bench;
    const json::object rule =
        bench.add(R"({"match":{"action":"RenewInstances"},"then":{"error":"InvalidAccount.InsufficientBalance"}})");
    const Answer answer = bench.served.send(bench.renew());
    CHECK(answer.status == 200);
    CHECK(answer.field("X-Emulator-Fault") ==
          text(rule.at("id")) + "; error=InvalidAccount.InsufficientBalance; call=1");
    const json::value error = json::parse(answer.body).at("Response").at("Error");
    CHECK(text(error.at("Code")) == "InvalidAccount.InsufficientBalance");
    CHECK_FALSE(text(error.at("Message")).empty());
    CHECK_FALSE(bench.renewed());
    CHECK_FALSE(bench.last_call().at("done").as_bool());

    // Other actions and other accounts are not affected.
    CHECK(bench.served.code(by(bench.account, "DescribeInstances")) == "OK");
    CHECK(bench.served.code({.action = "RenewInstances", .params = renewal(instance)}) == "OK");
}

TEST_CASE("commit then fail: the order is paid and the client sees an error or nothing")
{
    struct Case {
        std::string_view then;
        std::string_view seen;
    };
    for (const Case& c :
         {Case{R"({"commit_then_fail":true})", "InternalServerError"},
          Case{R"({"commit_then_fail":true,"error":"MutexOperation.TaskRunning"})", "MutexOperation.TaskRunning"},
          Case{R"({"commit_then_fail":true,"drop":true})", ""},
          Case{R"({"commit_then_fail":true,"status":502})", "502"}}) {
        CAPTURE(c.then);
        Bench bench;
        bench.add(R"({"match":{"action":"RenewInstances"},"when":{"nth":1},"then":)" + std::string{c.then} + "}");
        Client client{bench.served.port()};
        REQUIRE(client.send(bench.served.text_of(bench.renew())));
        const auto answer = client.receive();
        CHECK(answer.has_value() == !c.seen.empty());
        if (c.seen == "502")
            CHECK(answer->status == 502);
        else if (answer)
            CHECK(text(json::parse(answer->body).at("Response").at("Error").at("Code")) == c.seen);
        CHECK(bench.renewed());

        const json::object call = bench.last_call();
        CHECK(call.at("done").as_bool());
        CHECK(call.at("code").is_null() == (c.seen.empty() || c.seen == "502"));
        CHECK(call.at("status").is_null() == c.seen.empty());
        CHECK(text(call.at("fault")).find("commit_then_fail") != std::string::npos);
        // The retry, which this fault simulates, pays a second time.
        CHECK(bench.code() == "OK");
        CHECK(bench.served.control("GET", "/_emulator/invariants" + bench.query).at("ok").as_bool());
    }
}

TEST_CASE("a call that is refused has committed nothing: its refusal is the answer, and the rule waits for the next")
{
    Bench bench;
    bench.add(R"({"match":{"action":"RenewInstances"},"when":{"nth":1},"then":{"commit_then_fail":true}})");
    const Answer refused = bench.served.send(by(bench.account, "RenewInstances", renewal("ins-rebootng")));
    CHECK(refused.field("X-Emulator-Fault").empty());
    CHECK(text(json::parse(refused.body).at("Response").at("Error").at("Code")) ==
          "UnsupportedOperation.InstanceStateRebooting");
    CHECK(bench.code() == "InternalServerError");
    CHECK(bench.renewed());
}

TEST_CASE("a connection that is dropped before the work leaves everything as it was")
{
    Bench bench;
    bench.add(R"({"match":{"action":"RenewInstances"},"when":{"times":1},"then":{"drop":true}})");
    Client client{bench.served.port()};
    REQUIRE(client.send(bench.served.text_of(bench.renew())));
    CHECK(client.drain() == 0);
    CHECK_FALSE(bench.renewed());
    CHECK(bench.code() == "OK");
    CHECK(bench.renewed());
}

TEST_CASE("an answer with a status has no body of the API's unless an error is asked for, too")
{
    Bench bench;
    bench.add(R"({"when":{"nth":1},"then":{"status":503}})");
    bench.add(R"({"when":{"nth":1},"then":{"status":500,"error":"InternalError"}})");
    const Answer bare = bench.served.send(bench.renew());
    CHECK(bare.status == 503);
    CHECK(bare.body == "503 Service Unavailable\n");
    const Answer error = bench.served.send(bench.renew());
    CHECK(error.status == 500);
    CHECK(text(json::parse(error.body).at("Response").at("Error").at("Code")) == "InternalError");
    CHECK_FALSE(bench.renewed());
}

TEST_CASE("delayed, slow and truncated answers are the real ones, and the work is done")
{
    Bench bench;
    bench.add(
        R"({"match":{"action":"RenewInstances"},"when":{"nth":1},"then":{"delay_ms":20,"bytes_per_second":2000}})");
    CHECK(bench.code() == "OK");
    CHECK(bench.renewed());

    bench.add(R"({"match":{"action":"RenewInstances"},"when":{"nth":1},"then":{"truncate":10}})");
    Client client{bench.served.port()};
    REQUIRE(client.send(bench.served.text_of(bench.renew())));
    CHECK_FALSE(client.receive().has_value());
    CHECK(client.take_received() == R"({"Response)");
    CHECK(text(bench.last_call().at("code")) == "OK");
}

TEST_CASE("a delay holds up no other call")
{
    Bench bench;
    bench.add(R"({"match":{"action":"RenewInstances"},"then":{"delay_ms":600000}})");
    Client late{bench.served.port()};
    REQUIRE(late.send(bench.served.text_of(bench.renew())));
    // The action is executed and in the journal, although the answer is still delayed.
    bench.served.control("POST", "/_emulator/requests/wait" + bench.query, R"({"match":{"action":"RenewInstances"}})");
    CHECK(bench.renewed());
}

TEST_CASE("rules can apply to the nth call, to every nth call, or a number of times")
{
    struct Case {
        std::string_view when;
        std::string_view hits; // of ten calls
    };
    for (const Case& c :
         {Case{"{}", "xxxxxxxxxx"}, Case{R"({"nth":3})", "..x......."}, Case{R"({"every":4})", "...x...x.."},
          Case{R"({"times":2})", "xx........"}, Case{R"({"every":3,"times":2})", "..x..x...."},
          Case{R"({"probability":0})", ".........."}, Case{R"({"probability":1})", "xxxxxxxxxx"}}) {
        CAPTURE(c.when);
        Bench bench;
        bench.add(R"({"match":{"action":"DescribeInst*"},"when":)" + std::string{c.when} +
                  R"(,"then":{"error":"InternalError"}})");
        std::string hits;
        for (int i = 0; i < 10; ++i) {
            bench.served.code(by(bench.account, "DescribeRegions"));
            hits += bench.served.code(by(bench.account, "DescribeInstancesStatus")) == "OK" ? '.' : 'x';
        }
        CHECK(hits == c.hits);
    }
}

TEST_CASE("random faults can be repeated from the seed in the answer")
{
    Bench bench;
    const auto run = [&](const std::string& when) {
        bench.served.control("DELETE", "/_emulator/faults" + bench.query);
        const json::object rule = bench.add(R"({"when":)" + when + R"(,"then":{"error":"InternalError"}})");
        std::string hits;
        for (int i = 0; i < 40; ++i) {
            const Answer answer = bench.served.send(by(bench.account, "DescribeInstances"));
            const std::string fault = answer.field("X-Emulator-Fault");
            if (!fault.empty())
                CHECK(fault.ends_with("; seed=" + text(rule.at("when").at("seed"))));
            hits += fault.empty() ? '.' : 'x';
        }
        return std::pair{hits, text(rule.at("when").at("seed"))};
    };
    const auto [first, seed] = run(R"({"probability":0.5})");
    CHECK(first.find('x') != std::string::npos);
    CHECK(first.find('.') != std::string::npos);
    CHECK(run(R"({"probability":0.5,"seed":)" + seed + "}").first == first);
    CHECK(run(R"({"probability":0.5,"seed":1})").first != run(R"({"probability":0.5,"seed":2})").first);
}

TEST_CASE("the first rule that applies takes the call, and later ones do not count it")
{
    Bench bench;
    bench.add(R"({"when":{"times":1},"then":{"error":"InternalError"}})");
    bench.add(R"({"when":{"times":1},"then":{"error":"ResourceInsufficient"}})");
    CHECK(bench.code() == "InternalError");
    CHECK(bench.code() == "ResourceInsufficient");
    CHECK(bench.code() == "OK");
    const json::value list = bench.served.control("GET", "/_emulator/faults" + bench.query);
    for (const json::value& rule : list.at("faults").as_array()) {
        CHECK(rule.at("applied").as_int64() == 1);
        CHECK(rule.at("spent").as_bool());
    }
}

TEST_CASE("rules match region, instance, key, dialect and parameters")
{
    struct Case {
        std::string_view match;
        bool hits;
    };
    for (const Case& c :
         {Case{R"({})", true}, Case{R"({"region":"ap-guangzhou"})", true}, Case{R"({"region":"ap-*"})", true},
          Case{R"({"region":"ap-shanghai"})", false}, Case{R"({"instance":"ins-r8hr2upy"})", true},
          Case{R"({"instance":"ins-5d8a23rs"})", false},
          Case{R"({"params":{"/InstanceChargePrepaid/Period":1}})", true},
          Case{R"({"params":{"/InstanceChargePrepaid/Period":"1"}})", true},
          Case{R"({"params":{"/InstanceChargePrepaid/Period":2}})", false},
          Case{R"({"params":{"/InstanceIds":["ins-r8hr2upy"]}})", true}, Case{R"({"params":{"/Nothing":1}})", false},
          Case{R"({"dialect":"tc3","method":"POST","version":"2017-03-12"})", true}, Case{R"({"dialect":"v1"})", false},
          Case{R"({"secret_id":"AKIDother"})", false}}) {
        CAPTURE(c.match);
        Bench bench;
        bench.add(R"({"match":)" + std::string{c.match} + R"(,"then":{"error":"InternalError"}})");
        CHECK(bench.code() == (c.hits ? "InternalError" : "OK"));
    }
}

TEST_CASE("a rule ends with its time to live and with DELETE")
{
    Bench bench;
    const json::object rule = bench.add(R"({"then":{"error":"InternalError"},"ttl":"PT1M"})");
    CHECK(text(rule.at("ends_at")) == "2026-03-31T08:31:00Z");
    CHECK(bench.code() == "InternalError");
    bench.served.set_real_time(cvm::test::test_time + std::chrono::minutes{1});
    CHECK(bench.code() == "OK");

    const std::string path = "/_emulator/faults" + bench.query;
    const json::object one = bench.add(R"({"then":{"error":"InternalError"}})");
    const json::object two = bench.add(R"({"then":{"error":"ResourceInsufficient"}})");
    CHECK(bench.served.control("DELETE", path + "&id=" + text(one.at("id"))).at("deleted") == 1);
    CHECK(bench.code() == "ResourceInsufficient");
    bench.served.problem("DELETE", path + "&id=" + text(one.at("id")), "", 404);
    bench.served.problem("DELETE", "/_emulator/faults?id=" + text(two.at("id")), "", 404);
    CHECK(bench.served.control("DELETE", path).at("deleted") == 1);
    CHECK(bench.code() == "OK");
}

TEST_CASE("invalid rules are refused with what is valid")
{
    Served served;
    for (const char* bad : {R"({})",
                            R"({"then":{}})",
                            R"({"then":{"error":"NoSuchCode"}})",
                            R"({"then":{"drop":true,"status":500}})",
                            R"({"then":{"status":200}})",
                            R"({"then":{"delay_ms":-1}})",
                            R"({"then":{"delay_ms":600001}})",
                            R"({"then":{"bytes_per_second":0}})",
                            R"({"then":{"truncate":1.5}})",
                            R"({"then":{"eror":"x"}})",
                            R"({"then":{"drop":1}})",
                            R"({"then":[]})",
                            R"({"then":{"drop":true},"when":{"nth":0}})",
                            R"({"then":{"drop":true},"when":{"nth":1,"every":2}})",
                            R"({"then":{"drop":true},"when":{"seed":1}})",
                            R"({"then":{"drop":true},"when":{"probability":1.1}})",
                            R"({"then":{"drop":true},"when":{"probability":"1"}})",
                            R"({"then":{"drop":true},"when":{"nth":1,"times":2}})",
                            R"({"then":{"drop":true},"match":{"code":"OK"}})",
                            R"({"then":{"drop":true},"match":{"params":{"Period":1}}})",
                            R"({"then":{"drop":true},"match":{"action":1}})",
                            R"({"then":{"drop":true},"match":{"request_id":"x"}})",
                            R"({"then":{"drop":true},"match":{"instance":""}})",
                            R"({"then":{"drop":true},"ttl":"P0D"})",
                            R"({"then":{"drop":true},"ttl":60})",
                            R"({"then":{"drop":true},"ttl":"P9999Y"})"}) {
        CAPTURE(bad);
        CHECK_FALSE(served.problem("POST", "/_emulator/faults", bad, 400).empty());
    }
    CHECK(served.problem("POST", "/_emulator/faults", R"({"then":{"error":"NoSuchCode"}})", 400) ==
          "there is no documented code `NoSuchCode`; GET /_emulator/coverage lists the codes of each action");
    CHECK(served.problem("POST", "/_emulator/faults", R"({"then":{"error":"InvalidAccount.InsufficentBalance"}})", 400)
              .find("; did you mean InvalidAccount.InsufficientBalance?; ") != std::string::npos);
    served.problem("POST", "/_emulator/faults",
                   R"({"then":{"drop":true},"match":{"action":")" + std::string(20'000, 'a') + "\"}}", 413);
    CHECK(served.control("GET", "/_emulator/faults").at("faults").as_array().empty());
}

TEST_CASE("an account has room for a thousand rules, and a listing shows no secret")
{
    Served served;
    Client client{served.port()};
    const std::string rule =
        R"({"match":{"params":{"/LoginSettings/Password":"theSecret","/UserData/0":"theSecret","/A":{"Password":"theSecret"}}},"then":{"drop":true}})";
    for (int i = 0; i < 1000; ++i)
        REQUIRE(client.exchange(served.control_text("POST", "/_emulator/faults", rule)).status == 200);
    CHECK(served.problem("POST", "/_emulator/faults", rule, 409) ==
          "the account has 1000 rules, the most allowed; DELETE /_emulator/faults removes them");
    const std::string list = json::serialize(served.control("GET", "/_emulator/faults"));
    CHECK(list.find("theSecret") == std::string::npos);
}

} // namespace cvm::http::test
