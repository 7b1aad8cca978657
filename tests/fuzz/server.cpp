#include "tests/fuzz/server.hpp"

#include "server/wire/form.hpp"
#include "server/wire/render.hpp"
#include "tests/fuzz/target.hpp"

#include <boost/json.hpp>

#include <any>

namespace cvm::fuzz {

namespace json = boost::json;
namespace bhttp = boost::beast::http;

namespace {

std::string as_text(const json::value& value)
{
    return value.is_string() ? std::string{value.get_string()} : json::serialize(value);
}

void expect_request_id(const json::object& answer, std::string_view member)
{
    const json::value* id = answer.if_contains(member);
    expect(id != nullptr && id->is_string() && id->get_string().size() == test::FixedRequestIds::value.size(),
           "an answer bears a RequestId", json::serialize(answer));
}

} // namespace

test::Emulator& fresh_server()
{
    static const std::string fixture = CVM_SOURCE_DIR "/tests/fuzz/fixture.json";
    static test::Emulator server{Fixtures::from_files({&fixture, 1})};
    replace_all(server.store, server.fixtures.accounts(test::test_time));
    server.journal = calls::Journal{{}};
    server.faults = {};
    server.nonces = auth::Nonces{};
    server.random = Random{1};
    return server;
}

void expect_told(const Error& error)
{
    static Error last{Errc::internal_error, {}};
    if (error == last)
        return;
    last = error;
    using wire::Dialect;
    for (const Language language : {Language::english, Language::chinese})
        for (const Dialect dialect : {Dialect::tc3, Dialect::v1, Dialect::legacy, Dialect::legacy_numeric})
            expect_json(wire::render_error({dialect, language}, error, "RenewInstances", "id"));
}

bool is_about_signature(std::string_view code) noexcept
{
    return code.starts_with("AuthFailure") || code.ends_with("SignatureFailure");
}

json::value expect_json(const std::string& text)
{
    boost::system::error_code ec;
    json::value value = json::parse(text, ec);
    expect(!ec, "an answer is JSON", text);
    return value;
}

std::string expect_api_answer(const http::Response& response, bool may_break)
{
    expect(may_break || response.result() == bhttp::status::ok, "the API answers with 200", response.body());
    const json::value parsed = expect_json(response.body());
    expect(parsed.is_object(), "the API answers with an object", response.body());
    const json::object& answer = parsed.get_object();
    std::string code;
    if (const json::value* inner = answer.if_contains("Response")) {
        expect_request_id(inner->as_object(), "RequestId");
        const json::value* problem = inner->get_object().if_contains("Error");
        code = problem == nullptr ? "OK" : as_text(problem->at("Code"));
        expect(problem == nullptr || problem->at("Message").is_string(), "an error has a text", response.body());
    } else {
        const json::value* number = answer.if_contains("code");
        expect(number != nullptr && number->is_int64(), "the legacy API answers with a number", response.body());
        code = number->get_int64() == 0 ? "OK" : as_text(answer.at("codeDesc"));
    }
    expect(may_break || (code != "InternalError" && code != "InternalServerError"), "nothing breaks", response.body());
    return code;
}

http::Response expect_control_answer(test::Emulator& server, std::string_view method, std::string_view target,
                                     std::string_view body)
{
    http::Request request;
    request.version(11);
    request.method_string({method.data(), method.size()});
    request.target({target.data(), target.size()});
    request.body() = body;
    std::any kept;
    http::Reply reply = server.app.handle(request, {.kept = &kept});
    while (reply.continue_after)
        reply = server.app.handle(request, {.kept = &kept});
    if (reply.wait)
        reply = server.app.handle(request, {.waited = http::longest_wait, .kept = &kept});
    expect(!reply.wait && !reply.held, "a request that has waited is answered", target);
    reply = test::whole(std::move(reply));
    const http::Response& response = reply.response;
    expect(response.result_int() < 500, "nothing breaks", response.body());
    const bool json = response[bhttp::field::content_type] == "application/json";
    expect(json || response.result_int() < 400, "the control API refuses in JSON", response.body());
    if (json)
        expect_json(response.body());
    return std::move(reply.response);
}

void expect_good_state(test::Emulator& server)
{
    for (const std::string& uin : server.store.account_uins()) {
        const auto books =
            expect_control_answer(server, "GET", "/_emulator/invariants?account=" + wire::percent_encoded(uin), {});
        expect(books.result_int() == 200 && json::parse(books.body()).at("ok").as_bool(), "the books agree",
               books.body());
    }
    const std::string exported = expect_control_answer(server, "GET", "/_emulator/state", {}).body();
    const auto imported = expect_control_answer(server, "PUT", "/_emulator/state", exported);
    expect(imported.result_int() == 200, "what is exported is accepted", imported.body());
    const std::string again = expect_control_answer(server, "GET", "/_emulator/state", {}).body();
    expect(again == exported, "what is accepted is exported alike", again);
}

} // namespace cvm::fuzz
