// /_emulator/requests over a real socket: the journal, claims about it, and waiting for later calls.
#include "tests/support/http/server_fixture.hpp"

#include <doctest/doctest.h>

namespace cvm::http::test {

namespace {

struct Bench {
    Served served;
    json::object account = served.make_account();
    std::string query = "?account=" + text(account.at("Uin"));

    Call renew(std::string_view id = "ins-r8hr2upy", int months = 1) const
    {
        return by(account, "RenewInstances", renewal(id, months));
    }

    json::array calls(std::string_view more = {}) const
    {
        return served.control("GET", "/_emulator/requests" + query + std::string{more}).at("calls").as_array();
    }

    json::object verify(std::string_view claim) const
    {
        return served.control("POST", "/_emulator/requests/verify" + query, claim).as_object();
    }

    bool holds(std::string_view claim) const { return verify(claim).at("ok").as_bool(); }
};

} // namespace

TEST_CASE("a call is in the journal when its answer arrives, with everything that was asked and answered")
{
    Bench bench;
    const json::object answer = bench.served.response(bench.renew());
    const json::array calls = bench.calls();
    REQUIRE(calls.size() == 1);
    const json::object& call = calls.front().as_object();
    CHECK(call.at("RequestId") == answer.at("RequestId"));
    CHECK(call.at("account") == bench.account.at("Uin"));
    CHECK(call.at("secret_id") == bench.account.at("SecretId"));
    CHECK(text(call.at("time")) == "2026-03-31T08:30:00Z");
    CHECK(text(call.at("clock")) == "2026-03-31T08:30:00Z");
    CHECK(text(call.at("dialect")) == "tc3");
    CHECK(text(call.at("method")) == "POST");
    CHECK(text(call.at("action")) == "RenewInstances");
    CHECK(text(call.at("version")) == "2017-03-12");
    CHECK(text(call.at("region")) == "ap-guangzhou");
    CHECK(json::serialize(call.at("params")) ==
          R"({"InstanceIds":["ins-r8hr2upy"],"InstanceChargePrepaid":{"Period":1}})");
    CHECK(text(call.at("code")) == "OK");
    CHECK(call.at("status") == 200);
    CHECK(call.at("done").as_bool());
    CHECK(call.at("duration_us").as_int64() >= 0);
    CHECK(call.at("fault").is_null());
    CHECK(call.at("number") == 1);

    bench.served.control("POST", "/_emulator/clock" + bench.query, R"({"advance":"P1M"})");
    CHECK(bench.served.code(bench.renew("ins-rebootng")) == "UnsupportedOperation.InstanceStateRebooting");
    const json::object second = bench.calls().back().as_object();
    CHECK(text(second.at("time")) == "2026-03-31T08:30:00Z");
    CHECK(text(second.at("clock")) == "2026-04-30T08:30:00Z");
    CHECK(text(second.at("code")) == "UnsupportedOperation.InstanceStateRebooting");
    CHECK_FALSE(second.at("done").as_bool());
}

TEST_CASE("calls of every dialect are in the journal, those with an unknown key separately")
{
    Bench bench;
    for (const auto dialect :
         {wire::Dialect::tc3, wire::Dialect::v1, wire::Dialect::legacy, wire::Dialect::legacy_numeric}) {
        Call call = by(bench.account, "DescribeInstances");
        call.dialect = dialect;
        call.nonce += static_cast<int>(dialect);
        bench.served.send(call);
        CHECK(text(bench.calls().back().at("dialect")) == wire::to_string(dialect));
        CHECK(text(bench.calls().back().at("code")) == "OK");
    }
    Call unknown = by(bench.account, "DescribeInstances");
    unknown.secret_id = "AKIDnobody";
    bench.served.send(unknown);
    CHECK(bench.calls().size() == 4);
    const json::value nobody = bench.served.control("GET", "/_emulator/requests?account=none");
    CHECK(nobody.at("account").is_null());
    CHECK(text(nobody.at("calls").at(0).at("secret_id")) == "AKIDnobody");
    CHECK(text(nobody.at("calls").at(0).at("code")) == "AuthFailure.SecretIdNotFound");
}

TEST_CASE("the journal holds no secret")
{
    Bench bench;
    bench.account = bench.served.make_account(R"({"expires_in":"PT1H"})");
    bench.query = "?account=" + text(bench.account.at("Uin"));
    for (const auto dialect : {wire::Dialect::tc3, wire::Dialect::v1}) {
        Call call = by(bench.account, "ResetInstance",
                       {{"InstanceId", "ins-r8hr2upy"},
                        {"LoginSettings", json::object{{"Password", "theSecret1!"}}},
                        {"UserData", "dGhlU2VjcmV0"}});
        call.dialect = dialect;
        call.token = text(bench.account.at("Token"));
        bench.served.send(call);
        call.secret_key = "wrong";
        bench.served.send(call);
    }
    const std::string all = json::serialize(json::value(bench.calls()));
    CHECK(all.find("LoginSettings") != std::string::npos);
    for (const std::string& secret : {std::string{"theSecret"}, std::string{"dGhlU2VjcmV0"},
                                      text(bench.account.at("SecretKey")), text(bench.account.at("Token"))})
        CHECK(all.find(secret) == std::string::npos);
    for (const json::value& call : bench.calls()) {
        if (!call.as_object().contains("signature"))
            continue;
        const std::string shown = json::serialize(bench.served.control("GET", text(call.at("signature"))));
        for (const std::string& secret : {std::string{"theSecret"}, std::string{"dGhlU2VjcmV0"},
                                          text(bench.account.at("SecretKey")), text(bench.account.at("Token"))})
            CHECK(shown.find(secret) == std::string::npos);
    }
}

TEST_CASE("a listing can be narrowed by everything that a call has")
{
    Bench bench;
    bench.served.send(by(bench.account, "DescribeRegions"));
    const json::object renewed = bench.served.response(bench.renew());
    bench.served.send(bench.renew("ins-rebootng"));
    bench.served.control("POST", "/_emulator/faults" + bench.query,
                         R"({"when":{"nth":1},"then":{"error":"InternalError"}})");
    bench.served.send(bench.renew("ins-5d8a23rs"));
    const auto count = [&](std::string_view filter) { return bench.calls(filter).size(); };
    CHECK(count("") == 4);
    CHECK(count("&action=RenewInstances") == 3);
    CHECK(count("&action=Renew*") == 3);
    CHECK(count("&action=renewinstances") == 0);
    CHECK(count("&code=OK") == 2);
    CHECK(count("&code=Unsupported*") == 1);
    CHECK(count("&instance=ins-5d8a23rs") == 1);
    CHECK(count("&fault=*InternalError*") == 1);
    CHECK(count("&region=ap-guangzhou&method=POST&dialect=tc3&version=2017-03-12") == 4);
    CHECK(count("&request_id=" + text(renewed.at("RequestId"))) == 1);
    CHECK(count("&secret_id=AKIDother") == 0);
    CHECK(count("&after=3") == 1);
    CHECK(count("&limit=0") == 0);
    CHECK(bench.calls("&limit=2").front().at("number") == 3);
    const json::value some = bench.served.control("GET", "/_emulator/requests" + bench.query + "&limit=1");
    CHECK(some.at("left_out") == 3);
    CHECK(some.at("last") == 4);
    for (const char* bad : {"&limit=-1", "&limit=x", "&limit=1001", "&after=-1", "&nothing=1"})
        bench.served.problem("GET", "/_emulator/requests" + bench.query + bad, "", 400);
}

TEST_CASE("claims about numbers are verified, and a wrong one names the nearest calls and differences")
{
    Bench bench;
    bench.served.send(bench.renew("ins-r8hr2upy", 1));
    bench.served.send(bench.renew("ins-5d8a23rs", 2));
    const std::string renewals = R"({"match":{"action":"RenewInstances"},)";
    CHECK(bench.holds(renewals + R"("exactly":2})"));
    CHECK(bench.holds(renewals + R"("at_least":1,"at_most":2})"));
    CHECK(bench.holds(R"({"match":{"action":"StopInstances"},"exactly":0})"));
    CHECK(bench.holds("{}"));
    CHECK_FALSE(bench.holds(renewals + R"("exactly":1})"));
    CHECK_FALSE(bench.holds(renewals + R"("at_least":3})"));
    CHECK_FALSE(bench.holds(renewals + R"("at_most":1})"));
    CHECK(bench.holds(renewals + R"("exactly":1,"after":1})"));

    const json::object wrong = bench.verify(
        R"({"match":{"action":"RenewInstances","instance":"ins-r8hr2upy","params":{"/InstanceChargePrepaid/Period":2}}})");
    CHECK_FALSE(wrong.at("ok").as_bool());
    CHECK(text(wrong.at("why")) == "expected at least 1 call of this kind, found 0");
    CHECK(wrong.at("matched") == 0);
    const json::array& nearest = wrong.at("nearest").as_array();
    REQUIRE(nearest.size() == 2);
    CHECK(json::serialize(nearest.at(0).at("differs")) ==
          R"([{"what":"instance","wanted":"ins-r8hr2upy","was":null}])");
    CHECK(json::serialize(nearest.at(1).at("differs")) ==
          R"([{"what":"params/InstanceChargePrepaid/Period","wanted":2,"was":1}])");
}

TEST_CASE("claims about order look past what comes between")
{
    Bench bench;
    bench.served.send(by(bench.account, "InquiryPriceRenewInstances", renewal("ins-r8hr2upy")));
    bench.served.send(by(bench.account, "DescribeRegions"));
    bench.served.send(bench.renew());
    CHECK(bench.holds(R"({"in_order":[{"action":"Inquiry*"},{"action":"RenewInstances","code":"OK"}]})"));
    const json::object wrong =
        bench.verify(R"({"in_order":[{"action":"RenewInstances"},{"action":"InquiryPriceRenewInstances"}]})");
    CHECK_FALSE(wrong.at("ok").as_bool());
    CHECK(text(wrong.at("why")).starts_with("call 2 of 2 did not come after 00000000-"));
    CHECK_FALSE(bench.holds(R"({"in_order":[{"action":"RenewInstances"},{"action":"RenewInstances"}]})"));
}

TEST_CASE("whatever a client sends, the journal can be read")
{
    Bench bench;
    Call large = by(bench.account, "DescribeInstances", {{"a", 1}});
    large.host = bench.served.host();
    auto request = cvm::test::sign(large, cvm::test::test_time);
    request.body() = R"({"a":1e400})";
    Client{bench.served.port()}.exchange(Served::text_of(request));
    Call form = by(bench.account, "A\xff", {{"Foo", "\xff\xfe"}});
    form.dialect = wire::Dialect::v1;
    form.region = "\xff";
    bench.served.send(form);
    form.action = std::string(100'000, 'A');
    form.version = std::string(100'000, 'V');
    bench.served.send(form);
    form = by(bench.account, "DescribeInstances", {{"Foo", "\xff\xfe"}});
    form.dialect = wire::Dialect::v1;
    bench.served.send(form);
    CHECK(bench.calls().size() == 4);
    for (const json::value& call : bench.calls())
        CHECK(json::serialize(call).size() < 2000);
    CHECK(bench.holds(R"({"match":{"instance":"ins-1"},"exactly":0})"));
}

TEST_CASE("invalid claims are refused")
{
    Bench bench;
    for (const char* bad : {R"({"match":{"actoin":"x"}})", R"({"match":[]})", R"({"exactly":-1})",
                            R"({"exactly":1,"at_least":1})", R"({"in_order":[]})", R"({"in_order":[{}],"match":{}})",
                            R"({"in_order":[{}],"exactly":1})", R"({"in_order":[1]})", R"({"after":-1})",
                            R"({"at_least":2,"at_most":1})", R"({"match":{"params":{"/LoginSettings/Password":"x"}}})",
                            R"({"match":{"params":{"/L":{"Password":1}}}})", R"({"match":{"params":{"/~2":1}}})",
                            R"({"match":{"params":{"/~":1}}})", R"({"count":1})", R"({"timeout_ms":1})", "[]", "x"}) {
        CAPTURE(bad);
        bench.served.problem("POST", "/_emulator/requests/verify" + bench.query, bad, 400);
    }
    bench.served.problem("POST", "/_emulator/requests/verify" + bench.query,
                         R"({"match":{"action":")" + std::string(257, 'a') + "\"}}", 400);
    for (const char* path : {"verify", "wait"})
        CHECK(bench.served.problem("POST", "/_emulator/requests/" + std::string{path} + bench.query, R"({"after":1})",
                                   409) == "`after` is 1, but the last call has the number 0");
    for (const char* bad : {R"({"timeout_ms":60001})", R"({"timeout_ms":-1})", R"({"at_most":1})"}) {
        CAPTURE(bad);
        bench.served.problem("POST", "/_emulator/requests/wait" + bench.query, bad, 400);
    }
}

TEST_CASE("a wait ends as soon as the expected call arrives")
{
    Bench bench;
    Client waiting{bench.served.port()};
    REQUIRE(waiting.send(bench.served.control_text(
        "POST", "/_emulator/requests/wait" + bench.query,
        R"({"match":{"action":"RenewInstances","code":"OK"},"exactly":2,"timeout_ms":60000})")));
    bench.served.send(by(bench.account, "DescribeRegions"));
    bench.served.send(bench.renew("ins-rebootng"));
    bench.served.send(bench.renew());
    bench.served.send(bench.renew("ins-5d8a23rs"));
    const json::value answer = json::parse(waiting.receive().value().body);
    CHECK(answer.at("ok").as_bool());
    CHECK(answer.at("matched") == 2);
    CHECK(answer.at("RequestIds").as_array().size() == 2);

    // If there are already too many calls, waiting is pointless.
    const json::value too_many =
        bench.served.control("POST", "/_emulator/requests/wait" + bench.query,
                             R"({"match":{"action":"RenewInstances"},"exactly":2,"timeout_ms":60000})");
    CHECK_FALSE(too_many.at("ok").as_bool());
    CHECK(too_many.at("nearest").as_array().empty());

    // Existing calls end the wait immediately, unless it says from which number on to look.
    CHECK(bench.served.control("POST", "/_emulator/requests/wait" + bench.query).at("ok").as_bool());
    const json::value late = bench.served.control("POST", "/_emulator/requests/wait" + bench.query,
                                                  R"({"after":)" + text(answer.at("last")) + R"(,"timeout_ms":30})");
    CHECK_FALSE(late.at("ok").as_bool());
    CHECK(text(late.at("why")) == "expected at least 1 call of this kind, found 0");
}

TEST_CASE("a deleted journal is empty, and numbers go on")
{
    Bench bench;
    bench.served.send(bench.renew());
    CHECK(bench.served.control("DELETE", "/_emulator/requests" + bench.query).at("deleted") == 1);
    CHECK(bench.calls().empty());
    CHECK(bench.holds(R"({"exactly":0})"));
    bench.served.send(bench.renew());
    CHECK(bench.calls().front().at("number") == 2);
}

} // namespace cvm::http::test
