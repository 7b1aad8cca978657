#pragma once

#include "server/auth/inputs.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What clients get wrong when they sign: a table for each kind of signature. A row varies the inputs of the right
// signature; it is the mistake if a variation gives the signature that the client gave. A signature that two rows could
// give is named by the first, so the more special row comes first.

namespace cvm::auth {

struct Diagnosis {
    std::string name; // stable, snake_case
    std::string what;
    std::string advice;
};

// Limits of the work: a larger payload is not tried in other spellings, a larger form is not varied at all.
inline constexpr std::size_t max_varied_bytes = 256 * 1024;
inline constexpr std::size_t max_varied_form_bytes = 64 * 1024;

// Above this the milliseconds of a Timestamp are not guessed, for that takes a thousand attempts.
inline constexpr std::size_t max_guessed_bytes = 4 * 1024;

// Ways to write a digest. base64_blanks has a blank for each +, base64_hex is the Base64 of the hex.
enum class DigestText { hex, upper_hex, base64, base64_url, base64_blanks, base64_escaped, base64_hex };

// How the key of TC3 is derived.
enum class Tc3Chain { right, hex_keys, swapped, without_end, date_only, not_derived, sha1, last_sha1 };

struct Tc3Attempt {
    Tc3Inputs inputs;
    std::string secret;
    std::string prefix = "TC3"; // before the secret
    std::string key_date;
    std::string key_service;
    Tc3Chain chain = Tc3Chain::right;
    std::optional<DigestText> canonical_hash = DigestText::hex; // nullopt: the canonical request itself
    std::string end{};                                          // behind the string to sign
    DigestText signature = DigestText::hex;
    std::string detail{}; // for people: what was signed; may hold anything that the client sent
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
    bool swapped = false; // key and message exchanged
    std::string end{};    // behind the string to sign
    DigestText signature = DigestText::base64;
    std::string detail{};
};

struct V1Case {
    const wire::Envelope& envelope;
    std::vector<std::pair<std::string, std::string>> sent; // the parameters as they came, decoded
    std::string secret;
    V1Inputs expected;
};

// The parts of both tables: expected() is the attempt that gives the right signature, a row makes attempts, and each()
// makes one attempt for each value, by applying `change(attempt, value)` to the expected one.
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

// The first row of the table that gives the client's signature; nullopt if none does. Takes up to some ten thousand
// hashes.
std::optional<Diagnosis> tc3_mistake(const Tc3Case& given);
std::optional<Diagnosis> v1_mistake(const V1Case& given);

// The names of all rows, in the order of the tables.
std::vector<std::string_view> tc3_mistake_names();
std::vector<std::string_view> v1_mistake_names();

// The secret as files and shells spoil it, with a line break or quotes; and the texts that clients use when they have
// no secret. Each with a description.
std::vector<std::pair<std::string, std::string_view>> spoilt_secrets(const std::string& secret);
std::vector<std::pair<std::string, std::string_view>> absent_secrets();

// The host as it may stand in a URL: with a scheme before it, a slash or the path of an API behind it.
std::vector<std::string> hosts_of_urls(const std::string& host);

// "What happened. Signed: this"
std::string with_detail(std::string_view what, std::string_view detail);

std::string digest_text(std::string_view digest, DigestText text);

} // namespace cvm::auth
