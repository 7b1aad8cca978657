// Compares the description of the control API, server/control/openapi.json, with the server in both directions.

#include "server/calls/faults.hpp"
#include "server/calls/pattern.hpp"
#include "server/control/control.hpp"
#include "state/rules/simulation.hpp"
#include "tests/support/difference.hpp"
#include "tests/support/emulator.hpp"
#include "tests/support/json_schema.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace cvm;
namespace json = boost::json;
namespace bhttp = boost::beast::http;

namespace {

using Words = std::set<std::string>;

constexpr std::string_view no_account = "42";
constexpr std::string_view default_uin = "100000000001";
constexpr std::string_view request_id = test::FixedRequestIds::value;

// Longer than any request waits.
constexpr std::chrono::hours long_enough{1};

// Larger than the limit for all bodies but a state document.
const std::string too_large(1024 * 1024 + 1, ' ');

const json::value& document()
{
    static const json::value served = test::Emulator{}.control("GET", "/_emulator/openapi.json");
    return served;
}

// The maximum depth of references: parameters of actions have members, which are parameters too.
constexpr int max_references = 8;

// The value with its references resolved.
json::value inlined(const json::value& value, int references = 0)
{
    if (const auto* a = value.if_array()) {
        json::array items;
        for (const json::value& item : *a)
            items.push_back(inlined(item, references));
        return items;
    }
    if (!value.is_object())
        return value;
    const json::object& o = value.get_object();
    if (const auto* ref = o.if_contains("$ref")) {
        if (references == max_references)
            return json::object{};
        const std::string_view target = ref->as_string();
        REQUIRE(target.starts_with("#/"));
        return inlined(document().at_pointer(target.substr(1)), references + 1);
    }
    json::object members;
    for (const auto& [name, member] : o)
        members[name] = inlined(member, references);
    return members;
}

// "POST /_emulator/clock" -> its description in the document.
std::map<std::string, json::object> operations()
{
    std::map<std::string, json::object> all;
    for (const auto& [path, methods] : document().at("paths").as_object()) {
        for (const auto& [method, operation] : methods.as_object()) {
            std::string name{method};
            std::ranges::transform(name, name.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
            all[name + " " + std::string{path}] = inlined(operation).as_object();
        }
    }
    return all;
}

std::string method_of(const std::string& operation) { return operation.substr(0, operation.find(' ')); }
std::string path_of(const std::string& operation) { return operation.substr(operation.find(' ') + 1); }

// The path with a value for its variable part.
std::string target_of(const std::string& operation)
{
    const std::string path = path_of(operation);
    return path.substr(0, path.find('{')) + (path.find('{') == std::string::npos ? "" : "none-such");
}

bool is_open(const json::object& operation) { return operation.contains("security"); } // needs no token

Words query_names(const json::object& operation)
{
    Words names;
    if (const auto* parameters = operation.if_contains("parameters"))
        for (const json::value& parameter : parameters->as_array())
            if (parameter.at("in").as_string() == "query")
                names.emplace(parameter.at("name").as_string());
    return names;
}

// The schema of the answer with this status; the default one if there is none for it.
const json::value& answer_schema(const json::object& operation, const std::string& status,
                                 std::string_view media = "application/json")
{
    const json::object& responses = operation.at("responses").as_object();
    const json::value& response = responses.at(responses.contains(status) ? status : "default");
    return response.at("content").at(media).at("schema");
}

// The body of a request: its schema, its example, and whether it is JSON. nullptr: none.
const json::object* body_of(const json::object& operation, std::string_view media)
{
    const auto* body = operation.if_contains("requestBody");
    return body == nullptr ? nullptr : &body->at("content").at(media).as_object();
}

const json::object* json_body_of(const json::object& operation)
{
    const auto* body = operation.if_contains("requestBody");
    return body == nullptr || !body->at("content").as_object().contains("application/json")
               ? nullptr
               : body_of(operation, "application/json");
}

std::string example_of(const json::object& operation)
{
    if (const auto* body = json_body_of(operation))
        return json::serialize(body->at("example"));
    if (const auto* body = body_of(operation, "text/plain"))
        return std::string{body->at("example").as_string()};
    return {};
}

http::Request request_of(std::string_view method, std::string_view target, std::string_view body = {})
{
    http::Request request{bhttp::string_to_verb({method.data(), method.size()}), {target.data(), target.size()}, 11};
    request.body() = body;
    return request;
}

http::Response ask(test::Emulator& emulator, std::string_view method, std::string_view target,
                   std::string_view body = {})
{
    return emulator.reply(request_of(method, target, body), long_enough).response;
}

template <class Enum>
Words names_of()
{
    return {state::Names<Enum>::all.begin(), state::Names<Enum>::all.end()};
}

Words words_at(std::string_view pointer)
{
    Words words;
    for (const json::value& word : document().at_pointer(pointer).as_array())
        words.emplace(word.as_string());
    return words;
}

Words members_at(std::string_view pointer)
{
    Words names;
    for (const auto& member : document().at_pointer(pointer).as_object())
        names.emplace(member.key());
    return names;
}

test::Call renewal(std::string_view id)
{
    return {.action = "RenewInstances",
            .params = {{"InstanceIds", json::array{id}}, {"InstanceChargePrepaid", json::object{{"Period", 1}}}}};
}

// Makes calls of each kind, for the journal.
void make_calls(test::Emulator& emulator)
{
    const auto send = [&](const test::Call& call) { emulator.send(test::sign(call, emulator.wall.now())); };
    const test::Call look{.action = "DescribeInstances"};
    send(look);
    for (const wire::Dialect dialect : {wire::Dialect::v1, wire::Dialect::legacy, wire::Dialect::legacy_numeric}) {
        test::Call call = look;
        call.dialect = dialect;
        send(call);
    }
    test::Call wrong = look;
    wrong.secret_key = "wrong";
    send(wrong);
    test::Call unknown = look;
    unknown.secret_id = "AKIDnobody";
    send(unknown);
    test::Call forced = look;
    forced.force_error = "InternalError";
    send(forced);
    emulator.send(request_of("POST", "/", "{}"));
    for (const char* then :
         {R"({"drop":true})", R"({"status":503})", R"({"error":"InternalError"})", R"({"commit_then_fail":true})"}) {
        emulator.control("POST", "/_emulator/faults",
                         R"({"match":{"action":"Renew*"},"when":{"nth":1},"then":)" + std::string{then} + "}");
        send(renewal("ins-r8hr2upy"));
    }
    emulator.control("DELETE", "/_emulator/faults");
}

// A body with an additional member in one of its objects, and whether the schema forbids it there.
struct Fuller {
    json::value body;
    bool forbidden;
};

// One body for each object whose schema says whether additional members are permitted.
std::vector<Fuller> fuller_bodies(const json::value& schema, const json::value& body)
{
    std::vector<Fuller> all;
    if (const auto* items = body.if_array()) {
        for (std::size_t i = 0; i < items->size(); ++i)
            for (Fuller& fuller : fuller_bodies(schema.at("items"), (*items)[i])) {
                json::array changed = *items;
                changed[i] = std::move(fuller.body);
                all.push_back({std::move(changed), fuller.forbidden});
            }
    } else if (const auto* members = body.if_object()) {
        if (const auto* more = schema.as_object().if_contains("additionalProperties")) {
            json::object changed = *members;
            changed["/Unknown"] = 1;
            all.push_back({std::move(changed), more->is_bool() && !more->get_bool()});
        }
        const auto* known = schema.as_object().if_contains("properties");
        for (const auto& entry : *members) {
            const std::string name = std::string{entry.key()};
            [[maybe_unused]] const auto& member = entry.value();
            const auto* inner = known != nullptr ? known->as_object().if_contains(name) : nullptr;
            if (inner == nullptr)
                continue;
            for (Fuller& fuller : fuller_bodies(*inner, member)) {
                json::object changed = *members;
                changed[name] = std::move(fuller.body);
                all.push_back({std::move(changed), fuller.forbidden});
            }
        }
    }
    return all;
}

// The health of a server whose database file was deleted.
json::value broken_health(test::Emulator& emulator, std::string_view target)
{
    const test::TempDir dir;
    state::SqliteStore store{dir.file("cvm.db")};
    App app{emulator.services(store), emulator.catalog, emulator.ids, emulator.log};
    std::filesystem::remove(dir.file("cvm.db"));
    state::AccountState account;
    account.account.uin = "1";
    CHECK_THROWS_AS(store.insert_account(account), state::BrokenStore);
    const http::Response answer = app.handle(request_of("GET", target), {}).response;
    CHECK(answer.result_int() == 503);
    return json::parse(answer.body());
}

} // namespace

TEST_CASE("the document describes exactly the routes that there are, with their query parameters")
{
    CHECK(document().at("openapi").as_string() == "3.1.0");
    CHECK(document().at("info").at("version").as_string() == CVM_VERSION);
    const auto described = operations();
    Words ids;
    for (const auto& entry : described) {
        const auto& name = entry.first;
        [[maybe_unused]] const auto& operation = entry.second;
        CAPTURE(name);
        CHECK(ids.emplace(operation.at("operationId").as_string()).second);
        CHECK_FALSE(operation.at("summary").as_string().empty());
        const auto* parameters = operation.if_contains("parameters");
        for (const json::value& parameter : parameters != nullptr ? parameters->as_array() : json::array{})
            CHECK_FALSE(parameter.at("description").as_string().empty());
    }
    Words there;
    for (const control::Route& route : control::routes()) {
        const std::string name = std::string{route.method} + " " + std::string{route.path};
        CAPTURE(name);
        CHECK(there.insert(name).second);
        REQUIRE(described.contains(name));
        CHECK(test::difference(query_names(described.at(name)), Words(route.query.begin(), route.query.end())) == "");
    }
    for (const auto& entry : described) {
        const auto& name = entry.first;
        [[maybe_unused]] const auto& operation = entry.second;
        CAPTURE(name);
        CHECK(there.contains(name));
    }
}

TEST_CASE("the enumerations of the document are those of the code")
{
    const std::string event = "/components/schemas/Event/properties/event/";
    CHECK(words_at(event + "enum") == names_of<state::EventKind>());
    CHECK(members_at(event + "x-enumDescriptions") == names_of<state::EventKind>());
    const std::string why = "/components/schemas/Event/properties/why/";
    CHECK(words_at(why + "enum") == names_of<state::Why>());
    CHECK(members_at(why + "x-enumDescriptions") == names_of<state::Why>());
    CHECK(words_at("/components/schemas/Arrears/enum") == names_of<state::ArrearsStage>());
    CHECK(words_at("/components/schemas/Book/enum") == names_of<state::Book>());
    CHECK(words_at("/components/schemas/LedgerLine/properties/Cause/enum") == names_of<state::Cause>());
    CHECK(words_at("/paths/~1_emulator~1accounts~1credentials/post/requestBody/content/application~1json/schema/"
                   "properties/MFA/enum") == names_of<state::Mfa>());

    Words begun{"instance", "params"};
    Words over = begun;
    over.emplace("done");
    for (const calls::Trait& trait : calls::traits()) {
        over.emplace(trait.name);
        if (!trait.outcome)
            begun.emplace(trait.name);
    }
    CHECK(members_at("/components/schemas/CallBegun/properties") == begun);
    CHECK(members_at("/components/schemas/CallOver/properties") == over);
}

TEST_CASE("every route answers as the document says")
{
    test::Emulator emulator;
    make_calls(emulator);
    const std::string exported = json::serialize(emulator.state());
    struct Row {
        std::string operation;
        std::string rest; // the target after the fixed part of the path
        std::string body{};
    };
    const Row rows[] = {
        {"GET /health", ""},
        {"GET /_emulator/health", ""},
        {"GET /metrics", ""},
        {"GET /_emulator/ca.pem", ""},
        {"GET /_emulator/openapi.json", ""},
        {"GET /_emulator/coverage", ""},
        {"GET /_emulator/signatures/{RequestId}", std::string{request_id}},
        {"GET /_emulator/requests", ""},
        {"GET /_emulator/requests", "?limit=2"},
        {"GET /_emulator/requests", "?action=Renew*&instance=ins-r8hr2upy&after=1"},
        {"GET /_emulator/requests", "?account=none"},
        {"POST /_emulator/requests/verify", "", R"({"match":{"action":"DescribeInstances"}})"},
        {"POST /_emulator/requests/verify", "", R"({"match":{"action":"Renew*","fault":"no*"},"exactly":1})"},
        {"POST /_emulator/requests/verify", "",
         R"({"match":{"params":{"/InstanceChargePrepaid":{"Period":2},"/X":null}},"at_least":1,"at_most":3})"},
        {"POST /_emulator/requests/verify", "?account=none",
         R"({"in_order":[{"dialect":"tc3"},{"action":"Stop*"}],"after":0})"},
        {"POST /_emulator/requests/wait", "", R"({"in_order":[{"code":"OK"},{"action":"RenewInstances"}]})"},
        {"POST /_emulator/requests/wait", "", R"({"match":{"code":"NoSuchCode"},"timeout_ms":1})"},
        {"POST /_emulator/signatures/explain", "", "POST / HTTP/1.1\r\nHost: localhost\r\n\r\n"},
        {"POST /_emulator/signatures/explain", "?account=100000000001", "POST / HTTP/1.1\r\nHost: localhost\r\n\r\n"},
        {"DELETE /_emulator/requests", ""},
        {"POST /_emulator/accounts", ""},
        {"POST /_emulator/accounts", "",
         R"({"from":"empty","Uin":"5","SecretId":"AKIDfive","SecretKey":"k","expires_in":"PT1H"})"},
        {"POST /_emulator/accounts", "?account=AKIDsix", R"({"from":"empty"})"},
        {"POST /_emulator/accounts/credentials", "?account=5", R"({"Actions":["cvm:*"],"MFA":"EXPIRED"})"},
        {"POST /_emulator/accounts/credentials", "", R"({"expires_in":"P1D"})"},
        {"GET /_emulator/accounts", ""},
        {"GET /_emulator/clock", ""},
        {"GET /_emulator/clock", "?account=5"},
        {"POST /_emulator/clock", "", R"({"advance":"P1Y","dry_run":true})"},
        {"POST /_emulator/clock", "", R"({"advance":"P2D","hours":true})"},
        {"POST /_emulator/clock", "", R"({"advance_to":"next_event"})"},
        {"POST /_emulator/clock", "", R"({"advance":"P3M","frozen":true})"},
        {"POST /_emulator/clock", "?account=AKIDnomoneyEXAMPLE", R"({"set":"2027-01-01T00:00:00Z"})"},
        {"POST /_emulator/clock", "?account=5", R"({"frozen":false})"},
        {"POST /_emulator/ledger", "", R"({"deposit":1,"to":"present"})"},
        {"POST /_emulator/ledger", "?account=AKIDnomoneyEXAMPLE", R"({"deposit":1000000})"},
        {"GET /_emulator/ledger", ""},
        {"GET /_emulator/ledger", "?account=5"},
        {"GET /_emulator/timeline", ""},
        {"GET /_emulator/timeline", "?limit=3"},
        {"GET /_emulator/timeline", "?account=5"},
        {"GET /_emulator/events", ""},
        {"GET /_emulator/events", "?account=5"},
        {"POST /_emulator/call", "",
         R"({"action":"DescribeInstances","version":"2017-03-12","region":"ap-guangzhou","language":"zh-CN",
             "parameters":{"Limit":1}})"},
        {"POST /_emulator/call", "?account=5", R"({"action":"NoSuchAction","version":"2017-03-12"})"},
        {"GET /_emulator/invariants", ""},
        {"GET /_emulator/state", ""},
        {"GET /_emulator/state", "?account=5"},
        {"POST /_emulator/faults", "", R"({"then":{"drop":true,"delay_ms":5}})"},
        {"POST /_emulator/faults", "",
         R"({"match":{"params":{"/LoginSettings/Password":"x","/Y":[1,null]}},"when":{"probability":0.5,"times":2},
             "then":{"error":"InternalError","status":503},"ttl":"P1D"})"},
        {"POST /_emulator/faults", "",
         R"({"match":{"action":"*","instance":"ins-r8hr2upy"},"when":{"every":2},"then":{"truncate":0,"bytes_per_second":9}})"},
        {"GET /_emulator/faults", ""},
        {"DELETE /_emulator/faults", "?id=fault-5"},
        {"DELETE /_emulator/faults", ""},
        {"POST /_emulator/reset", "?account=5"},
        {"DELETE /_emulator/accounts", "?account=AKIDfive"},
        {"PUT /_emulator/state", "", exported},
        {"POST /_emulator/reset", "", "{}"},
    };
    const auto described = operations();
    Words called;
    for (const Row& row : rows) {
        CAPTURE(row.operation);
        CAPTURE(row.rest);
        CAPTURE(row.body);
        const std::string path = path_of(row.operation);
        const http::Response answer =
            ask(emulator, method_of(row.operation), path.substr(0, path.find('{')) + row.rest, row.body);
        REQUIRE(described.contains(row.operation));
        CHECK_MESSAGE(answer.result_int() == 200, answer.body());
        if (answer.result_int() == 200) {
            const std::string media{answer["Content-Type"]};
            const json::value body = media == "application/json" ? json::parse(answer.body()) : answer.body().c_str();
            CHECK(test::misfit(body, answer_schema(described.at(row.operation), "200", media)) == "");
        }
        called.insert(row.operation);
    }
    for (const auto& entry : described) {
        const auto& name = entry.first;
        [[maybe_unused]] const auto& operation = entry.second;
        CAPTURE(name);
        CHECK(called.contains(name));
    }
}

