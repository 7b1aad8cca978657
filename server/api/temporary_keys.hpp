#pragma once

#include "server/api/action.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// The temporary key pairs that sts gives. They end by real time, as signatures do.

namespace cvm::api {

// Those of one account that have not ended; another one takes the place of that which ends first (assumed).
inline constexpr std::size_t max_temporary_keys = 1000;

// Whether a RoleSessionName: 2 to 128 letters, digits and "+=,.@_-" (documented).
bool is_session_name(std::string_view text);

// DurationSeconds, or else `usual`. InvalidParameter.OverTimeError for none at all and for more than `longest`.
Result<std::chrono::seconds> read_duration(const Params& params, std::chrono::seconds usual,
                                           std::chrono::seconds longest);

// The Policy of the call as read_policy() reads it; nullopt if none was given.
Result<std::optional<state::ActionPolicy>> read_policy_of(const Context& context, const Params& params);

// Makes a key pair of the account that is like `wanted`, which names its session and what it may do, and forgets those
// that have ended. The answer: Credentials, ExpiredTime and Expiration.
boost::json::object give_temporary_key(const Context& context, state::Credential wanted, std::chrono::seconds duration);

} // namespace cvm::api
