#pragma once

#include "server/api/action.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// The temporary key pairs that sts issues. They expire by real time, as signatures do.

namespace cvm::api {

// The maximum number of valid temporary keys of one account; a new one replaces the one that expires first (assumed).
inline constexpr std::size_t max_temporary_keys = 1000;

// Whether `text` is a valid RoleSessionName: 2 to 128 letters, digits and "+=,.@_-" (documented).
bool is_session_name(std::string_view text);

// DurationSeconds, or `usual` if it is not given. InvalidParameter.OverTimeError for 0 or less, and for more than
// `longest`.
Result<std::chrono::seconds> read_duration(const Params& params, std::chrono::seconds usual,
                                           std::chrono::seconds longest);

// The Policy of the call, read by read_policy(); nullopt if none was given.
Result<std::optional<state::ActionPolicy>> read_policy_of(const Context& context, const Params& params);

// Creates a key pair of the account from `wanted`, which has its session and its permissions, and deletes expired ones.
// The answer: Credentials, ExpiredTime and Expiration.
boost::json::object give_temporary_key(const Context& context, state::Credential wanted, std::chrono::seconds duration);

} // namespace cvm::api