TEST_CASE("a signature is explained as the document says, whatever is wrong with it")
{
    const auto described = operations();
    const json::value& schema = answer_schema(described.at("GET /_emulator/signatures/{RequestId}"), "200");
    const auto finding = [&](test::Emulator& emulator) {
        const json::value answer =
            emulator.control("GET", "/_emulator/signatures/" + std::string{request_id}); // of the only call
        CHECK(test::misfit(answer, schema) == "");
        CHECK(answer.at("RequestId").as_string() == request_id);
        return std::string{answer.at("finding").as_string()};
    };
    struct Row {
        std::string secret_id;
        std::string secret_key;
        std::string finding;
    };
    const test::Call right{.action = "DescribeInstances"};
    const Row rows[] = {
        {right.secret_id, right.secret_key, "correct"},
        {right.secret_id, "AnotherKeyAltogether", "no_known_mistake"},
        {"AKIDnobody", right.secret_key, "unknown_key"},
    };
    for (const Row& row : rows)
        for (const wire::Dialect dialect : {wire::Dialect::tc3, wire::Dialect::v1}) {
            CAPTURE(row.finding);
            test::Emulator emulator;
            test::Call call = right;
            call.secret_id = row.secret_id;
            call.secret_key = row.secret_key;
            call.dialect = dialect;
            emulator.send(test::sign(call, emulator.wall.now()));
            CHECK(finding(emulator) == row.finding);
        }
    test::Emulator emulator;
    emulator.send(request_of("POST", "/", "{}"));
    CHECK(finding(emulator) == "not_checked");
}

