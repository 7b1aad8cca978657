// The control API, path by path.

#include "tests/support/difference.hpp"
#include "tests/support/emulator.hpp"

#include <doctest/doctest.h>

using namespace cvm;
namespace json = boost::json;

namespace {

std::string problem(test::Emulator& emulator, std::string_view method, std::string_view target, std::string_view body,
                    unsigned status)
{
    return std::string{emulator.control(method, target, body, status).at("error").as_string()};
}

std::string renew(test::Emulator& emulator, std::string_view id, std::int64_t months = 1)
{
    return emulator.code(
        {.action = "RenewInstances",
         .params = {{"InstanceIds", json::array{id}}, {"InstanceChargePrepaid", json::object{{"Period", months}}}}});
}

std::string expiry(test::Emulator& emulator, std::string_view id)
{
    return std::string{emulator.instance(id).at("ExpiredTime").as_string()};
}

// The same document, padded so that it is streamed.
std::string large(std::string_view document) { return std::string{document} + std::string(streamed_from_bytes, ' '); }

} // namespace

TEST_CASE("generated Uins stay below those of international accounts, and differ from the fixtures")
{
    test::Emulator emulator;
    for (int made = 0; made < 100; ++made) {
        const json::value account = emulator.control("POST", "/_emulator/accounts", R"({"from":"empty"})");
        const std::int64_t uin = std::stoll(std::string{account.at("Uin").as_string()});
        CAPTURE(uin);
        CHECK(uin >= 110'000'000'000);
        CHECK(uin < 200'000'000'000);
    }
}

TEST_CASE("health answers on both paths")
{
    test::Emulator emulator;
    for (const char* path : {"/health", "/_emulator/health"})
        CHECK(json::serialize(emulator.control("GET", path)) == R"({"status":"ok","version":")" CVM_VERSION R"("})");
}

TEST_CASE("unknown control paths and methods and parameters are told what there is")
{
    test::Emulator emulator;
    CHECK(problem(emulator, "GET", "/_emulator/nothing", "", 404) == "no such path: /_emulator/nothing");
    CHECK(problem(emulator, "DELETE", "/_emulator/clock", "", 405) == "/_emulator/clock takes GET, POST");
    CHECK(problem(emulator, "GET", "/_emulator/clock?acount=1", "", 400) ==
          "unknown query parameter `acount`; there is `account`");
    CHECK(problem(emulator, "GET", "/_emulator/clock?account=42", "", 404) ==
          "no account has the Uin or SecretId `42`");
    CHECK(problem(emulator, "GET", "/somewhere", "", 404) ==
          "no such path: /somewhere; the API is at / and /v2/index.php, the control API under /_emulator/");
}

TEST_CASE("texts of a request are repeated in valid JSON")
{
    test::Emulator emulator;
    CHECK(problem(emulator, "GET", "/foo\xfe", "", 404).starts_with("no such path: /foo\xEF\xBF\xBD; the API is at /"));
    CHECK(problem(emulator, "GET", "/_emulator/clock?account=%ff", "", 404) ==
          "no account has the Uin or SecretId `\xEF\xBF\xBD`");
}

TEST_CASE("a request that is not read is refused in the API's form at its paths, and by status everywhere else")
{
    using http::Refusal;
    test::Emulator emulator;
    const auto refuse = [&](Refusal reason, std::string_view target) {
        http::RequestHeader header;
        header.target({target.data(), target.size()});
        return emulator.app.refuse(reason, header);
    };
    const std::pair<Refusal, unsigned> rows[] = {{Refusal::malformed, 400},
                                                 {Refusal::http2, 505},
                                                 {Refusal::tls, 400},
                                                 {Refusal::target_too_long, 414},
                                                 {Refusal::header_too_large, 431},
                                                 {Refusal::body_too_large, 413},
                                                 {Refusal::timeout, 408},
                                                 {Refusal::too_many_connections, 503}};
    for (const auto& [reason, status] : rows) {
        CAPTURE(status);
        for (const char* target :
             {"/", "/?Action=DescribeInstances", "/v2/index.php", "http://cvm.tencentcloudapi.com/"}) {
            const http::Response response = refuse(reason, target);
            CHECK(response.result_int() == 200);
            const json::object body = json::parse(response.body()).as_object();
            CHECK(body.contains(std::string_view{target} == "/v2/index.php" ? "code" : "Response"));
        }
        for (const char* target : {"", "/health", "/_emulator/reset", "/_emulator/state?account=1", "/elsewhere"}) {
            const http::Response response = refuse(reason, target);
            CHECK(response.result_int() == status);
            CHECK(json::parse(response.body()).at("error").is_string());
        }
    }
    http::RequestHeader header;
    header.target("/health");
    CHECK(emulator.app.has_priority(header));
    header.target("/");
    CHECK_FALSE(emulator.app.has_priority(header));
}

TEST_CASE("a body over the limit of the control API is refused with status 413")
{
    test::Emulator emulator;
    http::RequestHeader header;
    header.method(boost::beast::http::verb::put);
    header.target("/_emulator/state");
    const http::Response response = emulator.app.refuse(http::Refusal::body_too_large, header);
    CHECK(response.result_int() == 413);
    CHECK(response.body() == R"({"error":"the body is larger than 67108864 bytes"})");
}

TEST_CASE("the clock refuses what it cannot do and stays")
{
    test::Emulator emulator;
    struct Row {
        std::string_view body;
        std::string_view error;
    };
    const Row rows[] = {
        {"{", "the body is not JSON: incomplete JSON"},
        {"[]", "the body must be a JSON object"},
        {"{}", "give `advance`, `set`, `advance_to` or `frozen`"},
        {R"({"advance":1})", "`advance` must be a string"},
        {R"({"advance":"1 month"})",
         "`advance` must be an ISO 8601 duration such as P1M or PT90S, of less than ten thousand years"},
        {R"({"set":"tomorrow"})", "`set` must be an instant such as 2026-12-01T00:00:00Z"},
        {R"({"frozen":"yes"})", "`frozen` must be true or false"},
        {R"({"advance":"P1M","set":"2027-01-01T00:00:00Z"})", "give one of `advance`, `set` and `advance_to`"},
        {R"({"advance_to":"tomorrow"})", "`advance_to` must be next_event"},
        {R"({"advance_to":"next_event","set":"2027-01-01T00:00:00Z"})",
         "give one of `advance`, `set` and `advance_to`"},
        {R"({"hours":1})", "`hours` must be true or false"},
        {R"({"forward":"P1M"})",
         "unknown member `forward`; there are advance, set, advance_to, frozen, dry_run and hours"},
        {R"({"advance":"-P1D"})", "the clock shows 2026-03-31T08:30:00Z and cannot go back; POST /_emulator/reset "
                                  "starts over, PUT /_emulator/state restores an exported state"},
        {R"({"set":"2026-03-31T08:29:59Z"})",
         "the clock shows 2026-03-31T08:30:00Z and cannot go back; POST /_emulator/reset starts over, PUT "
         "/_emulator/state restores an exported state"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.body);
        CHECK(problem(emulator, "POST", "/_emulator/clock", row.body, 400) == row.error);
    }
    CHECK(emulator.control("GET", "/_emulator/clock").at("now").as_string() == "2026-03-31T08:30:00Z");
    emulator.control("POST", "/_emulator/clock", R"({"set":"9999-12-31T23:59:59Z"})");
    CHECK(problem(emulator, "POST", "/_emulator/clock", R"({"advance":"PT1S"})", 400) == "that is past the year 9999");
}

TEST_CASE("the clock ticks and freezes and moves by calendar months")
{
    test::Emulator emulator;
    const auto shown = [&] { return std::string{emulator.control("GET", "/_emulator/clock").at("now").as_string()}; };
    const auto post = [&](std::string_view body) {
        json::object answer = emulator.control("POST", "/_emulator/clock", body).as_object();
        for (const std::string_view name : {"next_event", "events", "left_out", "hours"})
            CHECK(answer.erase(name) == 1);
        return json::serialize(answer);
    };
    CHECK(post(R"({"advance":"P1M"})") == R"({"account":"100000000001","now":"2026-04-30T08:30:00Z","frozen":false})");
    emulator.wall.set(test::test_time + std::chrono::seconds{5});
    CHECK(shown() == "2026-04-30T08:30:05Z");
    CHECK(post(R"({"frozen":true})") == R"({"account":"100000000001","now":"2026-04-30T08:30:05Z","frozen":true})");
    emulator.wall.set(test::test_time + std::chrono::seconds{50});
    CHECK(shown() == "2026-04-30T08:30:05Z");
    post(R"({"set":"2027-01-01T00:00:00Z"})");
    CHECK(shown() == "2027-01-01T00:00:00Z");
    post(R"({"advance":"P1Y","dry_run":true})");
    CHECK(shown() == "2027-01-01T00:00:00Z");
    post(R"({"frozen":false})");
    emulator.wall.set(test::test_time + std::chrono::seconds{60});
    CHECK(shown() == "2027-01-01T00:00:10Z");
}

TEST_CASE("each account has a clock of its own and signatures look at none of them")
{
    test::Emulator emulator;
    emulator.control("POST", "/_emulator/clock?account=AKIDnomoneyEXAMPLE", R"({"advance":"P2Y"})");
    CHECK(emulator.control("GET", "/_emulator/clock?account=100000000002").at("now").as_string() ==
          "2028-03-31T08:30:00Z");
    CHECK(emulator.control("GET", "/_emulator/clock").at("now").as_string() == "2026-03-31T08:30:00Z");
    CHECK(emulator.code(
              {.action = "DescribeInstances", .secret_id = "AKIDnomoneyEXAMPLE", .secret_key = "nomoneykeyEXAMPLE"}) ==
          "OK");
}

TEST_CASE("a reset leaves exactly a fresh start")
{
    test::Emulator emulator;
    const std::string fresh = json::serialize(emulator.state());
    CHECK(renew(emulator, "ins-r8hr2upy") == "OK");
    const char* tags = R"({"ResourceList":["qcs::cam:::uin/1","qcs::cvm:ap-guangzhou::instance/ins-r8hr2upy"],
                           "Tags":[{"TagKey":"a","TagValue":"b"}]})";
    CHECK(emulator.code({.action = "TagResources", .params = json::parse(tags).as_object(), .version = "2018-08-13"}) ==
          "OK");
    emulator.control("POST", "/_emulator/clock", R"({"advance":"P1M","frozen":true})");
    CHECK(json::serialize(emulator.state()) != fresh);
    CHECK(json::serialize(emulator.control("POST", "/_emulator/reset")) == R"({"accounts":13})");
    CHECK(test::json_text_difference(json::serialize(emulator.state()), fresh) == "");
    CHECK(problem(emulator, "POST", "/_emulator/reset", R"({"all":true})", 400) ==
          "a reset takes no members; name an account with ?account=");
}

