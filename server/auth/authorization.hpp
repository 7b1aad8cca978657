#pragma once

#include "server/base/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cvm::auth {

// The Authorization header of TC3-HMAC-SHA256.
struct Authorization {
    std::string secret_id;
    std::string date;                        // YYYY-MM-DD, as the client wrote it
    std::string service;                     // cvm, or what an SDK derives from a custom endpoint: 127, localhost:8213
    std::vector<std::string> signed_headers; // lower case, in the client's order
    std::string signature;
};

// "TC3-HMAC-SHA256 Credential=<SecretId>/<date>/<service>/tc3_request, SignedHeaders=<a;b>, Signature=<hex>" with any
// number of spaces where one may be: tencentcloud-sdk-dotnet sends two after the algorithm.
// AuthFailure.InvalidAuthorization names the wrong part.
Result<Authorization> parse_authorization(std::string_view header);

} // namespace cvm::auth
