#pragma once

#include "server/auth/explain/mistakes.hpp"
#include "server/auth/verify.hpp"
#include "server/base/error.hpp"
#include "server/http/message.hpp"
#include "server/wire/envelope.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

// Explains to people why a signature was refused. Nothing here reads a clock or a store, and no result contains a
// SecretKey, a token, a password or another secret.

namespace cvm::auth {

enum class Finding {
    correct,          // the signature is correct; the notes may still say why the request is refused
    known_mistake,    // one common mistake of clients gives exactly this signature
    no_known_mistake, // no known mistake gives it; most likely the client signed with another SecretKey
    unknown_key,      // nothing can be compared without the SecretKey
    malformed,        // there is no signature to check
};

std::string_view to_string(Finding finding);

// What the server signed, prepared for display: masked, valid UTF-8, cut at 16 KiB. The hashes and the signature are
// those of the unmasked texts. v1 and legacy have only string_to_sign, host and signature.
struct Signed {
    std::string canonical_request;
    std::string string_to_sign;
    std::string scope;
    std::string payload_hash;
    std::string canonical_request_hash;
    std::string host;      // the host that gives the client's signature, or the first candidate
    std::string signature; // empty for an unknown key
};

// The client's signature and the values that came with it.
struct Given {
    std::string signature;
    std::string secret_id;
    std::string date; // tc3 only, as the next two
    std::string service;
    std::string signed_headers;
};

struct Explanation {
    Finding finding = Finding::malformed;
    std::string summary; // one sentence
    Signed signed_by_server;
    Given given;
    std::vector<Diagnosis> mistakes; // that give the client's signature
    std::vector<Diagnosis> notes; // other reasons for a refusal, and facts that are accepted here but worth mentioning
};

// `key` is nullptr if it is not known. A signature is correct if verify() accepts it or would do so but for the
// Timestamp, the token or the expiry of the key. Takes a while: some ten thousand hashes in bad cases, and more for a
// long query.
Explanation explain(const wire::Envelope& envelope, const Claim& claim, const http::Request& request, const Key* key,
                    std::chrono::sys_seconds now);

// A SecretId for display: masked if it is unknown and does not look like a SecretId, since it may be a SecretKey in the
// wrong place.
std::string shown_secret_id(std::string_view secret_id, bool known);

// For a request that open_envelope() or read_claim() refused.
Explanation explain_malformed(const Error& refusal);

// {finding, summary, mistakes: [{name, what, advice}], notes: [same members], signed: {canonical_request,
// string_to_sign, scope, payload_sha256, canonical_request_sha256, host, signature}, given: {signature, secret_id,
// date, service, signed_headers}}. Empty texts are omitted.
boost::json::object to_json(const Explanation& explanation);

} // namespace cvm::auth