TEST_CASE("the reset of one account leaves the others alone")
{
    test::Emulator emulator;
    CHECK(renew(emulator, "ins-r8hr2upy") == "OK");
    emulator.control("POST", "/_emulator/clock?account=100000000002", R"({"advance":"P1D"})");
    emulator.control("POST", "/_emulator/reset?account=100000000002");
    CHECK(emulator.control("GET", "/_emulator/clock?account=100000000002").at("now").as_string() ==
          "2026-03-31T08:30:00Z");
    CHECK(expiry(emulator, "ins-r8hr2upy") == "2026-05-30T08:30:00Z");
    emulator.control("POST", "/_emulator/reset?account=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE");
    CHECK(expiry(emulator, "ins-r8hr2upy") == "2026-04-30T08:30:00Z");
}

TEST_CASE("an exported state can be imported again and is the same")
{
    test::Emulator emulator;
    CHECK(renew(emulator, "ins-5d8a23rs", 3) == "OK");
    emulator.control("POST", "/_emulator/clock", R"({"advance":"P10D"})");
    const std::string exported = json::serialize(emulator.state());
    emulator.control("POST", "/_emulator/reset");
    CHECK(json::serialize(emulator.state()) != exported);
    CHECK(json::serialize(emulator.control("PUT", "/_emulator/state", exported)) == R"({"accounts":13})");
    CHECK(test::json_text_difference(json::serialize(emulator.state()), exported) == "");

    const std::string one = json::serialize(emulator.control("GET", "/_emulator/state?account=100000000001"));
    emulator.control("POST", "/_emulator/reset");
    emulator.control("PUT", "/_emulator/state?account=100000000001", one);
    CHECK(test::json_text_difference(json::serialize(emulator.control("GET", "/_emulator/state?account=100000000001")),
                                     one) == "");
}

