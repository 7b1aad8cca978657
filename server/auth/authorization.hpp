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
    std::string service;                     // cvm, or whatever an SDK makes of a custom endpoint (facts: wire 0.5)
    std::vector<std::string> signed_headers; // lower case, in the client's order
    std::string signature;
};

// "TC3-HMAC-SHA256 Credential=<SecretId>/<date>/<service>/tc3_request, SignedHeaders=<a;b>, Signature=<hex>" with any
// number of spaces where one may be (facts: wire 0.7). AuthFailure.InvalidAuthorization says which part is wrong.
Result<Authorization> parse_authorization(std::string_view header);

} // namespace cvm::auth
