#include "server/auth/crypto.hpp"
#include "server/auth/explain/mistakes.hpp"
#include "server/base/text.hpp"
#include "server/wire/form.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace cvm::auth {

V1Attempt expected(const V1Case& c)
{
    V1Attempt attempt;
    attempt.inputs = c.expected;
    attempt.secret = c.secret;
    attempt.sha256 = c.envelope.sha256;
    return attempt;
}

namespace {

using Attempts = std::vector<V1Attempt>;
using Pair = std::pair<std::string, std::string>;
using Pairs = std::vector<Pair>;
using Texts = std::vector<std::string>;

using Row = MistakeRow<V1Case>;

// --- helpers for the rows ---

Attempts with_hosts(const V1Case& c, const Texts& hosts)
{
    return each(c, hosts, [](V1Attempt& a, const std::string& host) { a.inputs.host = a.detail = host; });
}

Attempts with_pairs(const V1Case& c, const std::vector<Pairs>& lists)
{
    return each(c, lists, [](V1Attempt& a, const Pairs& pairs) { a.inputs.pairs = pairs; });
}

Attempts with_signature(const V1Case& c, DigestText text)
{
    Attempts attempts{expected(c)};
    attempts[0].signature = text;
    return attempts;
}

// The correct parameters, each changed by `change(pair)`.
template <class Change>
Pairs changed(const V1Case& c, Change change)
{
    Pairs pairs = c.expected.pairs;
    std::ranges::for_each(pairs, change);
    return pairs;
}

template <class Leave>
Pairs without(const V1Case& c, Leave leave)
{
    Pairs pairs = c.expected.pairs;
    std::erase_if(pairs, leave);
    return pairs;
}

Pairs with(const V1Case& c, const std::string& name, const std::string& value)
{
    Pairs pairs = without(c, [&](const Pair& pair) { return pair.first == name; });
    pairs.emplace_back(name, value);
    std::ranges::sort(pairs);
    return pairs;
}

std::string port_of(const std::string& host) { return host.substr(without_port(host).size()); }

bool is_number(std::string_view text)
{
    return !text.empty() && text.size() < 10 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

int number(std::string_view text)
{
    int value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

Texts parts(const std::string& name)
{
    Texts found;
    std::string_view rest = name;
    for (;;) {
        const auto dot = rest.find('.');
        found.emplace_back(rest.substr(0, dot));
        if (dot == std::string_view::npos)
            return found;
        rest.remove_prefix(dot + 1);
    }
}

// "InstanceIds.0" with 1 -> "InstanceIds.1"
std::string shifted(const std::string& name, int by)
{
    std::string out;
    for (const std::string& part : parts(name)) {
        if (!out.empty())
            out += '.';
        out += is_number(part) ? std::to_string(number(part) + by) : part;
    }
    return out;
}

// InstanceIds.2 comes before InstanceIds.12, in numeric order.
bool counted_before(const Pair& a, const Pair& b)
{
    const Texts x = parts(a.first);
    const Texts y = parts(b.first);
    return std::ranges::lexicographical_compare(x, y, [](const std::string& s, const std::string& t) {
        return is_number(s) && is_number(t) ? number(s) < number(t) : s < t;
    });
}

// --- the table ---

// Rows about the encoding of the signature come first, then those about what precedes the parameters, the parameters
// and the secret. The order matters here: signature_method_unknown comes before hash_mixed_up, which includes it;
// hash_mixed_up before signature_method_not_sent; host_with_port and host_with_scheme before host_other;
// token_left_out, signature_method_not_signed and empty_values_left_out before parameter_left_out.
constexpr Row rows[] = {
    {"signature_plus", "The signature has a + that was not percent-encoded, which means a blank.",
     "Percent-encode the signature: + is %2B, / is %2F, = is %3D.",
     [](const V1Case& c) { return with_signature(c, DigestText::base64_blanks); }},
    {"signature_encoded_twice", "The signature was percent-encoded twice.",
     "Encode the signature once; HTTP libraries that take parameters encode them themselves.",
     [](const V1Case& c) { return with_signature(c, DigestText::base64_escaped); }},
    {"signature_hex", "The signature was sent in hex.", "Send the Base64 of the bytes of the HMAC.",
     [](const V1Case& c) {
         return each(c, std::array{DigestText::hex, DigestText::upper_hex, DigestText::base64_hex},
                     [](V1Attempt& a, DigestText text) { a.signature = text; });
     }},
    {"signature_base64_url", "The signature was sent in the Base64 of URLs, with - and _.",
     "Use the usual Base64 with + and / and percent-encode it.",
     [](const V1Case& c) { return with_signature(c, DigestText::base64_url); }},
    {"signature_method_unknown",
     "SignatureMethod is neither HmacSHA1 nor HmacSHA256, which means HmacSHA1, and the signature was made with "
     "SHA-256.",
     "Send SignatureMethod=HmacSHA256, in just these letters, if you sign with HMAC-SHA256.",
     [](const V1Case& c) {
         Attempts attempts;
         if (names_unknown_method(c.envelope.form)) {
             attempts.push_back(expected(c));
             attempts.back().sha256 = true;
             attempts.back().detail = c.envelope.form.find("SignatureMethod")->second;
         }
         return attempts;
     }},
    {"hash_mixed_up", "The signature was made with the other hash: SHA-256 and SHA-1.",
     "Send SignatureMethod=HmacSHA256 and sign with HMAC-SHA256, or leave it out and sign with HMAC-SHA1.",
     [](const V1Case& c) {
         Attempts attempts{expected(c)};
         attempts[0].sha256 = !attempts[0].sha256;
         return attempts;
     }},
    {"signature_method_not_sent", "SignatureMethod was signed but not sent, or with another value.",
     "Send SignatureMethod exactly as it was signed.",
     [](const V1Case& c) {
         Attempts attempts;
         for (const char* const method : {"HmacSHA256", "HmacSHA1"})
             for (const bool sha256 : {true, false}) {
                 attempts.push_back(expected(c));
                 attempts.back().inputs.pairs = with(c, "SignatureMethod", method);
                 attempts.back().sha256 = sha256;
                 attempts.back().detail = method;
             }
         return attempts;
     }},
    {"signature_method_not_signed", "SignatureMethod was sent but not signed.",
     "Sign every parameter but Signature, SignatureMethod too.",
     [](const V1Case& c) {
         Attempts attempts;
         for (const bool sha256 : {true, false}) {
             attempts.push_back(expected(c));
             attempts.back().inputs.pairs = without(c, [](const Pair& p) { return p.first == "SignatureMethod"; });
             attempts.back().sha256 = sha256;
         }
         return attempts;
     }},
    {"method_other", "The request was signed with another method than the one it was sent with.",
     "Begin the string to sign with the method that is really sent: GET or POST, in upper case.",
     [](const V1Case& c) {
         return each(c, Texts{"GET", "POST", "get", "post", "Get", "Post", ""},
                     [](V1Attempt& a, const std::string& method) { a.inputs.method = a.detail = method; });
     }},
    {"host_with_port", "The host was signed with a port that the Host header does not have, or another one.",
     "Sign the value of the Host header that is really sent, with its port if it has one.",
     [](const V1Case& c) {
         Texts hosts;
         for (const char* const port : {":80", ":443", ":8213", ":8080"})
             hosts.push_back(without_port(c.expected.host) + port);
         return with_hosts(c, hosts);
     }},
    {"host_with_scheme", "The host was signed with http:// or https:// in front, or with a slash or a path after it.",
     "Sign the host alone, as in the Host header.",
     [](const V1Case& c) { return with_hosts(c, hosts_of_urls(c.expected.host)); }},
    {"host_other", "Another host was signed than the one in the Host header.",
     "Sign the value of the Host header that is really sent.",
     [](const V1Case& c) {
         Texts hosts{"", ascii_lower(c.expected.host)};
         for (const char* const name : {"localhost", "127.0.0.1", "0.0.0.0", "[::1]", "host.docker.internal"})
             for (const std::string& port : {std::string{}, port_of(c.envelope.host), std::string{":8213"}})
                 add_unique(hosts, name + port);
         for (const char* const service : {"cvm", "billing", "cbs", "tag", "sts", "vpc", "account", "bill"})
             for (const char* const domain : {".tencentcloudapi.com", ".intl.tencentcloudapi.com", ".api.qcloud.com"})
                 add_unique(hosts, std::string{service} + domain);
         return with_hosts(c, hosts);
     }},
    {"path_other", "Another path was signed than the one that was sent.",
     "Sign the path of the URL: / for API 3.0, /v2/index.php for the legacy API.",
     [](const V1Case& c) {
         return each(c, Texts{"/", "/v2/index.php", "", "/v2/", "/v2", "v2/index.php", "//v2/index.php", "/index.php"},
                     [](V1Attempt& a, const std::string& path) { a.inputs.path = a.detail = path; });
     }},
    {"question_mark_missing", "Path and parameters are not separated by exactly one question mark.",
     "Put one ? between the path and the parameters.",
     [](const V1Case& c) {
         return each(c, Texts{"", "&", "?&", "??", "\n"},
                     [](V1Attempt& a, const std::string& question) { a.inputs.question = question; });
     }},
    {"parameters_not_sorted", "The parameters were signed in the order in which they were sent.",
     "Sort the parameters by name in byte order before signing.",
     [](const V1Case& c) {
         Pairs sent = c.sent;
         std::erase_if(sent, [](const Pair& pair) { return pair.first == "Signature"; });
         return with_pairs(c, {sent, {sent.rbegin(), sent.rend()}});
     }},
    {"parameters_sorted_without_case", "The parameters were sorted without regard to case.",
     "Sort by name in byte order: upper case comes before lower case.",
     [](const V1Case& c) {
         Pairs pairs = c.expected.pairs;
         std::ranges::stable_sort(
             pairs, [](const Pair& a, const Pair& b) { return ascii_lower(a.first) < ascii_lower(b.first); });
         return with_pairs(c, {pairs});
     }},
    {"parameters_sorted_by_number", "The parameters were sorted with their numbers compared as numbers.",
     "Sort by name in byte order: InstanceIds.12 comes before InstanceIds.2.",
     [](const V1Case& c) {
         Pairs pairs = c.expected.pairs;
         std::ranges::stable_sort(pairs, counted_before);
         return with_pairs(c, {pairs});
     }},
    {"values_encoded", "The values were percent-encoded before they were signed.",
     "Sign the values as they are and encode them afterwards, for sending.",
     [](const V1Case& c) {
         std::vector<Pairs> lists;
         for (const bool lower : {false, true})
             for (const bool plus : {false, true})
                 for (const bool names : {false, true})
                     lists.push_back(changed(c, [&](Pair& pair) {
                         pair.second = wire::percent_encoded(pair.second, lower, plus);
                         if (names)
                             pair.first = wire::percent_encoded(pair.first, lower, plus);
                     }));
         return with_pairs(c, lists);
     }},
    {"timestamp_milliseconds", "The Timestamp was signed in one unit and sent in another: seconds and milliseconds.",
     "Use the same number of whole seconds since 1970 as the parameter and in the string to sign.",
     [](const V1Case& c) {
         const std::int64_t timestamp = c.envelope.timestamp;
         const int fractions = v1_string_to_sign(c.expected).size() > max_guessed_bytes ? 1 : 1000;
         Texts texts;
         if (timestamp > 0 && timestamp < 10'000'000'000)
             // The exact milliseconds are not known.
             for (int part = 0; part < fractions; ++part)
                 texts.push_back(std::to_string(timestamp * 1000 + part));
         else
             texts.push_back(std::to_string(timestamp / 1000));
         return each(c, texts, [&](V1Attempt& a, const std::string& text) {
             a.inputs.pairs = with(c, "Timestamp", text);
             a.detail = text;
         });
     }},
    {"array_origin", "The items of lists were signed with other numbers than they were sent with.",
     "Number the items once, from 0, and use the same names for signing and for sending.",
     [](const V1Case& c) {
         std::vector<Pairs> lists;
         for (const int by : {-1, 1})
             for (const bool sorted : {true, false}) {
                 lists.push_back(changed(c, [&](Pair& pair) { pair.first = shifted(pair.first, by); }));
                 if (sorted)
                     std::ranges::sort(lists.back());
             }
         return with_pairs(c, lists);
     }},
    {"dots_as_underscores", "Names were signed with _ and sent with a dot.", "Sign the names with dots: InstanceIds.0.",
     [](const V1Case& c) {
         std::vector<Pairs> lists;
         for (const bool sorted : {true, false}) {
             lists.push_back(changed(c, [](Pair& pair) { std::ranges::replace(pair.first, '.', '_'); }));
             if (sorted)
                 std::ranges::sort(lists.back());
         }
         return with_pairs(c, lists);
     }},
    {"array_as_text",
     "A list was sent under names with brackets and signed as the text `Array`, as tencentcloud-sdk-php does with "
     "HmacSHA1 and HmacSHA256 (seen in 3.0.1656).",
     "Send and sign the items of a list under names with dots, InstanceIds.0, or sign with TC3-HMAC-SHA256, with which "
     "that SDK does it right.",
     [](const V1Case& c) {
         Pairs pairs;
         for (const Pair& pair : c.expected.pairs) {
             const auto bracket = pair.first.find('[');
             Pair as_text = bracket == std::string::npos ? pair : Pair{pair.first.substr(0, bracket), "Array"};
             if (std::ranges::find(pairs, as_text) == pairs.end())
                 pairs.push_back(std::move(as_text));
         }
         std::ranges::sort(pairs);
         return with_pairs(c, {pairs});
     }},
    {"brackets_for_dots", "Names were signed with brackets and sent with dots.",
     "Sign the names with dots: InstanceIds.0.",
     [](const V1Case& c) {
         Pairs pairs = changed(c, [](Pair& pair) {
             const Texts list = parts(pair.first);
             pair.first = list[0];
             for (std::size_t i = 1; i < list.size(); ++i)
                 pair.first += "[" + list[i] + "]";
         });
         std::ranges::sort(pairs);
         return with_pairs(c, {pairs});
     }},
    {"signature_included", "The parameter Signature itself was signed.",
     "Leave Signature out of the string to sign; it is added afterwards.",
     [](const V1Case& c) {
         return with_pairs(c, {with(c, "Signature", ""), with(c, "Signature", c.envelope.signature)});
     }},
    {"token_left_out", "The parameter Token was sent but not signed.", "Sign every parameter but Signature, Token too.",
     [](const V1Case& c) {
         return with_pairs(c, {without(c, [](const Pair& pair) { return pair.first == "Token"; })});
     }},
    {"empty_values_left_out", "Parameters with an empty value were sent but not signed.",
     "Sign parameters with an empty value too, as Name=, or do not send them.",
     [](const V1Case& c) { return with_pairs(c, {without(c, [](const Pair& pair) { return pair.second.empty(); })}); }},
    {"parameter_left_out", "A parameter was sent but not signed.",
     "Sign every parameter but Signature; put all of them in before you sign.",
     [](const V1Case& c) {
         Attempts attempts;
         for (std::size_t i = 0; i < std::min<std::size_t>(c.expected.pairs.size(), 100); ++i) {
             attempts.push_back(expected(c));
             attempts.back().detail = "without " + c.expected.pairs[i].first;
             attempts.back().inputs.pairs.erase(attempts.back().inputs.pairs.begin() + static_cast<std::ptrdiff_t>(i));
         }
         return attempts;
     }},
    {"names_lowered", "The names of the parameters were signed in lower case.", "Sign the names as they are sent.",
     [](const V1Case& c) {
         std::vector<Pairs> lists;
         for (const bool sorted : {true, false}) {
             lists.push_back(changed(c, [](Pair& pair) { pair.first = ascii_lower(pair.first); }));
             if (sorted)
                 std::ranges::sort(lists.back());
         }
         return with_pairs(c, lists);
     }},
    {"secret_white_space", "The SecretKey was used with extra characters around it.",
     "Trim the SecretKey where it is read; a file, a variable or a form gave it a line break, a blank or quotes.",
     [](const V1Case& c) {
         return each(c, damaged_secrets(c.secret), [](V1Attempt& a, const auto& spoilt) {
             a.secret = spoilt.first;
             a.detail = spoilt.second;
         });
     }},
    {"secret_with_ampersand", "The SecretKey was used with & after it, as OAuth does.", "Use the SecretKey as it is.",
     [](const V1Case& c) {
         return each(c, Texts{c.secret + "&"}, [](V1Attempt& a, const std::string& secret) { a.secret = secret; });
     }},
    {"secret_missing", "The signature was made without a SecretKey, or with a placeholder for one.",
     "The variable that should hold the SecretKey is empty; set it where the client runs.",
     [](const V1Case& c) {
         return each(c, absent_secrets(), [](V1Attempt& a, const auto& absent) {
             a.secret = absent.first;
             a.detail = absent.second;
         });
     }},
    {"secret_id_as_key", "The SecretId was used as the SecretKey.",
     "Sign with the SecretKey; the SecretId only names it.",
     [](const V1Case& c) {
         return each(c, Texts{c.envelope.secret_id}, [](V1Attempt& a, const std::string& id) { a.secret = id; });
     }},
    {"key_arguments_swapped", "Key and message of the HMAC were swapped.",
     "The SecretKey is the key and the string to sign is the message; mind the order of the arguments of your library.",
     [](const V1Case& c) {
         Attempts attempts{expected(c)};
         attempts[0].swapped = true;
         return attempts;
     }},
    {"line_break_at_end", "The string to sign ends with a line break.", "Sign the text without a line break after it.",
     [](const V1Case& c) {
         return each(c, Texts{"\n", "\r\n"}, [](V1Attempt& a, const std::string& end) { a.end = end; });
     }},
};

// --- trying the rows ---

std::string signature_of(const V1Attempt& a)
{
    const std::string to_sign = v1_string_to_sign(a.inputs) + a.end;
    const std::string_view key = a.swapped ? std::string_view{to_sign} : std::string_view{a.secret};
    const std::string_view text = a.swapped ? std::string_view{a.secret} : std::string_view{to_sign};
    return digest_text(a.sha256 ? hmac_sha256(key, text) : hmac_sha1(key, text), a.signature);
}

} // namespace

std::optional<Diagnosis> v1_mistake(const V1Case& given)
{
    const std::string_view signature = trimmed(given.envelope.signature);
    for (const Row& row : rows)
        for (const V1Attempt& attempt : row.vary(given))
            if (trimmed(signature_of(attempt)) == signature)
                return Diagnosis{std::string{row.name}, with_detail(row.what, attempt.detail), std::string{row.advice}};
    return std::nullopt;
}

std::vector<std::string_view> v1_mistake_names() { return names_of(rows); }

} // namespace cvm::auth