TEST_CASE("a bad import changes nothing and names the place")
{
    test::Emulator emulator;
    const std::string before = json::serialize(emulator.state());
    struct Row {
        std::string_view target;
        std::string_view body;
        unsigned status;
        std::string_view error;
    };
    const Row rows[] = {
        {"/_emulator/state", "", 400, "the request: line 1: not JSON: incomplete JSON"},
        {"/_emulator/state", R"({"format_version":1})", 400, "the request: the member 'accounts' is missing"},
        {"/_emulator/state", R"({"format_version":2,"accounts":[]})", 400,
         "the request: format_version: 2 is newer than this cvm-renewal-emulator, which knows 1"},
        {"/_emulator/state", R"({"format_version":1,"accounts":[{"Uin":"1"},{"Uin":"1"}]})", 400,
         "the request: accounts[1].Uin: the account '1' appears twice"},
        {"/_emulator/state?account=100000000002", R"({"format_version":1,"accounts":[{"Uin":"1"}]})", 400,
         "with ?account= the document must hold just that account, 100000000002"},
        {"/_emulator/state?account=100000000002",
         R"({"format_version":1,"accounts":[{"Uin":"100000000002","Credentials":[{"SecretId":"AKIDunpaidEXAMPLE","SecretKey":"k"}]}]})",
         409, "the SecretId `AKIDunpaidEXAMPLE` belongs to another account"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.body);
        CHECK(problem(emulator, "PUT", row.target, row.body, row.status) == row.error);
        CHECK(test::json_text_difference(json::serialize(emulator.state()), before) == "");
        if (!row.body.empty())
            CHECK(problem(emulator, "PUT", row.target, large(row.body), row.status) == row.error);
        CHECK(test::json_text_difference(json::serialize(emulator.state()), before) == "");
    }
}