TEST_CASE("the examples of the document fit their schemas and do what they are for")
{
    for (const auto& entry : operations()) {
        const auto& name = entry.first;
        [[maybe_unused]] const auto& operation = entry.second;
        if (!operation.contains("requestBody"))
            continue;
        CAPTURE(name);
        if (const auto* body = json_body_of(operation))
            CHECK(test::misfit(body->at("example"), body->at("schema")) == "");
        test::Emulator emulator;
        const http::Response answer = ask(emulator, method_of(name), path_of(name), example_of(operation));
        CHECK_MESSAGE(answer.result_int() == 200, answer.body());
        if (answer.result_int() == 200)
            CHECK(test::misfit(json::parse(answer.body()), answer_schema(operation, "200")) == "");
    }
}

TEST_CASE("the request whose signature the document explains by example is signed right")
{
    test::Emulator emulator;
    const std::string name = "POST /_emulator/signatures/explain";
    const http::Response answer = ask(emulator, "POST", path_of(name), example_of(operations().at(name)));
    CHECK(json::parse(answer.body()).at("finding").as_string() == "correct");
}

TEST_CASE("the server takes the bodies that the document allows and no others")
{
    struct Row {
        std::string operation;
        std::string body;
        bool good;
    };
    const Row rows[] = {
        {"POST /_emulator/clock", R"({})", false},
        {"POST /_emulator/clock", R"({"hours":true,"dry_run":true})", false},
        {"POST /_emulator/clock", R"({"frozen":true,"hours":true})", true},
        {"POST /_emulator/clock", R"({"advance":"P1M","frozen":false})", true},
        {"POST /_emulator/clock", R"({"advance":"P1M","set":"2027-01-01T00:00:00Z"})", false},
        {"POST /_emulator/clock", R"({"advance":"P1M","advance_to":"next_event"})", false},
        {"POST /_emulator/clock", R"({"set":"2027-01-01T00:00:00Z","advance_to":"next_event"})", false},
        {"POST /_emulator/clock", R"({"advance":"+P1Y2M3W4DT5H6M7S"})", true},
        {"POST /_emulator/clock", R"({"advance":"PT0S"})", true},
        {"POST /_emulator/clock", R"({"advance":"PT"})", false},
        {"POST /_emulator/clock", R"({"advance":"P"})", false},
        {"POST /_emulator/clock", R"({"advance":"P1H"})", false},
        {"POST /_emulator/clock", R"({"advance":"P1D2M"})", false},
        {"POST /_emulator/clock", R"({"advance":"P1DT"})", false},
        {"POST /_emulator/clock", R"({"advance":"P1.5D"})", false},
        {"POST /_emulator/clock", R"({"advance":30})", false},
        {"POST /_emulator/clock", R"({"set":"2027-01-01"})", false},
        {"POST /_emulator/clock", R"({"advance_to":"tomorrow"})", false},
        {"POST /_emulator/clock", R"({"frozen":"yes"})", false},
        {"POST /_emulator/clock", R"({"frozen":null})", false},
        {"POST /_emulator/ledger", R"({})", false},
        {"POST /_emulator/ledger", R"({"to":"cash"})", false},
        {"POST /_emulator/ledger", R"({"deposit":0})", false},
        {"POST /_emulator/ledger", R"({"deposit":1.5})", false},
        {"POST /_emulator/ledger", R"({"deposit":1000000000000000,"to":"income"})", true},
        {"POST /_emulator/ledger", R"({"deposit":1000000000000001,"to":"income"})", false},
        {"POST /_emulator/ledger", R"({"deposit":1,"to":"frozen"})", false},
        {"POST /_emulator/reset", R"({"all":true})", false},
        {"PUT /_emulator/state", R"({"format_version":1})", false},
        {"PUT /_emulator/state", R"({"format_version":2,"accounts":[{"Uin":"1"}]})", false},
        {"PUT /_emulator/state", R"({"format_version":1,"accounts":[]})", false},
        {"PUT /_emulator/state", R"({"about":"x","format_version":1,"accounts":[{"Uin":"1"}]})", true},
        {"POST /_emulator/accounts", R"({})", true},
        {"POST /_emulator/accounts", R"({"Uin":"1234567890123456789"})", true},
        {"POST /_emulator/accounts", R"({"Uin":"12345678901234567890"})", false},
        {"POST /_emulator/accounts", R"({"Uin":"12a"})", false},
        {"POST /_emulator/accounts", R"({"Uin":12})", false},
        {"POST /_emulator/accounts", R"({"from":null})", false},
        {"POST /_emulator/accounts", R"({"SecretId":"!+-.0~","SecretKey":"k"})", true},
        {"POST /_emulator/accounts", R"({"SecretId":"a/b"})", false},
        {"POST /_emulator/accounts", R"({"SecretId":"a,b"})", false},
        {"POST /_emulator/accounts", R"({"SecretId":"a b"})", false},
        {"POST /_emulator/accounts", R"({"SecretKey":""})", false},
        {"POST /_emulator/accounts", R"({"expires_in":3600})", false},
        {"POST /_emulator/accounts/credentials", R"({"Actions":[]})", true},
        {"POST /_emulator/accounts/credentials", R"({"Actions":"*"})", false},
        {"POST /_emulator/accounts/credentials", R"({"Actions":[1]})", false},
        {"POST /_emulator/accounts/credentials", R"({"MFA":"passed"})", false},
        {"POST /_emulator/accounts/credentials", R"({"from":"default"})", false},
        {"POST /_emulator/faults", R"({})", false},
        {"POST /_emulator/faults", R"({"then":{}})", false},
        {"POST /_emulator/faults", R"({"then":{"drop":false}})", false},
        {"POST /_emulator/faults", R"({"then":{"drop":false,"status":500}})", true},
        {"POST /_emulator/faults", R"({"then":{"drop":true,"commit_then_fail":true,"delay_ms":600000}})", true},
        {"POST /_emulator/faults", R"({"then":{"drop":true,"status":500}})", false},
        {"POST /_emulator/faults", R"({"then":{"drop":true,"truncate":0}})", false},
        {"POST /_emulator/faults", R"({"then":{"status":200}})", false},
        {"POST /_emulator/faults", R"({"then":{"status":599}})", true},
        {"POST /_emulator/faults", R"({"then":{"delay_ms":0}})", false},
        {"POST /_emulator/faults", R"({"then":{"error":"InternalError","message":"no luck"}})", true},
        {"POST /_emulator/faults", R"({"then":{"error":"InternalError","message":""}})", false},
        {"POST /_emulator/faults", R"({"then":{"status":500,"message":"no luck"}})", false},
        {"POST /_emulator/faults", R"({"match":{"action":"DescribeInstances"},"then":{"hide":{"for":"PT5S"}}})", true},
        {"POST /_emulator/faults",
         R"({"match":{"action":"DescribeInstancesStatus"},"then":{"hide":{"times":3},"delay_ms":5}})", true},
        {"POST /_emulator/faults", R"({"match":{"action":"DescribeInstances"},"then":{"hide":{}}})", false},
        {"POST /_emulator/faults",
         R"({"match":{"action":"DescribeInstances"},"then":{"hide":{"for":"PT5S","times":3}}})", false},
        {"POST /_emulator/faults", R"({"match":{"action":"DescribeInstances"},"then":{"hide":{"times":0}}})", false},
        {"POST /_emulator/faults",
         R"({"match":{"action":"DescribeInstances"},"then":{"hide":{"times":1},"error":"InternalError"}})", false},
        {"POST /_emulator/faults", R"({"then":{"bytes_per_second":0}})", false},
        {"POST /_emulator/faults", R"({"when":{},"then":{"truncate":0}})", true},
        {"POST /_emulator/faults", R"({"when":{"nth":1,"every":1},"then":{"drop":true}})", false},
        {"POST /_emulator/faults", R"({"when":{"nth":1,"times":1},"then":{"drop":true}})", false},
        {"POST /_emulator/faults", R"({"when":{"every":1,"times":1},"then":{"drop":true}})", true},
        {"POST /_emulator/faults", R"({"when":{"seed":1},"then":{"drop":true}})", false},
        {"POST /_emulator/faults", R"({"when":{"seed":0,"probability":1},"then":{"drop":true}})", true},
        {"POST /_emulator/faults", R"({"when":{"probability":1.1},"then":{"drop":true}})", false},
        {"POST /_emulator/faults", R"({"when":{"probability":"1"},"then":{"drop":true}})", false},
        {"POST /_emulator/faults", R"({"match":{"code":"OK"},"then":{"drop":true}})", false},
        {"POST /_emulator/faults", R"({"match":{"params":{"Period":1}},"then":{"drop":true}})", false},
        {"POST /_emulator/faults", R"({"match":{"params":{"/Period":null}},"then":{"drop":true}})", true},
        {"POST /_emulator/faults", R"({"match":{"action":1},"then":{"drop":true}})", false},
        {"POST /_emulator/requests/verify", R"({})", true},
        {"POST /_emulator/requests/verify", R"({"match":{"code":"OK","fault":"*"},"exactly":0})", true},
        {"POST /_emulator/requests/verify", R"({"at_least":0,"at_most":1000000000})", true},
        {"POST /_emulator/requests/verify", R"({"exactly":1,"at_most":1})", false},
        {"POST /_emulator/requests/verify", R"({"exactly":-1})", false},
        {"POST /_emulator/requests/verify", R"({"in_order":[{}],"after":0})", true},
        {"POST /_emulator/requests/verify", R"({"in_order":[]})", false},
        {"POST /_emulator/requests/verify", R"({"in_order":[{}],"match":{}})", false},
        {"POST /_emulator/requests/verify", R"({"in_order":[{}],"at_least":1})", false},
        {"POST /_emulator/requests/verify", R"({"timeout_ms":1})", false},
        {"POST /_emulator/requests/wait", R"({"exactly":0,"timeout_ms":60000})", true},
        {"POST /_emulator/requests/wait", R"({"timeout_ms":60001})", false},
        {"POST /_emulator/requests/wait", R"({"at_most":1})", false},
        {"POST /_emulator/requests/wait", R"({"exactly":1,"at_least":1})", false},
    };
    const auto described = operations();
    for (const Row& row : rows) {
        CAPTURE(row.operation);
        CAPTURE(row.body);
        test::Emulator emulator;
        const json::object& operation = described.at(row.operation);
        const std::string told = test::misfit(json::parse(row.body), json_body_of(operation)->at("schema"));
        CHECK_MESSAGE(told.empty() == row.good, told);
        const http::Response answer = ask(emulator, method_of(row.operation), path_of(row.operation), row.body);
        CHECK_MESSAGE(answer.result_int() == (row.good ? 200U : 400U), answer.body());
    }
}

