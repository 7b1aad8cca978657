#include "server/auth/authorization.hpp"

#include "server/base/text.hpp"

#include <algorithm>
#include <array>

namespace cvm::auth {

namespace {

constexpr std::string_view algorithm = "TC3-HMAC-SHA256";

std::vector<std::string_view> split(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    for (;;) {
        const auto at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos)
            return parts;
        text.remove_prefix(at + 1);
    }
}

Error malformed(std::string_view what) { return error(Errc::auth_failure_invalid_authorization, what); }

} // namespace

Result<Authorization> parse_authorization(std::string_view header)
{
    header = trimmed(header);
    if (!header.starts_with(algorithm) || header.size() == algorithm.size() ||
        (header[algorithm.size()] != ' ' && header[algorithm.size()] != '\t'))
        return malformed("it must begin with `TC3-HMAC-SHA256`");

    struct Part {
        std::string_view name;
        std::string_view value{};
    };
    std::array<Part, 3> parts{Part{"Credential"}, Part{"SignedHeaders"}, Part{"Signature"}};
    for (const std::string_view part : split(header.substr(algorithm.size()), ',')) {
        const auto equals = part.find('=');
        if (equals == std::string_view::npos)
            return malformed("a part without `=`");
        const auto known = std::ranges::find(parts, trimmed(part.substr(0, equals)), &Part::name);
        if (known != parts.end())
            known->value = trimmed(part.substr(equals + 1));
    }
    for (const Part& part : parts)
        if (part.value.empty())
            return malformed("`" + std::string{part.name} + "` is missing");
    const auto& [credential_part, headers_part, signature_part] = parts;

    // A service may contain slashes: older versions of tccli turn the endpoint http://127.0.0.1:8213 into "http://127".
    // So the service is everything between the date and the fixed end.
    const std::string_view credential = credential_part.value;
    const auto scope = split(credential, '/');
    if (scope.size() < 4 || scope.back() != "tc3_request")
        return malformed("`Credential` must be <SecretId>/<date>/<service>/tc3_request");
    const std::string_view date = scope[1];
    if (date.size() != 10 || date[4] != '-' || date[7] != '-')
        return malformed("`Date` in Credential not valid");
    const auto service_begin = scope[0].size() + 1 + date.size() + 1;
    const std::string_view service =
        credential.substr(service_begin, credential.size() - service_begin - std::string_view{"/tc3_request"}.size());
    if (service.empty())
        return malformed("`Service` in Credential not valid");

    Authorization authorization;
    authorization.secret_id = scope[0];
    authorization.date = date;
    authorization.service = service;
    authorization.signature = signature_part.value;
    for (const std::string_view name : split(headers_part.value, ';'))
        authorization.signed_headers.push_back(ascii_lower(trimmed(name)));
    for (const std::string_view needed : {"content-type", "host"})
        if (std::ranges::find(authorization.signed_headers, needed) == authorization.signed_headers.end())
            return malformed("`SignedHeaders` must hold `" + std::string{needed} + "`");
    return authorization;
}

} // namespace cvm::auth