TEST_CASE("a large import replaces everything, as a small one does")
{
    test::Emulator emulator;
    const std::string instances =
        R"([{"InstanceId":"ins-aaaaaaaa","Placement":{"Zone":"ap-guangzhou-3"},"ExpiredTime":"+P10D"},)"
        R"({"InstanceId":"ins-bbbbbbbb","Placement":{"Zone":"ap-guangzhou-3"},"DataDisks":[{"DiskId":"disk-aaaaaaa1"}]}])";
    const std::string document =
        R"({"format_version":1,"accounts":[{"Uin":"1","Instances":)" + instances + R"(},{"Uin":"2"}]})";
    CHECK(json::serialize(emulator.control("PUT", "/_emulator/state", document)) == R"({"accounts":2})");
    const std::string small = json::serialize(emulator.state());
    emulator.control("POST", "/_emulator/reset");
    CHECK(json::serialize(emulator.control("PUT", "/_emulator/state", large(document))) == R"({"accounts":2})");
    CHECK(test::json_text_difference(json::serialize(emulator.state()), small) == "");

    // The problem is found when instances are already in the store.
    const std::string bad = R"({"format_version":1,"accounts":[{"Uin":"1","Instances":)" +
                            instances.substr(0, instances.size() - 1) +
                            R"(,{"InstanceId":"ins-cccccccc","Placement":{"Zone":"ap-atlantis-3"}}]}]})";
    CHECK(problem(emulator, "PUT", "/_emulator/state", large(bad), 400) ==
          "the request: accounts[0].Instances[2].Placement.Zone: 'ap-atlantis-3' is not a zone of a known region, such "
          "as ap-guangzhou-3");
    CHECK(test::json_text_difference(json::serialize(emulator.state()), small) == "");
}

