#include "tests/support/call.hpp"

#include "server/auth/crypto.hpp"
#include "server/auth/tc3.hpp"
#include "server/auth/v1.hpp"

namespace cvm::test {

namespace json = boost::json;
namespace bhttp = boost::beast::http;

namespace {

std::string as_text(const json::value& v) { return v.is_string() ? std::string{v.get_string()} : json::serialize(v); }

// {"InstanceIds": ["a"]} -> InstanceIds.0=a. The legacy API counts from 1.
void flatten(const std::string& name, const json::value& v, std::size_t origin, wire::Form& form)
{
    if (const auto* o = v.if_object()) {
        for (const auto& [key, member] : *o)
            flatten(name.empty() ? std::string{key} : name + "." + std::string{key}, member, origin, form);
    } else if (const auto* a = v.if_array()) {
        for (std::size_t i = 0; i < a->size(); ++i)
            flatten(name + "." + std::to_string(i + origin), (*a)[i], origin, form);
    } else {
        form[name] = as_text(v);
    }
}

std::string encoded(const wire::Form& form)
{
    std::string text;
    for (const auto& [name, value] : form)
        text += (text.empty() ? "" : "&") + wire::percent_encoded(name) + "=" + wire::percent_encoded(value);
    return text;
}

void place(http::Request& request, const std::string& path, const std::string& parameters)
{
    const bool get = request.method() == bhttp::verb::get;
    request.target(get && !parameters.empty() ? path + "?" + parameters : path);
    if (!get)
        request.body() = parameters;
}

http::Request sign_tc3(const Call& call, state::Instant now, http::Request request)
{
    const bool get = call.method == "GET";
    std::string query;
    if (get) {
        wire::Form form;
        flatten("", call.params, 0, form);
        query = encoded(form);
        place(request, "/", query);
    } else {
        request.target("/");
        request.body() = call.body.value_or(json::serialize(call.params));
    }
    const std::string type = get ? "application/x-www-form-urlencoded" : call.content_type;
    const std::int64_t timestamp = now.time_since_epoch().count();
    const std::string date = auth::utc_date(now);
    const auto canonical =
        auth::tc3_canonical_request(call.method, query, {{"content-type", type}, {"host", call.host}},
                                    auth::hex(auth::sha256(get ? std::string{} : request.body())));
    const auto signature = auth::tc3_signature(auth::tc3_keys(call.secret_key, date, call.service).signing,
                                               auth::tc3_string_to_sign(timestamp, date, call.service, canonical));
    request.set("Content-Type", type);
    request.set("X-TC-Action", call.action);
    request.set("X-TC-Version", call.version);
    request.set("X-TC-Timestamp", std::to_string(timestamp));
    if (!call.region.empty())
        request.set("X-TC-Region", call.region);
    if (!call.language.empty())
        request.set("X-TC-Language", call.language);
    if (!call.token.empty())
        request.set("X-TC-Token", call.token);
    request.set("Authorization", "TC3-HMAC-SHA256 Credential=" + call.secret_id + "/" + date + "/" + call.service +
                                     "/tc3_request, SignedHeaders=content-type;host, Signature=" + signature);
    return request;
}

http::Request sign_form(const Call& call, state::Instant now, http::Request request)
{
    const bool legacy = wire::is_legacy(call.dialect);
    wire::Form form;
    flatten("", call.params, legacy ? 1 : 0, form);
    form["Action"] = call.action;
    form["Timestamp"] = std::to_string(now.time_since_epoch().count());
    form["Nonce"] = std::to_string(call.nonce);
    form["SecretId"] = call.secret_id;
    if (call.dialect != wire::Dialect::legacy_numeric)
        form["Version"] = call.version;
    if (!call.region.empty())
        form["Region"] = call.region;
    if (!call.language.empty())
        form["Language"] = call.language;
    if (!call.token.empty())
        form["Token"] = call.token;
    if (call.sha256)
        form["SignatureMethod"] = "HmacSHA256";
    const std::string path{legacy ? wire::legacy_path : wire::api_path};
    form["Signature"] = auth::v1_signature(
        call.secret_key, auth::v1_string_to_sign(call.method, call.host, path, form, auth::Underscore::stays),
        call.sha256);
    place(request, path, encoded(form));
    request.set("Content-Type", "application/x-www-form-urlencoded");
    return request;
}

} // namespace

Call by(std::string_view owner, Call call)
{
    call.secret_id = "AKID" + std::string{owner} + "EXAMPLE";
    call.secret_key = std::string{owner} + "keyEXAMPLE";
    return call;
}

http::Request sign(const Call& call, state::Instant now)
{
    http::Request request{bhttp::string_to_verb(call.method), "/", 11};
    request.set("Host", call.host);
    if (!call.force_error.empty())
        request.set("X-Emulator-Force-Error", call.force_error);
    return call.dialect == wire::Dialect::tc3 ? sign_tc3(call, now, std::move(request))
                                              : sign_form(call, now, std::move(request));
}

} // namespace cvm::test
