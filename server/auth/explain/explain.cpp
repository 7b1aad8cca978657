#include "server/auth/explain/explain.hpp"

#include "server/auth/crypto.hpp"
#include "server/auth/inputs.hpp"
#include "server/base/text.hpp"
#include "server/wire/form.hpp"

#include <boost/json.hpp>
#include <boost/nowide/utf/convert.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace cvm::auth {

namespace json = boost::json;

namespace {

constexpr std::size_t max_shown_bytes = 16 * 1024;

// Above these limits trying the variations of a request would take seconds. A real request has a kilobyte and a handful
// of headers.
constexpr std::size_t max_varied_canonical_bytes = 40 * 1024; // a GET has up to 32 KiB
constexpr std::size_t max_varied_headers = 64;

// A shorter text occurs everywhere by chance, and is not a secret.
constexpr std::size_t min_secret_bytes = 4;

// --- display ---

// Prepares texts for display: masks the given secrets wherever they occur.
class Shown {
public:
    explicit Shown(const std::vector<std::string>& secrets)
    {
        for (const std::string& secret : secrets)
            for (const std::string& spelling :
                 {secret, wire::percent_encoded(secret), wire::percent_encoded(secret, true)})
                if (spelling.size() >= min_secret_bytes) {
                    add_unique(secrets_, spelling);
                    add_unique(secrets_, ascii_lower(spelling)); // as the value of a signed header
                }
        // A secret may contain another one, so the longest comes first.
        std::ranges::sort(secrets_, [](const auto& a, const auto& b) { return a.size() > b.size(); });
    }

    std::string operator()(std::string text) const
    {
        for (const std::string& secret : secrets_)
            for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + masked.size()))
                text.replace(at, secret.size(), masked);
        const bool cut = text.size() > max_shown_bytes;
        text.resize(std::min(text.size(), max_shown_bytes));
        text = boost::nowide::utf::convert_string<char>(text.data(), text.data() + text.size());
        if (!cut && text.size() <= max_shown_bytes)
            return text;
        std::size_t end = std::min(text.size(), max_shown_bytes - 3);
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
            --end;
        return text.substr(0, end) + "...";
    }

    Diagnosis operator()(Diagnosis d) const
    {
        return {std::move(d.name), (*this)(std::move(d.what)), std::move(d.advice)};
    }

private:
    std::vector<std::string> secrets_;
};

// --- notes ---