TEST_CASE("a store that breaks answers InternalServerError and leaves everything as it was")
{
    test::Emulator emulator;
    const std::string before = json::serialize(emulator.state());
    // The order of the renewal gets an id that is in use, so that the last step of the call fails.
    auto account = emulator.store.dump_account("100000000001").value();
    account.deals.push_back({.order_id = "20260331710000000000002",
                             .big_deal_id = "20260331710000000000002",
                             .status = state::DealStatus::shipped,
                             .action = "renew",
                             .resource_id = "ins-r8hr2upy",
                             .months = 1,
                             .total = {},
                             .created_at = test::test_time,
                             .begins_at = test::test_time});
    {
        state::Transaction transaction{emulator.store};
        emulator.store.erase_account("100000000001");
        emulator.store.insert_account(account);
        transaction.commit();
    }
    const std::string damaged = json::serialize(emulator.state());
    const test::Call call{.action = "RenewInstances",
                          .params = {{"InstanceIds", json::array{"ins-r8hr2upy", "ins-5d8a23rs"}},
                                     {"InstanceChargePrepaid", json::object{{"Period", 1}}}}};
    CHECK(emulator.code(call) == "InternalServerError");
    CHECK(test::json_text_difference(json::serialize(emulator.state()), damaged) == "");
}

TEST_CASE("a forced error has the form of the dialect and says that it was forced")
{
    test::Emulator emulator;
    const std::string before = json::serialize(emulator.state());
    test::Call call{.action = "RenewInstances",
                    .params = {{"InstanceIds", json::array{"ins-r8hr2upy"}},
                               {"InstanceChargePrepaid", json::object{{"Period", 1}}}},
                    .force_error = "UnsupportedOperation.InstanceStateRebooting"};
    const http::Response answer = emulator.send(test::sign(call, emulator.wall.now()));
    CHECK(answer["X-Emulator-Fault"] == "forced");
    CHECK(emulator.code(call) == "UnsupportedOperation.InstanceStateRebooting");
    call.dialect = wire::Dialect::legacy;
    CHECK(emulator.code(call) == "InvalidInstance.NotSupported");
    call.dialect = wire::Dialect::tc3;
    call.force_error = "NoSuchCode";
    CHECK(emulator.code(call) == "InvalidParameterValue");
    call.force_error = "InvalidPeriod";
    call.secret_key = "wrong";
    CHECK(emulator.code(call) == "AuthFailure.SignatureFailure");
    CHECK(test::json_text_difference(json::serialize(emulator.state()), before) == "");
}

