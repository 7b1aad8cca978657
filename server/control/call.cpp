#include "server/api/action.hpp"
#include "server/auth/tc3.hpp"
#include "server/calls/journal.hpp"
#include "server/control/account_lookup.hpp"
#include "server/control/body.hpp"
#include "server/control/control.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace cvm::control {

namespace json = boost::json;
namespace bhttp = boost::beast::http;

namespace {

constexpr std::size_t longest_name = 256;
constexpr std::string_view vendor_domain = ".tencentcloudapi.com";

// A value that is used as a header.
std::string name_of(const json::object& body, std::string_view member)
{
    const auto* given = body.if_contains(member);
    if (given == nullptr)
        return {};
    std::string name = text(*given, member);
    if (name.size() > longest_name ||
        std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }))
        throw Problem{400, "`" + std::string{member} + "` must have at most " + std::to_string(longest_name) +
                               " bytes and no control characters"};
    return name;
}

// The product of the action or, for an unknown action, of its version.
std::string product_of(const std::string& action, const std::string& version)
{
    const api::Action* known = api::find_action(action, version);
    const std::string_view product = known != nullptr ? known->product : api::product_of_version(version);
    return std::string{product.empty() ? "cvm" : product};
}

http::Request signed_request(const json::object& body, const state::Credential& credential, state::Instant now)
{
    const std::string action = name_of(body, "action");
    const std::string version = name_of(body, "version");
    if (action.empty() || version.empty())
        throw Problem{400, "give `action` and `version`, such as DescribeInstances and 2017-03-12"};
    const std::string language = name_of(body, "language");
    if (!language.empty() && language != "zh-CN" && language != "en-US")
        throw Problem{400, "`language` must be zh-CN or en-US"};
    const auto* params = body.if_contains("parameters");
    const std::string product = product_of(action, version);
    const std::string host = product + std::string{vendor_domain};

    http::Request request{bhttp::verb::post, "/", 11};
    request.body() = params != nullptr ? json::serialize(object(*params, "parameters")) : "{}";
    request.set("Host", host);
    request.set("Content-Type", "application/json");
    request.set("X-TC-Action", action);
    request.set("X-TC-Version", version);
    request.set("X-TC-Timestamp", std::to_string(now.time_since_epoch().count()));
    for (const auto& [name, value] : {std::pair{"X-TC-Region", name_of(body, "region")},
                                      {"X-TC-Language", language},
                                      {"X-TC-Token", credential.token}})
        if (!value.empty())
            request.set(name, value);
    request.set("Authorization", auth::tc3_authorization(credential.secret_id, credential.secret_key, host, product,
                                                         now, request.body()));
    return request;
}

json::object show(const http::Request& request)
{
    json::object headers;
    for (const auto& field : request)
        headers.emplace(field.name_string(), field.value());
    return {{"method", "POST"}, {"headers", std::move(headers)}, {"body", request.body()}};
}

// The part of the answer that the client received: JSON, a text that is not JSON, or nothing.
json::value received(const http::Reply& reply)
{
    if (reply.delivery.drop)
        return nullptr;
    const std::string& whole = reply.response.body();
    const std::string text = whole.substr(0, reply.delivery.body_bytes.value_or(std::string::npos));
    boost::system::error_code ec;
    json::value parsed = json::parse(text, ec);
    return ec ? json::value(text) : parsed;
}

// From the answer or, if it is not there, from the last call in the journal, which is this one.
json::value request_id_of(const http::Reply& reply, const calls::Journal& journal, const std::string& uin)
{
    boost::system::error_code ec;
    const json::value parsed = json::parse(reply.response.body(), ec);
    if (const auto* id = ec ? nullptr : parsed.find_pointer("/Response/RequestId", ec))
        return *id;
    const calls::Journal::Part& part = journal.of(uin);
    const bool kept = !part.calls.empty() && part.calls.back().number == part.last;
    return kept ? json::value(part.calls.back().request_id) : json::value(nullptr);
}

} // namespace

Answer post_call(state::Store& store, const ApiCall& api, const state::WallClock& wall, const Request& request)
{
    const json::object body = body_of(request);
    expect_members(body, {"action", "version", "region", "language", "parameters"});
    const state::Account account = account_of(store, request);
    const auto credentials = store.list_credentials(account.uin);
    if (credentials.empty())
        throw Problem{409, "the account " + account.uin +
                               " has no key pair to sign with; POST /_emulator/accounts/credentials makes one"};
    const http::Request call = signed_request(body, credentials.front(), wall.now());
    const http::Reply reply = api.make(call);
    const bool dropped = reply.delivery.drop;
    json::object answer{{"request", show(call)},
                        {"status", dropped ? json::value(nullptr) : json::value(reply.response.result_int())},
                        {"response", received(reply)},
                        {"request_id", request_id_of(reply, api.journal, account.uin)}};
    return {
        .status = 200, .body = std::move(answer), .delay = reply.delivery.delay, .state_changed = reply.state_changed};
}

} // namespace cvm::control