bool in_milliseconds(std::int64_t timestamp) { return timestamp >= 100'000'000'000 && timestamp < 100'000'000'000'000; }

const Diagnosis milliseconds{"timestamp_milliseconds", "The Timestamp is in milliseconds.",
                             "Use whole seconds since 1970, in the header or parameter and in the string to sign."};

// Says what is wrong with a Timestamp in whole seconds that was refused.
Diagnosis stale(std::int64_t timestamp, std::chrono::sys_seconds now)
{
    constexpr std::int64_t hour = 3600;
    constexpr std::int64_t far = 1'000'000'000'000'000; // keeps the difference in range
    const std::int64_t ahead = std::clamp(timestamp, -far, far) - now.time_since_epoch().count();
    const std::int64_t hours = (ahead + (ahead < 0 ? -hour / 2 : hour / 2)) / hour;
    const std::string direction = ahead < 0 ? " behind" : " ahead of";
    if (hours != 0 && std::abs(hours) <= 14 &&
        std::abs(ahead - hours * hour) <= std::chrono::seconds{api_window}.count())
        return {"timestamp_local_time",
                "The Timestamp is " + std::to_string(std::abs(hours)) + " hours" + direction + " the server's time.",
                "The Timestamp counts seconds since 1970 in UTC; it looks as if local time was used as UTC."};
    return {"timestamp_off",
            "The Timestamp is " + std::to_string(std::abs(ahead)) + " seconds" + direction + " the server's time.",
            "Sign each request again, with the current time; if it was just signed, the client's clock is wrong."};
}

void add_time_notes(const wire::Envelope& envelope, std::chrono::sys_seconds now, std::vector<Diagnosis>& notes)
{
    const bool thousandfold = in_milliseconds(envelope.timestamp);
    const std::int64_t seconds = thousandfold ? envelope.timestamp / 1000 : envelope.timestamp;
    if (thousandfold)
        notes.push_back(milliseconds);
    if (!is_fresh(envelope.dialect, seconds, now))
        notes.push_back(stale(seconds, now));
}

void add_key_notes(const wire::Envelope& envelope, const Key& key, std::chrono::sys_seconds now,
                   std::vector<Diagnosis>& notes)
{
    if (envelope.token.empty() && !key.token.empty())
        notes.push_back({"token_missing", "The key is temporary and its token is missing.",
                         "Send the token that came with the key: X-TC-Token, or the parameter Token."});
    else if (key.token.empty() && !envelope.token.empty())
        notes.push_back({"token_unexpected", "The key is permanent, but a token was sent.",
                         "Leave X-TC-Token or the parameter Token out."});
    else if (key.token != envelope.token)
        notes.push_back({"token_other", "The token is not that of this key.",
                         "Send the token that came with the key; the three parts of a temporary key belong together."});
    if (key.expires_at && *key.expires_at <= now)
        notes.push_back({"key_expired", "The temporary key has expired.", "Ask for a new one."});
}

const Diagnosis not_varied{"too_large_to_compare", "The request is too large to look for known mistakes in it.",
                           "Try a smaller request of the same client."};

// For a signature that is correct with this host.
void add_host_note(const std::string& host, const wire::Envelope& envelope, std::vector<Diagnosis>& notes)
{
    if (host == envelope.host || host == ascii_lower(envelope.host))
        return;
    if (host == without_port(ascii_lower(envelope.host)) || host == without_port(envelope.host))
        notes.push_back({"host_without_port", "The host was signed without its port. This is accepted here.",
                         "Nothing to do; the Node SDK signs this way."});
    else
        notes.push_back(
            {"host_of_vendor",
             "The host `" + host +
                 "` was signed instead of that of the Host header. This is accepted here, as behind a gateway.",
             "Nothing to do."});
}

// --- the two kinds of signature ---

// The result of comparing the signature itself.
struct Comparison {
    Signed server;
    bool correct = false;
    std::optional<Diagnosis> mistake;
    std::vector<Diagnosis> notes;
};

Signed signed_by(const Tc3Inputs& inputs, const Key* key)
{
    Signed server;
    server.canonical_request = tc3_canonical_request(without_secrets(inputs));
    server.canonical_request_hash = hex(sha256(tc3_canonical_request(inputs)));
    server.string_to_sign = tc3_string_to_sign(inputs, server.canonical_request_hash);
    server.scope = tc3_scope(inputs.date, inputs.service);
    server.payload_hash = inputs.payload_hash;
    for (const auto& [name, value] : inputs.headers)
        if (name == "host")
            server.host = value;
    if (key != nullptr)
        server.signature =
            tc3_signature(tc3_keys(key->secret_key, inputs.date, inputs.service).signing, server.string_to_sign);
    return server;
}

Comparison compare_tc3(const wire::Envelope& envelope, const Authorization& authorization, const http::Request& request,
                       const Key* key)
{
    Tc3Case given{envelope,
                  authorization,
                  request,
                  key == nullptr ? std::string{} : key->secret_key,
                  tc3_inputs(envelope, authorization, request),
                  tc3_hosts(envelope, authorization.service),
                  tc3_content_types(request)};
    if (in_milliseconds(envelope.timestamp)) // the day that the client meant
        given.expected.date = utc_date(std::chrono::sys_seconds{std::chrono::seconds{envelope.timestamp / 1000}});

    Comparison found;
    found.server = signed_by(given.expected, key);
    if (authorization.service.find_first_not_of("abcdefghijklmnopqrstuvwxyz") != std::string::npos)
        found.notes.push_back({"service_of_endpoint",
                               "The service in the credential scope is not a product: `" + authorization.service +
                                   "`. This is accepted here.",
                               "SDKs take it from the endpoint; the real service requires cvm."});
    if (key == nullptr)
        return found;
    if (authorization.date == given.expected.date && std::ranges::is_sorted(authorization.signed_headers)) {
        Tc3Inputs inputs = given.expected;
        for (const std::string& host : given.hosts)
            for (const std::string& type : given.content_types) {
                set_header(inputs, "host", host);
                set_header(inputs, "content-type", type);
                Signed server = signed_by(inputs, key);
                if (server.signature != authorization.signature)
                    continue;
                found.server = std::move(server);
                found.correct = true;
                add_host_note(host, envelope, found.notes);
                return found;
            }
    }
    if (given.expected.headers.size() > max_varied_headers ||
        tc3_canonical_request(given.expected).size() > max_varied_canonical_bytes)
        found.notes.push_back(not_varied);
    else
        found.mistake = tc3_mistake(given);
    if (authorization.date != given.expected.date && !(found.mistake && found.mistake->name.starts_with("scope_date")))
        found.notes.push_back({"scope_date",
                               "The date in the credential scope is `" + authorization.date +
                                   "`, but the UTC date of the Timestamp is " + given.expected.date + ".",
                               "Derive the date from the Timestamp in UTC."});
    return found;
}

// The parameters as received, decoded.
std::vector<std::pair<std::string, std::string>> sent_pairs(std::string_view text)
{
    std::vector<std::pair<std::string, std::string>> pairs;
    while (!text.empty()) {
        const std::string_view piece = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(text.size(), piece.size() + 1));
        const auto form = wire::parse_form(piece);
        if (form.has_value())
            pairs.insert(pairs.end(), form->begin(), form->end());
    }
    return pairs;
}