TEST_CASE("coverage lists every action with its parameters and the way to each documented code")
{
    test::Emulator emulator;
    const json::value coverage = emulator.control("GET", "/_emulator/coverage");
    const json::array& actions = coverage.at("actions").as_array();
    CHECK(actions.size() == api::all_actions().size());
    for (const json::value& action : actions) {
        CHECK(action.at("codes").as_array().size() ==
              documented_codes(action.at("action").as_string(), action.at("version").as_string())->codes.size());
        for (const json::value& evidence :
             {action.at("rate_limit"), action.at("answer").at("members"), action.at("answer").at("text")})
            CHECK((evidence == "observed" || evidence == "documented" || evidence == "assumed"));
        if (action.at("product").as_string() != "cvm")
            continue;
        if (action.at("action").as_string() == "StopInstances")
            CHECK(json::serialize(action.at("answer")) ==
                  R"({"members":"observed","text":"observed","recorded":"2022-09-16","unlike_recording":[]})");
        if (action.at("action").as_string() != "RenewInstances")
            continue;
        CHECK(json::serialize(action.at("parameters").as_array().at(0)) ==
              R"({"name":"InstanceIds","type":"array of string","required":true,"max_items":100})");
        CHECK(json::serialize(action.at("codes").as_array().at(0)) ==
              R"({"code":"FailedOperation.InvalidInstanceApplicationRole","reached":"rule","text":"assumed",)"
              R"("text_zh":"assumed"})");
    }
}

TEST_CASE("a rule refuses its resource in every action whose page lists its code and nothing else")
{
    test::Emulator emulator;
    emulator.control("PUT", "/_emulator/state",
                     R"({"format_version":1,"accounts":[{"Uin":"1","Balance":{"Cash":1000000},
        "Credentials":[{"SecretId":"AKIDrule","SecretKey":"key"}],
        "Instances":[{"InstanceId":"ins-aaaaaaaa","Placement":{"Zone":"ap-guangzhou-3"}},{"InstanceId":"ins-bbbbbbbb","Placement":{"Zone":"ap-guangzhou-3"}}],
        "Rules":[{"InstanceId":"ins-aaaaaaaa","Code":"FailedOperation.InvalidInstanceApplicationRole"}]}]})");
    const auto code = [&](std::string_view action, json::object params) {
        return emulator.code(
            {.action = std::string{action}, .params = std::move(params), .secret_id = "AKIDrule", .secret_key = "key"});
    };
    const auto renewal = [](std::string_view id) {
        return json::object{{"InstanceIds", json::array{id}}, {"InstanceChargePrepaid", json::object{{"Period", 1}}}};
    };
    CHECK(code("RenewInstances", renewal("ins-aaaaaaaa")) == "FailedOperation.InvalidInstanceApplicationRole");
    CHECK(code("RenewInstances", renewal("ins-bbbbbbbb")) == "OK");
    // The page of ModifyInstancesRenewFlag does not list that code.
    CHECK(code("ModifyInstancesRenewFlag",
               {{"InstanceIds", json::array{"ins-aaaaaaaa"}}, {"RenewFlag", "NOTIFY_AND_AUTO_RENEW"}}) == "OK");
    CHECK(emulator
              .control("PUT", "/_emulator/state",
                       R"({"format_version":1,"accounts":[{"Uin":"1","Rules":[{"Code":"Nonsense"}]}]})", 400)
              .at("error")
              .as_string() ==
          "the request: accounts[0].Rules[0].Code: 'Nonsense' is not an error code that this server knows");
}

TEST_CASE("the journal says that it has not kept the parameters of a call that are too long")
{
    test::Emulator emulator;
    const json::object params{{"InstanceIds", json::array{"ins-r8hr2upy"}}, {"InstanceName", std::string(20'000, 'x')}};
    emulator.call({.action = "ModifyInstancesAttribute", .params = params});
    const auto verdict = [&](const char* claim) {
        return json::serialize(emulator.control("POST", "/_emulator/requests/verify", claim));
    };
    // The call may have been one that the claim is about.
    const std::string about_an_instance = verdict(R"({"match":{"instance":"ins-other000"},"exactly":0})");
    CHECK(about_an_instance.find("\"ok\":false") != std::string::npos);
    CHECK(about_an_instance.find("has not kept the parameters of 1 call") != std::string::npos);
    const std::string about_an_action = verdict(R"({"match":{"action":"ModifyInstancesAttribute"},"exactly":1})");
    CHECK(about_an_action.find("\"ok\":true") != std::string::npos);
}
