#include "server/auth/explain/explain.hpp"
#include "server/base/text.hpp"
#include "server/calls/journal.hpp"
#include "server/control/account_lookup.hpp"
#include "server/control/control.hpp"
#include "server/wire/envelope.hpp"
#include "server/wire/raw_request.hpp"

#include <boost/json.hpp>

namespace cvm::control {

namespace json = boost::json;

namespace {

constexpr std::size_t max_raw_bytes = 1024 * 1024;

json::object finding(std::string_view word, const std::string& summary)
{
    return {{"finding", word}, {"summary", summary}};
}

auth::Explanation explained(state::Store& store, const http::Request& raw, state::Instant at)
{
    const auto envelope = wire::open_envelope(raw, wire::response_format_of(raw).dialect);
    if (!envelope)
        return auth::explain_malformed(envelope.error());
    const auto claim = auth::read_claim(*envelope);
    if (!claim)
        return auth::explain_malformed(claim.error());
    const auto credential = store.find_credential(claim->secret_id);
    std::optional<auth::Key> key;
    if (credential)
        key = auth::Key{credential->secret_key, credential->token, credential->expires_at};
    return auth::explain(*envelope, *claim, raw, key ? &*key : nullptr, at);
}

// A call without an account can also be named by the SecretId in its request, or by anything if that was not read or
// stored: a proxy that distributes calls by SecretId must find the server that received the call.
void expect_call_of_account(state::Store& store, const Request& request, const calls::CallRecord& call)
{
    const auto account = request.query.find("account");
    if (account == request.query.end())
        return;
    const std::string& bore = call.secret_id;
    if (call.uin.empty() && (bore.empty() || bore == masked || bore == account->second))
        return;
    if (uin_of_calls(store, request) != call.uin)
        throw Problem{404, "the call with the RequestId `" + call.request_id + "` is not of the account `" +
                               account->second + "`; leave out ?account= to see it"};
}

} // namespace

Answer get_signature(state::Store& store, const calls::Journal& journal, const Request& request)
{
    const calls::CallRecord* call = journal.find(request.rest);
    if (call == nullptr)
        throw Problem{404, "the request log has no call with the RequestId `" + std::string{request.rest} + "`"};
    expect_call_of_account(store, request, *call);
    json::object answer;
    if (call->explained)
        answer = auth::to_json(*call->explained);
    else if (call->refused)
        answer = auth::to_json(explained(store, *call->refused, call->time));
    else if (call->signed_right)
        answer = finding("correct", "The signature of this call was right.");
    else
        answer =
            finding("not_checked", "The call was refused (" + call->code + ") before its signature was looked at.");
    answer["RequestId"] = call->request_id;
    return {200, std::move(answer)};
}

Answer post_explain(state::Store& store, const state::WallClock& wall, const Request& request)
{
    // The request itself says which key it is signed with; the parameter is only for proxies.
    if (request.query.contains("account"))
        account_of(store, request);
    if (request.body.size() > max_raw_bytes)
        throw Problem{413, "a request to explain may have at most " + std::to_string(max_raw_bytes) + " bytes"};
    const auto raw = wire::parse_raw_request(request.body);
    if (!raw)
        throw Problem{400,
                      "the body must be an HTTP request as it was sent: " + message(raw.error(), Language::english)};
    return {200, auth::to_json(explained(store, *raw, wall.now()))};
}

} // namespace cvm::control