Signed signed_by(const V1Inputs& inputs, bool sha256, const Key* key)
{
    Signed server;
    server.string_to_sign = v1_string_to_sign(without_secrets(inputs));
    server.host = inputs.host;
    if (key != nullptr)
        server.signature = v1_signature(key->secret_key, v1_string_to_sign(inputs), sha256);
    return server;
}

Comparison compare_v1(const wire::Envelope& envelope, const http::Request& request, const Key* key)
{
    const std::string_view text = envelope.method == "GET" ? std::string_view{envelope.query} : request.body();
    const std::string_view signature = trimmed(envelope.signature);
    std::vector<V1Inputs> rights;
    for (const std::string& host : v1_hosts(envelope))
        for (const Underscore spelling : v1_spellings(envelope.form))
            rights.push_back(v1_inputs(envelope.method, host, envelope.path, envelope.form, spelling));

    Comparison found;
    found.server = signed_by(rights.front(), envelope.sha256, key);
    if (names_unknown_method(envelope.form))
        found.notes.push_back({"signature_method_other",
                               "SignatureMethod is `" + envelope.form.find("SignatureMethod")->second +
                                   "`, which is neither HmacSHA1 nor HmacSHA256, so HmacSHA1 is used.",
                               "Send HmacSHA256 or HmacSHA1, in just these letters, or leave it out for HmacSHA1."});
    if (key == nullptr)
        return found;
    for (const V1Inputs& inputs : rights) {
        Signed server = signed_by(inputs, envelope.sha256, key);
        if (server.signature != signature)
            continue;
        found.server = std::move(server);
        found.correct = true;
        add_host_note(inputs.host, envelope, found.notes);
        if (std::ranges::none_of(inputs.pairs,
                                 [](const auto& pair) { return pair.first.find('_') != std::string::npos; }) &&
            v1_spellings(envelope.form).size() > 1)
            found.notes.push_back({"underscores_as_dots",
                                   "Names with an underscore were signed with a dot. This is accepted here.",
                                   "The legacy API requires it; API 3.0 has names without underscores."});
        return found;
    }
    if (text.size() > max_varied_form_bytes) {
        found.notes.push_back(not_varied);
        return found;
    }
    for (V1Inputs& inputs : rights) {
        const V1Case given{envelope, sent_pairs(text), key->secret_key, std::move(inputs)};
        if ((found.mistake = v1_mistake(given)))
            return found;
    }
    return found;
}

// An error text may repeat a part of a form: "a percent escape is broken in `Password=%zz`".
std::string without_values(std::string_view text)
{
    std::string out;
    for (;;) {
        const auto equals = text.find('=');
        out += text.substr(0, equals);
        if (equals == std::string_view::npos)
            return out;
        out += '=';
        out += masked;
        text.remove_prefix(std::min(text.size(), text.find_first_of("&`", equals)));
    }
}

std::string summary_of(const Explanation& e, const std::vector<Diagnosis>& refusals)
{
    switch (e.finding) {
    case Finding::correct:
        return refusals.empty() ? "The signature is right."
                                : "The signature is right, but the request is refused: " + refusals.front().what;
    case Finding::known_mistake:
        return e.mistakes.front().what;
    case Finding::no_known_mistake:
        return "No known mistake gives this signature. Most likely the SecretKey is not that of this SecretId: compare "
               "it, then compare the string to sign with that of the client, line by line.";
    case Finding::unknown_key:
        return "No key with this SecretId is known here.";
    case Finding::malformed:
        return e.summary;
    }
    throw std::logic_error{"Finding out of range"};
}

json::array to_json(const std::vector<Diagnosis>& list)
{
    json::array items;
    for (const Diagnosis& d : list)
        items.push_back(json::object{{"name", d.name}, {"what", d.what}, {"advice", d.advice}});
    return items;
}

struct Member {
    std::string_view name;
    const std::string& value;
};

