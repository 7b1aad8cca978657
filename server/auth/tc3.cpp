#include "server/auth/tc3.hpp"

#include "server/auth/crypto.hpp"

#include <algorithm>

namespace cvm::auth {

std::string joined(const std::vector<std::string>& names)
{
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0)
            text += ';';
        text += names[i];
    }
    return text;
}

std::string tc3_canonical_request(const Tc3Inputs& inputs)
{
    std::size_t size = inputs.method.size() + inputs.path.size() + inputs.query.size() + inputs.signed_headers.size() +
                       inputs.payload_hash.size() + 6;
    for (const auto& [name, value] : inputs.headers)
        size += name.size() + value.size() + 2;
    std::string text;
    text.reserve(size);
    text += inputs.method;
    text += '\n';
    text += inputs.path;
    text += '\n';
    text += inputs.query;
    text += '\n';
    for (const auto& [name, value] : inputs.headers) {
        text += name;
        text += ':';
        text += value;
        text += '\n';
    }
    if (inputs.blank_line)
        text += '\n';
    text += inputs.signed_headers;
    text += '\n';
    text += inputs.payload_hash;
    return text;
}

std::string tc3_scope(std::string_view date, std::string_view service)
{
    std::string text{date};
    text += '/';
    text += service;
    text += "/tc3_request";
    return text;
}

std::string tc3_string_to_sign(const Tc3Inputs& inputs, std::string_view canonical_hash)
{
    std::string text;
    text.reserve(160); // enough for nearly every service
    text += "TC3-HMAC-SHA256\n";
    text += inputs.timestamp;
    text += '\n';
    text += tc3_scope(inputs.date, inputs.service);
    text += '\n';
    text += canonical_hash;
    return text;
}

std::string tc3_canonical_request(std::string_view method, std::string_view query,
                                  const std::vector<SignedHeader>& headers, std::string_view payload_hash)
{
    Tc3Inputs inputs;
    inputs.method = method;
    inputs.query = query;
    inputs.headers = headers;
    std::vector<std::string> names;
    for (const auto& [name, value] : headers)
        names.push_back(name);
    inputs.signed_headers = joined(names);
    inputs.payload_hash = payload_hash;
    return tc3_canonical_request(inputs);
}

std::string tc3_string_to_sign(std::int64_t timestamp, std::string_view date, std::string_view service,
                               std::string_view canonical_request)
{
    Tc3Inputs inputs;
    inputs.timestamp = std::to_string(timestamp);
    inputs.date = date;
    inputs.service = service;
    return tc3_string_to_sign(inputs, hex(sha256(canonical_request)));
}

Tc3Keys tc3_keys(std::string_view secret_key, std::string_view date, std::string_view service)
{
    Tc3Keys keys;
    keys.date = hmac_sha256("TC3" + std::string{secret_key}, date);
    keys.service = hmac_sha256(keys.date, service);
    keys.signing = hmac_sha256(keys.service, "tc3_request");
    return keys;
}

std::string tc3_signature(std::string_view signing_key, std::string_view string_to_sign)
{
    return hex(hmac_sha256(signing_key, string_to_sign));
}

std::string tc3_authorization(std::string_view secret_id, std::string_view secret_key, const std::string& host,
                              std::string_view service, std::chrono::sys_seconds time, std::string_view body)
{
    const std::string date = utc_date(time);
    const std::string canonical =
        tc3_canonical_request("POST", "", {{"content-type", "application/json"}, {"host", host}}, hex(sha256(body)));
    return "TC3-HMAC-SHA256 Credential=" + std::string{secret_id} + "/" + tc3_scope(date, service) +
           ", SignedHeaders=content-type;host, Signature=" +
           tc3_signature(tc3_keys(secret_key, date, service).signing,
                         tc3_string_to_sign(time.time_since_epoch().count(), date, service, canonical));
}

std::string utc_date(std::chrono::sys_seconds instant)
{
    const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(instant)};
    std::string text = "0000-00-00";
    const auto put = [&](std::size_t end, unsigned number) {
        for (; number > 0; number /= 10)
            text[--end] = static_cast<char>('0' + number % 10);
    };
    put(4, static_cast<unsigned>(std::clamp(static_cast<int>(date.year()), 0, 9999)));
    put(7, static_cast<unsigned>(date.month()));
    put(10, static_cast<unsigned>(date.day()));
    return text;
}

} // namespace cvm::auth
