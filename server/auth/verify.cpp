#include "server/auth/verify.hpp"

#include "server/auth/crypto.hpp"
#include "server/auth/inputs.hpp"
#include "server/base/text.hpp"

#include <algorithm>

namespace cvm::auth {

namespace {

// Whether the signature matches; fills the trace.
bool tc3_matches(const wire::Envelope& envelope, const Authorization& authorization, const http::Request& request,
                 const Key& key, SigningKeys& signing_keys, Trace& trace)
{
    Tc3Inputs inputs = tc3_inputs(envelope, authorization, request);
    HmacSha256& sign = signing_keys.of(key.secret_key, inputs.date, inputs.service);
    const bool well_scoped = authorization.date == inputs.date && std::ranges::is_sorted(authorization.signed_headers);
    const auto matches = [&] {
        std::string to_sign = tc3_string_to_sign(inputs, hex(sha256(tc3_canonical_request(inputs))));
        std::string expected = hex(sign(to_sign));
        if (well_scoped && equal_constant_time(expected, authorization.signature))
            return true;
        if (trace.string_to_sign.empty())
            trace = {tc3_canonical_request(without_secrets(inputs)), std::move(to_sign), std::move(expected)};
        return false;
    };

    // Nearly every client signs exactly what it sends, which the inputs already contain; the lists are built only for
    // others.
    if (matches())
        return true;
    const std::vector<std::string> hosts = tc3_hosts(envelope, authorization.service);
    const std::vector<std::string> content_types = tc3_content_types(request);
    for (const std::string& host : hosts)
        for (const std::string& type : content_types) {
            if (host == hosts.front() && type == content_types.front())
                continue; // already tried with the original inputs
            set_header(inputs, "host", host);
            set_header(inputs, "content-type", type);
            if (matches())
                return true;
        }
    return false;
}

bool v1_matches(const wire::Envelope& envelope, const Key& key, Trace& trace)
{
    // tencentcloud-sdk-ruby encodes by Base64.encode64, which ends with a line break.
    const std::string_view given = trimmed(envelope.signature);

    for (const std::string& host : v1_hosts(envelope))
        for (const Underscore spelling : v1_spellings(envelope.form)) {
            V1Inputs inputs = v1_inputs(envelope.method, host, envelope.path, envelope.form, spelling);
            std::string expected = v1_signature(key.secret_key, v1_string_to_sign(inputs), envelope.sha256);
            if (equal_constant_time(expected, given))
                return true;
            if (trace.string_to_sign.empty())
                trace = {"", v1_string_to_sign(without_secrets(std::move(inputs))), std::move(expected)};
        }
    return false;
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
               SigningKeys& signing_keys, std::chrono::sys_seconds now)
{
    Verdict verdict;
    if (!is_fresh(envelope.dialect, envelope.timestamp, now))
        verdict.refusal = error(Errc::auth_failure_signature_expire);
    else if (key == nullptr)
        verdict.refusal = error(Errc::auth_failure_secret_id_not_found);
    else if (!(claim.authorization
                   ? tc3_matches(envelope, *claim.authorization, request, *key, signing_keys, verdict.trace)
                   : v1_matches(envelope, *key, verdict.trace)))
        verdict.refusal = error(Errc::auth_failure_signature_failure);
    else if (!equal_constant_time(key->token, envelope.token) || (key->expires_at && *key->expires_at <= now))
        verdict.refusal = error(Errc::auth_failure_token_failure);
    return verdict;
}

} // namespace cvm::auth