TEST_CASE("the server refuses unknown members exactly where the document does")
{
    // Bodies with objects that the examples do not have.
    const std::pair<std::string, std::string> more[] = {
        {"POST /_emulator/requests/verify", R"({"in_order":[{"params":{"/Period":1}},{}]})"},
        {"POST /_emulator/requests/wait", R"({"in_order":[{"params":{"/Period":1}},{}]})"},
    };
    for (const auto& entry : operations()) {
        const auto& name = entry.first;
        [[maybe_unused]] const auto& operation = entry.second;
        const auto* body = json_body_of(operation);
        if (body == nullptr)
            continue;
        const json::value& schema = body->at("schema");
        auto bodies = fuller_bodies(schema, body->at("example"));
        CHECK_FALSE(bodies.empty());
        for (const auto& [of, text] : more)
            if (of == name)
                std::ranges::move(fuller_bodies(schema, json::parse(text)), std::back_inserter(bodies));
        for (const Fuller& fuller : bodies) {
            CAPTURE(name);
            CAPTURE(json::serialize(fuller.body));
            test::Emulator emulator;
            CHECK((test::misfit(fuller.body, schema) != "") == fuller.forbidden);
            const http::Response answer = ask(emulator, method_of(name), path_of(name), json::serialize(fuller.body));
            CHECK_MESSAGE(answer.result_int() == (fuller.forbidden ? 400U : 200U), answer.body());
        }
    }
}

