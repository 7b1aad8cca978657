#pragma once

#include "server/auth/authorization.hpp"
#include "server/auth/signing_keys.hpp"
#include "server/base/error.hpp"
#include "server/http/message.hpp"
#include "server/wire/envelope.hpp"

#include <chrono>
#include <optional>
#include <string>

// The rules that decide which signatures are valid. Nothing here reads a clock or a store.

namespace cvm::auth {

// The maximum difference, in either direction, between the client's Timestamp and real time
// (https://cloud.tencent.com/document/api/213/30654).
inline constexpr std::chrono::minutes api_window{5};

// The key of a SecretId. Only a temporary key has a token and an expiry.
struct Key {
    std::string secret_key;
    std::string token;
    std::optional<std::chrono::sys_seconds> expires_at;
};

// The SecretId that the request claims to be signed for.
struct Claim {
    std::string secret_id;
    std::optional<Authorization> authorization; // tc3 only
};

// Reads the claim. Refuses a malformed Authorization header.
Result<Claim> read_claim(const wire::Envelope& envelope);

// What the server signed, for the log and for people who search for their mistake. Contains no secret: the values of a
// signed token, a password and the like are replaced by asterisks.
struct Trace {
    std::string canonical_request; // tc3 only
    std::string string_to_sign;
    std::string expected;
};

struct Verdict {
    std::optional<Error> refusal; // nullopt: the signature is valid
    Trace trace;                  // set if the signature did not match, with the first candidate
};

// Checks, in this order: freshness, whether the key is known (`key` is nullptr if not), signature, token and its
// expiry. A signature is valid if it matches for any host that a client may have signed: tc3_hosts() and v1_hosts() of
// inputs.hpp.
Verdict verify(const wire::Envelope& envelope, const Claim& claim, const http::Request& request, const Key* key,
               SigningKeys& signing_keys, std::chrono::sys_seconds now);

} // namespace cvm::auth
