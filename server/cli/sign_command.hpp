#pragma once

#include "server/cli/url.hpp"
#include "state/model/calendar.hpp"

#include <string>

namespace cvm::cli {

// A call to be signed. Empty text: not given.
struct ToSign {
    std::string action{};
    std::string params = "{}"; // JSON
    std::string region{};      // ap-guangzhou for actions that need one
    std::string secret_id{};   // with secret_key; default: the example pair of the vendor's documentation
    std::string secret_key{};
    std::string token{};
    std::string version{}; // default: that of the action
    Url url{};
};

// A curl command for a POSIX shell that makes the call, signed with TC3-HMAC-SHA256 at `now`; valid for five minutes.
// UsageError for an unknown action without a version, for parameters that are not a JSON object, and for text that
// cannot be in a header.
std::string curl_command(const ToSign& call, state::Instant now);

} // namespace cvm::cli
