#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// TC3-HMAC-SHA256, step by step, as pure functions (https://cloud.tencent.com/document/api/213/30654).

namespace cvm::auth {

// A header in the canonical request: lower-case name, value as signed.
using SignedHeader = std::pair<std::string, std::string>;

// Everything that is signed. The defaults are those of a well-formed request.
struct Tc3Inputs {
    std::string method;
    std::string path = "/";
    std::string query;                 // empty for POST, the raw text after "?" for GET
    std::vector<SignedHeader> headers; // in the order of their lines
    bool blank_line = true;            // whether one follows the header lines
    std::string signed_headers;        // the names, joined by semicolons
    std::string payload_hash;          // hex
    std::string timestamp;             // seconds since 1970
    std::string date;                  // as in the credential scope
    std::string service;
};

// "content-type;host"
std::string joined(const std::vector<std::string>& names);

std::string tc3_canonical_request(const Tc3Inputs& inputs);

// "2019-02-25/cvm/tc3_request"
std::string tc3_scope(std::string_view date, std::string_view service);

// `canonical_hash` is the hex SHA-256 of the canonical request.
std::string tc3_string_to_sign(const Tc3Inputs& inputs, std::string_view canonical_hash);

// The two texts for a well-formed request, from its parts: every header of `headers` is signed, `timestamp` is in
// seconds since 1970, and `canonical_request` is the text, not its hash.
std::string tc3_canonical_request(std::string_view method, std::string_view query,
                                  const std::vector<SignedHeader>& headers, std::string_view payload_hash);
std::string tc3_string_to_sign(std::int64_t timestamp, std::string_view date, std::string_view service,
                               std::string_view canonical_request);

// The three derived keys, as raw bytes. `signing` is the key of the signature.
struct Tc3Keys {
    std::string date;
    std::string service;
    std::string signing;
};

Tc3Keys tc3_keys(std::string_view secret_key, std::string_view date, std::string_view service);

std::string tc3_signature(std::string_view signing_key, std::string_view string_to_sign);

// The Authorization header of a POST of `body` as JSON to the path / of `host`, with Content-Type and Host signed.
std::string tc3_authorization(std::string_view secret_id, std::string_view secret_key, const std::string& host,
                              std::string_view service, std::chrono::sys_seconds time, std::string_view body);

// "2019-02-25", in UTC.
std::string utc_date(std::chrono::sys_seconds instant);

} // namespace cvm::auth
