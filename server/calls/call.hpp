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

// One call of the API, as fault rules see it and as the journal keeps it. Members are filled as they become known.
// Texts are valid UTF-8 and, but for the parameters, short; no member holds a secret.
struct CallRecord {
    std::uint64_t number = 0; // counts the calls of its account, from 1; given by the journal
    std::string request_id{};
    std::string uin{}; // empty: the account is not known
    std::string secret_id{};
    std::string dialect{}; // tc3, v1, legacy, legacy_numeric
    std::string method{};
    std::string action{};
    std::string version{};
    std::string region{};
    std::string params{};     // the text of a JSON object; empty: not read, or not kept
    bool params_lost = false; // they were read, but were too long to keep or cannot be written as JSON
    state::Instant time{};
    std::optional<state::Instant> clock{}; // the account's
    std::string code{};                    // "OK" or the error's; empty: the answer told none
    unsigned status = 200;                 // of HTTP; 0: there was no answer
    bool done = false;                     // whether the action was carried out, whatever the answer said
    std::chrono::microseconds duration{};  // of the work
    std::string fault{};                   // the rule that touched the answer, as in X-Emulator-Fault; empty: none
    bool signed_right = false;
    // Of a call that was refused for its signature: the request, to be explained on demand, or, if the request may hold
    // a secret, the explanation.
    std::shared_ptr<const http::Request> refused{};
    std::shared_ptr<const auth::Explanation> explained{};
};

// The longest text of parameters that is kept, in bytes.
inline constexpr std::size_t max_params = 16 * 1024;

// The parameters as the journal keeps them: secrets masked; nullopt if they are too long, or hold numbers that no JSON
// text can.
std::optional<std::string> kept_params(const boost::json::object& params);

// Whether a parameter at any depth has the name of a secret.
bool holds_secret(const boost::json::value& params);

} // namespace cvm::calls
