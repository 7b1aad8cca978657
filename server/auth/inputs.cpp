#include "server/auth/inputs.hpp"

#include "server/auth/crypto.hpp"
#include "server/auth/nonces.hpp"
#include "server/auth/verify.hpp"
#include "server/base/text.hpp"

#include <algorithm>
#include <array>

namespace cvm::auth {

namespace {

constexpr std::array<std::string_view, 3> secret_headers{"authorization", "cookie", "proxy-authorization"};

bool is_secret_header(std::string_view name)
{
    return names_secret(name) || std::ranges::find(secret_headers, ascii_lower(name)) != secret_headers.end();
}

// "a=1&Password=x" -> "a=1&Password=***". A name may be percent-encoded.
std::string query_without_secrets(std::string_view query)
{
    std::string shown;
    for (;;) {
        const std::string_view piece = query.substr(0, query.find('&'));
        const auto equals = piece.find('=');
        const auto decoded = wire::parse_form(std::string{piece.substr(0, equals)} + "=");
        const bool secret = equals != std::string_view::npos &&
                            (!decoded || (!decoded->empty() && names_secret(decoded->begin()->first)));
        shown += secret ? piece.substr(0, equals + 1) : piece;
        if (secret)
            shown += masked;
        if (piece.size() == query.size())
            return shown;
        shown += '&';
        query.remove_prefix(piece.size() + 1);
    }
}

} // namespace

std::string header(const http::Request& request, std::string_view name)
{
    const auto at = request.find(name);
    return at == request.end() ? std::string{} : std::string{trimmed({at->value().data(), at->value().size()})};
}

std::string without_port(const std::string& host)
{
    const auto colon = host.rfind(':');
    const bool port =
        colon != std::string::npos && colon + 1 < host.size() && is_number(std::string_view{host}.substr(colon + 1));
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
    add_unique(hosts, envelope.host); // an SDK signs its endpoint as configured
    if (std::ranges::all_of(service, [](char c) { return c >= 'a' && c <= 'z'; })) {
        add_unique(hosts, service + ".tencentcloudapi.com");
        add_unique(hosts, service + ".intl.tencentcloudapi.com");
        if (envelope.region && !envelope.region->empty())
            add_unique(hosts, service + "." + *envelope.region + ".tencentcloudapi.com");
    }
    return hosts;
}

std::vector<std::string> v1_hosts(const wire::Envelope& envelope)
{
    std::vector<std::string> hosts{envelope.host};
    add_unique(hosts, without_port(envelope.host));
    return hosts;
}

std::vector<std::string> tc3_content_types(const http::Request& request)
{
    std::vector<std::string> types{header(request, "Content-Type")};
    add_unique(types, ascii_lower(types.front()));
    return types;
}

Tc3Inputs tc3_inputs(const wire::Envelope& envelope, const Authorization& authorization, const http::Request& request)
{
    const bool get = envelope.method == "GET";
    const bool unsigned_body = header(request, "X-TC-Content-SHA256") == unsigned_payload;
    Tc3Inputs inputs;
    inputs.method = envelope.method;
    if (get)
        inputs.query = envelope.query;
    // The headers must be signed and listed in the order of their names.
    std::vector<std::string> names = authorization.signed_headers;
    std::ranges::sort(names);
    inputs.signed_headers = joined(names);
    inputs.headers.reserve(names.size());
    for (std::string& name : names) {
        std::string value = name == "host"           ? ascii_lower(envelope.host)
                            : name == "content-type" ? header(request, name)
                                                     : ascii_lower(header(request, name));
        inputs.headers.emplace_back(std::move(name), std::move(value));
    }
    inputs.payload_hash = hex(sha256(unsigned_body ? unsigned_payload
                                     : get         ? std::string_view{}
                                                   : std::string_view{request.body()}));
    inputs.timestamp = std::to_string(envelope.timestamp);
    // The scope must contain the UTC date of the Timestamp, so the server signs with that date
    // (https://cloud.tencent.com/document/api/213/30654).
    inputs.date = utc_date(std::chrono::sys_seconds{std::chrono::seconds{envelope.timestamp}});
    inputs.service = authorization.service;
    return inputs;
}

void set_header(Tc3Inputs& inputs, std::string_view name, const std::string& value)
{
    for (auto& [own, line] : inputs.headers)
        if (own == name)
            line = value;
}

bool names_unknown_method(const wire::Form& form)
{
    const auto method = form.find("SignatureMethod");
    return method != form.end() && method->second != "HmacSHA1" && method->second != "HmacSHA256";
}

std::vector<Underscore> v1_spellings(const wire::Form& form)
{
    if (std::ranges::any_of(form, [](const auto& parameter) { return parameter.first.find('_') != std::string::npos; }))
        return {Underscore::stays, Underscore::dot_sorted_before, Underscore::dot_sorted_after};
    return {Underscore::stays};
}

Tc3Inputs without_secrets(Tc3Inputs inputs)
{
    inputs.query = query_without_secrets(inputs.query);
    for (auto& [name, value] : inputs.headers)
        if (is_secret_header(name))
            value = masked;
    return inputs;
}

V1Inputs without_secrets(V1Inputs inputs)
{
    for (auto& [name, value] : inputs.pairs)
        if (names_secret(name))
            value = masked;
    return inputs;
}

bool is_fresh(wire::Dialect dialect, std::int64_t timestamp, std::chrono::sys_seconds now)
{
    const std::chrono::seconds window =
        wire::is_legacy(dialect) ? std::chrono::seconds{Nonces::window} : std::chrono::seconds{api_window};
    const std::int64_t seconds = now.time_since_epoch().count();
    return timestamp >= seconds - window.count() && timestamp <= seconds + window.count();
}

} // namespace cvm::auth
