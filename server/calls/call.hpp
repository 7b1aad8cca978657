#pragma once

#include "server/http/message.hpp"
#include "state/model/clock.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace cvm::auth {
struct Explanation;
}

namespace cvm::calls {

// A call of the API, as matched by fault rules and stored in the journal. Members are set as they become known. Texts
// are valid UTF-8 and, except for the parameters, short; no member contains a secret.
struct CallRecord {
    std::uint64_t number = 0; // number of the call within its account, from 1; set by the journal
    std::string request_id{};
    std::string uin{}; // empty: unknown account
    std::string secret_id{};
    std::string dialect{}; // tc3, v1, legacy, legacy_numeric
    std::string method{};
    std::string action{};
    std::string version{};
    std::string region{};
    std::string params{};     // the text of a JSON object; empty: not read, or not stored
    bool params_lost = false; // they were read, but were too long to store or cannot be written as JSON
    state::Instant time{};
    std::optional<state::Instant> clock{}; // the account's clock
    std::string code{};                    // "OK" or the error's code; empty: the answer contained none
    unsigned status = 200;                 // HTTP status; 0: there was no answer
    bool done = false;                     // whether the action was executed, whatever the answer said
    std::chrono::microseconds duration{};  // time spent on the call
    std::string fault{};                   // the rule that changed the answer, as in X-Emulator-Fault; empty: none
    bool signed_right = false;
    // For a call refused for its signature: the request, to be explained on demand, or, if the request may contain a
    // secret, the explanation.
    std::shared_ptr<const http::Request> refused{};
    std::shared_ptr<const auth::Explanation> explained{};
};

// The maximum length of stored parameters, in bytes.
inline constexpr std::size_t max_params = 16 * 1024;

// The parameters as stored in the journal, with secrets masked; nullopt if they are too long, or contain numbers that
// JSON cannot represent.
std::optional<std::string> kept_params(const boost::json::object& params);

// Whether a parameter at any depth has a name that indicates a secret.
bool holds_secret(const boost::json::value& params);

} // namespace cvm::calls
