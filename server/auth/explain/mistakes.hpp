#pragma once

#include "server/auth/inputs.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Common mistakes of clients when they sign: a table for each kind of signature. A row varies the inputs of the correct
// signature; it is the mistake if a variation gives the client's signature. If two rows can give the same signature,
// the first one is reported, so more specific rows come first.

namespace cvm::auth {

struct Diagnosis {
    std::string name; // stable, snake_case
    std::string what;
    std::string advice;
};

// Limits of the work: a larger payload is not tried in other spellings, and a larger form is not varied at all.
inline constexpr std::size_t max_varied_bytes = 256 * 1024;
inline constexpr std::size_t max_varied_form_bytes = 64 * 1024;

// Above this size the milliseconds of a Timestamp are not guessed, since that takes a thousand attempts.
inline constexpr std::size_t max_guessed_bytes = 4 * 1024;

// Encodings of a digest. base64_blanks has a space instead of each +, base64_hex is the Base64 of the hex text.
enum class DigestText { hex, upper_hex, base64, base64_url, base64_blanks, base64_escaped, base64_hex };

// How the TC3 signing key is derived; all but `right` are mistakes.
enum class Tc3Chain { right, hex_keys, swapped, without_end, date_only, not_derived, sha1, last_sha1 };

struct Tc3Attempt {
    Tc3Inputs inputs;
    std::string secret;
    std::string prefix = "TC3"; // before the secret
    std::string key_date;
    std::string key_service;
    Tc3Chain chain = Tc3Chain::right;
    // nullopt: the canonical request is used instead of its hash
    std::optional<DigestText> canonical_hash = DigestText::hex;
    std::string end{}; // appended to the string to sign
    DigestText signature = DigestText::hex;
    std::string detail{}; // for people: what was signed; may contain anything that the client sent
};

struct Tc3Case {
    const wire::Envelope& envelope;
    const Authorization& authorization;
    const http::Request& request;
    std::string secret;
    Tc3Inputs expected; // for the first host and content type
    std::vector<std::string> hosts;
    std::vector<std::string> content_types;
};

struct V1Attempt {
    V1Inputs inputs;
    std::string secret;
    bool sha256 = false;
    bool swapped = false; // key and message are exchanged
    std::string end{};    // appended to the string to sign
    DigestText signature = DigestText::base64;
    std::string detail{};
};

struct V1Case {
    const wire::Envelope& envelope;
    std::vector<std::pair<std::string, std::string>> sent; // the parameters as received, decoded
    std::string secret;
    V1Inputs expected;
};

// Helpers for both tables: expected() is the attempt that gives the correct signature; a row creates attempts; each()
// creates one attempt for each value, by applying `change(attempt, value)` to the expected one.
Tc3Attempt expected(const Tc3Case& c);
V1Attempt expected(const V1Case& c);

template <class Case>
struct MistakeRow {
    std::string_view name;
    std::string_view what;
    std::string_view advice;
    std::vector<decltype(expected(std::declval<Case>()))> (*vary)(const Case&);
};

template <class Case, class Values, class Change>
auto each(const Case& c, const Values& values, Change change)
{
    std::vector<decltype(expected(c))> attempts;
    for (const auto& value : values) {
        attempts.push_back(expected(c));
        change(attempts.back(), value);
    }
    return attempts;
}

template <class Rows>
std::vector<std::string_view> names_of(const Rows& rows)
{
    std::vector<std::string_view> names;
    for (const auto& row : rows)
        names.push_back(row.name);
    return names;
}

// The first row of the table that gives the client's signature; nullopt if none does. Computes up to some ten thousand
// hashes.
std::optional<Diagnosis> tc3_mistake(const Tc3Case& given);
std::optional<Diagnosis> v1_mistake(const V1Case& given);

// The names of all rows, in the order of the tables.
std::vector<std::string_view> tc3_mistake_names();
std::vector<std::string_view> v1_mistake_names();

// The secret as damaged by files and shells, with a line break or quotes; and the texts that clients use if they have
// no secret. Each with a description.
std::vector<std::pair<std::string, std::string_view>> damaged_secrets(const std::string& secret);
std::vector<std::pair<std::string, std::string_view>> absent_secrets();

// The host as it may occur in a URL: preceded by a scheme, or followed by a slash or an API path.
std::vector<std::string> hosts_of_urls(const std::string& host);

// "What happened. Signed: this"
std::string with_detail(std::string_view what, std::string_view detail);

std::string digest_text(std::string_view digest, DigestText text);

} // namespace cvm::auth
