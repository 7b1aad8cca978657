#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// TC3-HMAC-SHA256, step by step, as pure functions (facts: wire 1; https://cloud.tencent.com/document/api/213/30654).

namespace cvm::auth {

// A header as it enters the canonical request: lower-case name, value as it is signed.
using SignedHeader = std::pair<std::string, std::string>;

// `query` is empty for POST and the raw text after "?" for GET; `payload_hash` is hex.
std::string tc3_canonical_request(std::string_view method, std::string_view query,
                                  const std::vector<SignedHeader>& headers, std::string_view payload_hash);

// `timestamp` in seconds since 1970; `date` as in the credential scope.
std::string tc3_string_to_sign(std::int64_t timestamp, std::string_view date, std::string_view service,
                               std::string_view canonical_request);

// The three derived keys, raw bytes. Only the last one signs.
struct Tc3Keys {
    std::string date;
    std::string service;
    std::string signing;
};

Tc3Keys tc3_keys(std::string_view secret_key, std::string_view date, std::string_view service);

std::string tc3_signature(std::string_view signing_key, std::string_view string_to_sign);

// "2019-02-25", in UTC.
std::string utc_date(std::chrono::sys_seconds instant);

} // namespace cvm::auth
