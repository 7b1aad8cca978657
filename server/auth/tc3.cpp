#include "server/auth/tc3.hpp"

#include "server/auth/crypto.hpp"

#include <array>
#include <cstdio>

namespace cvm::auth {

std::string tc3_canonical_request(std::string_view method, std::string_view query,
                                  const std::vector<SignedHeader>& headers, std::string_view payload_hash)
{
    std::string text{method};
    text += "\n/\n";
    text += query;
    text += '\n';
    for (const auto& [name, value] : headers) {
        text += name;
        text += ':';
        text += value;
        text += '\n';
    }
    text += '\n';
    for (std::size_t i = 0; i < headers.size(); ++i) {
        if (i > 0)
            text += ';';
        text += headers[i].first;
    }
    text += '\n';
    text += payload_hash;
    return text;
}

std::string tc3_string_to_sign(std::int64_t timestamp, std::string_view date, std::string_view service,
                               std::string_view canonical_request)
{
    std::string text = "TC3-HMAC-SHA256\n" + std::to_string(timestamp) + "\n";
    text += date;
    text += '/';
    text += service;
    text += "/tc3_request\n";
    text += hex(sha256(canonical_request));
    return text;
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

std::string utc_date(std::chrono::sys_seconds instant)
{
    const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(instant)};
    std::array<char, 24> text{};
    const int length = std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return {text.data(), static_cast<std::size_t>(length)};
}

} // namespace cvm::auth