json::object without_empty(std::initializer_list<Member> members)
{
    json::object object;
    for (const Member& member : members)
        if (!member.value.empty())
            object.emplace(member.name, member.value);
    return object;
}

} // namespace

std::string_view to_string(Finding finding)
{
    switch (finding) {
    case Finding::correct:
        return "correct";
    case Finding::known_mistake:
        return "known_mistake";
    case Finding::no_known_mistake:
        return "no_known_mistake";
    case Finding::unknown_key:
        return "unknown_key";
    case Finding::malformed:
        return "malformed";
    }
    throw std::logic_error{"Finding out of range"};
}

Explanation explain(const wire::Envelope& envelope, const Claim& claim, const http::Request& request, const Key* key,
                    std::chrono::sys_seconds now)
{
    Comparison found = claim.authorization ? compare_tc3(envelope, *claim.authorization, request, key)
                                           : compare_v1(envelope, request, key);

    std::vector<Diagnosis> refusals;
    add_time_notes(envelope, now, refusals);
    if (key != nullptr)
        add_key_notes(envelope, *key, now, refusals);

    Explanation e;
    // Milliseconds give a consistent signature, but they are a mistake nevertheless, and perhaps not the only one.
    if (in_milliseconds(envelope.timestamp) && (found.correct || found.mistake)) {
        e.mistakes.push_back(milliseconds);
        std::erase_if(refusals, [](const Diagnosis& d) { return d.name == milliseconds.name; });
    }
    if (found.mistake && (e.mistakes.empty() || e.mistakes.front().name != found.mistake->name))
        e.mistakes.push_back(*std::move(found.mistake));
    e.finding = key == nullptr        ? Finding::unknown_key
                : !e.mistakes.empty() ? Finding::known_mistake
                : found.correct       ? Finding::correct
                                      : Finding::no_known_mistake;
    e.summary = summary_of(e, refusals);

    const std::string secret_id = shown_secret_id(claim.secret_id, key != nullptr);
    const Shown shown{{key == nullptr ? std::string{} : key->secret_key, key == nullptr ? std::string{} : key->token,
                       envelope.token, secret_id == masked ? claim.secret_id : std::string{}}};
    e.summary = shown(std::move(e.summary));
    for (Diagnosis& d : e.mistakes)
        d = shown(std::move(d));
    for (std::vector<Diagnosis>* list : {&refusals, &found.notes})
        for (Diagnosis& d : *list)
            e.notes.push_back(shown(std::move(d)));
    e.signed_by_server = std::move(found.server);
    for (std::string* text : {&e.signed_by_server.canonical_request, &e.signed_by_server.string_to_sign,
                              &e.signed_by_server.scope, &e.signed_by_server.host})
        *text = shown(std::move(*text));
    e.given.secret_id = shown(secret_id);
    e.given.signature = shown(envelope.signature);
    if (claim.authorization) {
        e.given.signature = shown(claim.authorization->signature);
        e.given.date = shown(claim.authorization->date);
        e.given.service = shown(claim.authorization->service);
        e.given.signed_headers = shown(joined(claim.authorization->signed_headers));
    }
    return e;
}

std::string shown_secret_id(std::string_view secret_id, bool known)
{
    const bool usual = secret_id.starts_with("AKID") || secret_id.starts_with("IKID");
    return known || usual || secret_id.empty() ? printable(secret_id) : std::string{masked};
}

Explanation explain_malformed(const Error& refusal)
{
    Error harmless = refusal;
    for (std::string& arg : harmless.args)
        arg = without_values(arg);
    Explanation e;
    e.summary = Shown{{}}(message(harmless, Language::english));
    return e;
}

json::object to_json(const Explanation& e)
{
    const Signed& server = e.signed_by_server;
    return {{"finding", to_string(e.finding)},
            {"summary", e.summary},
            {"mistakes", to_json(e.mistakes)},
            {"notes", to_json(e.notes)},
            {"signed", without_empty({{"canonical_request", server.canonical_request},
                                      {"string_to_sign", server.string_to_sign},
                                      {"scope", server.scope},
                                      {"payload_sha256", server.payload_hash},
                                      {"canonical_request_sha256", server.canonical_request_hash},
                                      {"host", server.host},
                                      {"signature", server.signature}})},
            {"given", without_empty({{"signature", e.given.signature},
                                     {"secret_id", e.given.secret_id},
                                     {"date", e.given.date},
                                     {"service", e.given.service},
                                     {"signed_headers", e.given.signed_headers}})}};
}

} // namespace cvm::auth