TEST_CASE("the refusals of the server are exactly those in the document")
{
    const auto described = operations();
    std::map<std::string, Words> seen;
    const auto check = [&](const std::string& name, const http::Response& answer, unsigned status) {
        CAPTURE(name);
        CHECK_MESSAGE(answer.result_int() == status, answer.body());
        const json::value body = json::parse(answer.body());
        CHECK(test::misfit(body, answer_schema(described.at(name), std::to_string(status))) == "");
        CHECK(body.as_object().size() == 1);
        CHECK_FALSE(body.at("error").as_string().empty());
        seen[name].insert(std::to_string(status));
    };

    test::Emulator emulator;
    control::Services services = emulator.services(emulator.store);
    services.admin_token = "secret";
    App guarded{services, emulator.catalog, emulator.ids, emulator.log};
    for (const auto& entry : described) {
        const auto& name = entry.first;
        [[maybe_unused]] const auto& operation = entry.second;
        const std::string method = method_of(name);
        const std::string target = target_of(name);
        const std::string body = example_of(operation);
        check(name, ask(emulator, method, target + "?unknown=1", body), 400);
        http::Request foreign = request_of(method, target, body);
        foreign.set("Host", "emulator.example");
        if (is_open(operation) || name == "GET /metrics")
            CHECK(emulator.send(foreign).result_int() == 200);
        else
            check(name, emulator.send(foreign), 403);
        if (is_open(operation))
            CHECK(guarded.handle(request_of(method, target), {}).response.result_int() == 200);
        else
            check(name, guarded.handle(request_of(method, target, body), {}).response, 401);
        if (name == "POST /_emulator/accounts")
            check(name, ask(emulator, method, target + "?account=" + std::string{no_account}, body), 400);
        else if (query_names(operation).contains("account"))
            check(name, ask(emulator, method, target + "?account=" + std::string{no_account}, body), 404);
        if (json_body_of(operation) != nullptr)
            check(name, ask(emulator, method, target, "{"), 400);
        if (operation.contains("requestBody") && name != "PUT /_emulator/state")
            check(name, ask(emulator, method, target, too_large), 413);
        const http::Response other = ask(emulator, "PATCH", target);
        CHECK(other.result_int() == 405);
        CHECK(std::string{other["Allow"]}.find(method) != std::string::npos);
        CHECK(test::misfit(json::parse(other.body()), answer_schema(operation, "405")) == "");
    }
    check("GET /_emulator/signatures/{RequestId}", ask(emulator, "GET", "/_emulator/signatures/none-such"), 404);
    services.identity = nullptr;
    App without_tls{services, emulator.catalog, emulator.ids, emulator.log};
    check("GET /_emulator/ca.pem", without_tls.handle(request_of("GET", "/_emulator/ca.pem"), {}).response, 404);
    check("DELETE /_emulator/faults", ask(emulator, "DELETE", "/_emulator/faults?id=fault-0"), 404);
    const http::Request import = request_of("PUT", "/_emulator/state");
    check("PUT /_emulator/state", emulator.app.refuse(http::Refusal::body_too_large, import), 413);

    const auto conflict = [&](const std::string& name, std::string_view query, std::string_view body) {
        check(name, ask(emulator, method_of(name), path_of(name) + std::string{query}, body), 409);
    };
    for (std::size_t i = 0; i < calls::Faults::max_rules; ++i)
        emulator.faults.add(default_uin, {});
    conflict("POST /_emulator/faults", "", R"({"then":{"drop":true}})");
    conflict("POST /_emulator/accounts", "", R"({"Uin":"100000000001"})");
    conflict("POST /_emulator/accounts", "", R"({"SecretId":"AKIDunpaidEXAMPLE"})");
    conflict("POST /_emulator/accounts", "?account=AKIDunpaidEXAMPLE", "");
    conflict("POST /_emulator/accounts/credentials", "", R"({"SecretId":"AKIDunpaidEXAMPLE"})");
    conflict("DELETE /_emulator/accounts", "?account=100000000001", "");
    conflict("GET /_emulator/timeline", "?after=ins-nosuch00", "");
    conflict("POST /_emulator/requests/verify", "", R"({"after":1000000})");
    conflict("POST /_emulator/requests/wait", "", R"({"after":1000000})");
    emulator.control("POST", "/_emulator/accounts", R"({"from":"empty","Uin":"5"})");
    conflict("POST /_emulator/clock", "?account=5", R"({"advance_to":"next_event"})");
    conflict("PUT /_emulator/state", "?account=5",
             R"({"format_version":1,"accounts":[{"Uin":"5",
                 "Credentials":[{"SecretId":"AKIDunpaidEXAMPLE","SecretKey":"k"}]}]})");
    emulator.control("PUT", "/_emulator/state", R"({"format_version":1,"accounts":[{"Uin":"6"}]})");
    conflict("POST /_emulator/reset", "?account=6", "");
    conflict("POST /_emulator/call", "?account=6", R"({"action":"DescribeInstances","version":"2017-03-12"})");
    const auto listeners = [&] {
        std::vector<std::unique_ptr<http::LiveBody>> all;
        while (auto listener = emulator.events.listen("on", std::nullopt, ""))
            all.push_back(std::move(listener));
        return all;
    }();
    check("GET /_emulator/events", ask(emulator, "GET", "/_emulator/events"), 503);

    for (const std::string name : {"GET /health", "GET /_emulator/health"}) {
        const json::value body = broken_health(emulator, path_of(name));
        CHECK(test::misfit(body, answer_schema(described.at(name), "503")) == "");
        CHECK_FALSE(body.at("reason").as_string().empty());
        seen[name].insert("503");
    }

    for (const auto& entry : described) {
        const auto& name = entry.first;
        [[maybe_unused]] const auto& operation = entry.second;
        CAPTURE(name);
        Words told;
        for (const auto& response : operation.at("responses").as_object())
            told.emplace(response.key());
        CHECK(told.erase("200") == 1);
        CHECK(told.erase("default") == 1);
        CHECK(seen[name] == told);
    }
}
