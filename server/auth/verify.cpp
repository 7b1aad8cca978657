#include "server/auth/verify.hpp"

#include "server/auth/crypto.hpp"
#include "server/auth/nonces.hpp"
#include "server/auth/tc3.hpp"
#include "server/auth/v1.hpp"
#include "server/text.hpp"

#include <algorithm>

namespace cvm::auth {

namespace {

constexpr std::string_view unsigned_payload = "UNSIGNED-PAYLOAD";

// The value of the first header of that name; empty if there is none.
std::string header(const http::Request& request, std::string_view name)
{
    const auto at = request.find(name);
    return at == request.end() ? std::string{} : std::string{trimmed({at->value().data(), at->value().size()})};
}

std::string without_port(const std::string& host)
{
    const auto colon = host.rfind(':');
    const bool port = colon != std::string::npos && colon + 1 < host.size() &&
                      std::all_of(host.begin() + static_cast<std::ptrdiff_t>(colon) + 1, host.end(),
                                  [](char c) { return c >= '0' && c <= '9'; });
    return port ? host.substr(0, colon) : host;
}

void add_unique(std::vector<std::string>& list, std::string value)
{
    if (std::ranges::find(list, value) == list.end())
        list.push_back(std::move(value));
}

std::vector<std::string> tc3_hosts(const wire::Envelope& envelope, const std::string& service)
{
    std::vector<std::string> hosts{ascii_lower(envelope.host)};
    add_unique(hosts, without_port(hosts.front()));
    add_unique(hosts, envelope.host); // an SDK signs its endpoint as it was configured
    if (std::ranges::all_of(service, [](char c) { return c >= 'a' && c <= 'z'; })) {
        add_unique(hosts, service + ".tencentcloudapi.com");
        add_unique(hosts, service + ".intl.tencentcloudapi.com");
        if (envelope.region && !envelope.region->empty())
            add_unique(hosts, service + "." + *envelope.region + ".tencentcloudapi.com");
    }
    return hosts;
}

// Fills the trace and says whether the signature matches.
bool tc3_matches(const wire::Envelope& envelope, const Authorization& authorization, const http::Request& request,
                 const Key& key, Trace& trace)
{
    const bool get = envelope.method == "GET";
    const bool unsigned_body = header(request, "X-TC-Content-SHA256") == unsigned_payload;
    const std::string payload_hash = hex(sha256(unsigned_body ? unsigned_payload
                                                : get         ? std::string_view{}
                                                              : std::string_view{request.body()}));
    // The scope must carry the UTC date of the Timestamp, so that is the date to sign with (facts: wire 1).
    const std::string date = utc_date(std::chrono::sys_seconds{std::chrono::seconds{envelope.timestamp}});
    const Tc3Keys keys = tc3_keys(key.secret_key, date, authorization.service);

    // The headers must be signed, and listed, in the order of their names.
    std::vector<std::string> names = authorization.signed_headers;
    std::ranges::sort(names);
    const bool well_scoped = authorization.date == date && names == authorization.signed_headers;

    const std::string content_type = header(request, "Content-Type");
    std::vector<std::string> content_types{content_type};
    add_unique(content_types, ascii_lower(content_type));

    for (const std::string& host : tc3_hosts(envelope, authorization.service))
        for (const std::string& type : content_types) {
            std::vector<SignedHeader> headers;
            for (const std::string& name : names)
                headers.emplace_back(name, name == "host"           ? host
                                           : name == "content-type" ? type
                                                                    : ascii_lower(header(request, name)));
            const std::string canonical = tc3_canonical_request(
                envelope.method, get ? envelope.query : std::string_view{}, headers, payload_hash);
            std::string to_sign = tc3_string_to_sign(envelope.timestamp, date, authorization.service, canonical);
            std::string expected = tc3_signature(keys.signing, to_sign);
            if (well_scoped && equal_constant_time(expected, authorization.signature))
                return true;
            if (!trace.string_to_sign.empty())
                continue;
            for (auto& [name, value] : headers)
                if (name == "x-tc-token")
                    value = masked;
            trace = {tc3_canonical_request(envelope.method, get ? envelope.query : std::string_view{}, headers,
                                           payload_hash),
                     std::move(to_sign), std::move(expected)};
        }
    return false;
}

bool v1_matches(const wire::Envelope& envelope, const Key& key, Trace& trace)
{
    std::vector<std::string> hosts{envelope.host};
    add_unique(hosts, without_port(envelope.host));
    std::vector<Underscore> spellings{Underscore::stays};
    if (std::ranges::any_of(envelope.form,
                            [](const auto& parameter) { return parameter.first.find('_') != std::string::npos; }))
        spellings = {Underscore::stays, Underscore::dot_sorted_before, Underscore::dot_sorted_after};
    // An SDK sends its base64 with a line break behind it (facts: wire 0.8).
    const std::string_view given = trimmed(envelope.signature);

    for (const std::string& host : hosts)
        for (const Underscore spelling : spellings) {
            const std::string to_sign =
                v1_string_to_sign(envelope.method, host, envelope.path, envelope.form, spelling);
            std::string expected = v1_signature(key.secret_key, to_sign, envelope.sha256);
            if (equal_constant_time(expected, given))
                return true;
            if (!trace.string_to_sign.empty())
                continue;
            wire::Form shown = envelope.form;
            if (const auto token = shown.find("Token"); token != shown.end())
                token->second = masked;
            trace = {"", v1_string_to_sign(envelope.method, host, envelope.path, shown, spelling), std::move(expected)};
        }
    return false;
}

bool fresh(const wire::Envelope& envelope, std::chrono::sys_seconds now)
{
    const std::chrono::seconds window =
        wire::is_legacy(envelope.dialect) ? std::chrono::seconds{Nonces::window} : std::chrono::seconds{api_window};
    const std::int64_t seconds = now.time_since_epoch().count();
    return envelope.timestamp >= seconds - window.count() && envelope.timestamp <= seconds + window.count();
}

} // namespace

Result<Claim> read_claim(const wire::Envelope& envelope)
{
    if (envelope.dialect != wire::Dialect::tc3)
        return Claim{envelope.secret_id, std::nullopt};
    auto authorization = parse_authorization(envelope.authorization);
    if (!authorization)
        return authorization.error();
    std::string secret_id = authorization->secret_id;
    return Claim{std::move(secret_id), *std::move(authorization)};
}

Verdict verify(const wire::Envelope& envelope, const Claim& claim, const http::Request& request, const Key* key,
               std::chrono::sys_seconds now)
{
    Verdict verdict;
    if (!fresh(envelope, now))
        verdict.refusal = error(Errc::auth_failure_signature_expire);
    else if (key == nullptr)
        verdict.refusal = error(Errc::auth_failure_secret_id_not_found);
    else if (!(claim.authorization ? tc3_matches(envelope, *claim.authorization, request, *key, verdict.trace)
                                   : v1_matches(envelope, *key, verdict.trace)))
        verdict.refusal = error(Errc::auth_failure_signature_failure);
    else if (!equal_constant_time(key->token, envelope.token) || (key->expires_at && *key->expires_at <= now))
        verdict.refusal = error(Errc::auth_failure_token_failure);
    return verdict;
}

} // namespace cvm::auth
