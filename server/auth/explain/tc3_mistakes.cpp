#include "server/auth/crypto.hpp"
#include "server/auth/explain/json_spelling.hpp"
#include "server/auth/explain/mistakes.hpp"
#include "server/base/text.hpp"
#include "server/wire/form.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <stdexcept>

namespace cvm::auth {

Tc3Attempt expected(const Tc3Case& c)
{
    Tc3Attempt attempt;
    attempt.inputs = c.expected;
    attempt.secret = c.secret;
    attempt.key_date = c.expected.date;
    attempt.key_service = c.expected.service;
    return attempt;
}

namespace {

using Attempts = std::vector<Tc3Attempt>;
using Texts = std::vector<std::string>;

using Row = MistakeRow<Tc3Case>;

// --- helpers for the rows ---

Attempts with_header(const Tc3Case& c, std::string_view name, const Texts& values)
{
    return each(c, values, [&](Tc3Attempt& a, const std::string& value) {
        set_header(a.inputs, name, value);
        a.detail = value;
    });
}

Attempts with_query(const Tc3Case& c, const Texts& queries)
{
    return each(c, queries, [](Tc3Attempt& a, const std::string& query) { a.inputs.query = query; });
}

bool is_get(const Tc3Case& c) { return c.envelope.method == "GET"; }

std::string_view body(const Tc3Case& c) { return c.request.body(); }

// A payload in another form. Only the hash of the text is kept, since there are many texts and they may be long.
struct Payload {
    std::string_view how;
    std::string hash;
};

Payload payload(std::string_view how, std::string_view text) { return {how, hex(sha256(text))}; }

Attempts with_payloads(const Tc3Case& c, const std::vector<Payload>& payloads)
{
    return each(c, payloads, [](Tc3Attempt& a, const Payload& p) {
        a.inputs.payload_hash = p.hash;
        a.detail = p.how;
    });
}

constexpr JsonSpelling spellings[] = {
    {"without blanks"},
    {"\", \" and \": \" as Python writes them", ", ", ": "},
    {"a blank behind each colon", ",", ": "},
    {"indented by 2", ",", ": ", "  "},
    {"indented by 4", ",", ": ", "    "},
    {"indented by a tab", ",", ": ", "\t"},
};

std::vector<Payload> spelled(const Tc3Case& c, const std::vector<JsonStrings>& strings, bool sorted)
{
    if (is_get(c) || body(c).size() > max_varied_bytes)
        return {};
    const auto text = JsonText::parse(body(c));
    if (!text)
        return {};
    std::vector<Payload> payloads;
    for (const JsonStrings style : strings)
        for (const JsonSpelling& spelling : spellings)
            if (const auto varied = text->spelled(spelling, style, sorted, 4 * max_varied_bytes))
                payloads.push_back(payload(spelling.how, *varied));
    return payloads;
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to)
{
    std::string out;
    for (;;) {
        const auto at = text.find(from);
        out += text.substr(0, at);
        if (at == std::string_view::npos)
            return out;
        out += to;
        text.remove_prefix(at + from.size());
    }
}

std::vector<std::string_view> pieces(std::string_view text, char separator)
{
    std::vector<std::string_view> found;
    for (;;) {
        const auto at = text.find(separator);
        found.push_back(text.substr(0, at));
        if (at == std::string_view::npos)
            return found;
        text.remove_prefix(at + 1);
    }
}

template <class Piece>
std::string with_ampersands(const std::vector<Piece>& list)
{
    std::string text;
    for (const Piece& piece : list) {
        text += piece;
        text += '&';
    }
    if (!text.empty())
        text.pop_back();
    return text;
}

// The query with each name and value decoded and encoded again by `spell`; unchanged if it is not a form.
template <class Spell>
std::string respelled(std::string_view query, Spell spell)
{
    Texts list;
    for (const std::string_view piece : pieces(query, '&')) {
        const auto decoded = wire::parse_form(piece);
        if (!decoded || decoded->size() != 1)
            return std::string{query};
        const auto& [name, value] = *decoded->begin();
        list.push_back(spell(name) + "=" + spell(value));
    }
    return with_ampersands(list);
}

// The names as the client wrote them in SignedHeaders; the parsed ones are in lower case.
std::string signed_headers_as_written(const Tc3Case& c)
{
    for (const std::string_view part : pieces(c.envelope.authorization, ',')) {
        const auto equals = part.find('=');
        if (equals != std::string_view::npos && trimmed(part.substr(0, equals)).ends_with("SignedHeaders"))
            return std::string{trimmed(part.substr(equals + 1))};
    }
    return {};
}

// "x-tc-action" -> "X-TC-Action"
std::string title_case(std::string_view name, bool tc_in_capitals)
{
    std::string title{name};
    bool first = true;
    for (char& c : title) {
        if (first && c >= 'a' && c <= 'z')
            c = static_cast<char>(c - 'a' + 'A');
        first = c == '-';
    }
    if (tc_in_capitals && title.starts_with("X-Tc-"))
        title[3] = 'C';
    return title;
}

std::string right_value(const Tc3Case& c, const std::string& name)
{
    if (name == "host")
        return c.hosts.front();
    return name == "content-type" ? c.content_types.front() : ascii_lower(header(c.request, name));
}

// Sets the lines of these headers, and their names as the list.
void sign_headers(Tc3Attempt& attempt, const Tc3Case& c, const Texts& names)
{
    attempt.inputs.headers.clear();
    for (const std::string& name : names)
        attempt.inputs.headers.emplace_back(name, right_value(c, name));
    attempt.inputs.signed_headers = joined(names);
}

// The services that a client may assume: products of the vendor, and this server.
Texts services(const Tc3Case& c)
{
    Texts list{"cvm", "billing", "cbs", "tag", "sts", "vpc", "cam", "monitor", "localhost", "127", "api", ""};
    add_unique(list, c.authorization.service);
    for (const std::string& host : c.hosts) {
        add_unique(list, host.substr(0, host.find('.')));
        add_unique(list, without_port(host));
        add_unique(list, host);
    }
    return list;
}

std::string port_of(const std::string& host) { return host.substr(without_port(host).size()); }

Texts hosts_with_ports(const Tc3Case& c)
{
    Texts hosts;
    for (const std::string& host : c.hosts)
        for (const std::string& port :
             {std::string{":80"}, std::string{":443"}, std::string{":8213"}, std::string{":8080"}, port_of(c.hosts[0])})
            add_unique(hosts, without_port(host) + port);
    return hosts;
}

Texts hosts_with_scheme(const Tc3Case& c)
{
    Texts hosts;
    for (const std::string& host : c.hosts)
        for (std::string& url : hosts_of_urls(host))
            add_unique(hosts, std::move(url));
    return hosts;
}

Texts other_hosts(const Tc3Case& c)
{
    Texts hosts{""};
    for (const char* const name : {"localhost", "127.0.0.1", "0.0.0.0", "[::1]", "host.docker.internal"})
        for (const std::string& port : {std::string{}, port_of(c.hosts[0]), std::string{":8213"}})
            add_unique(hosts, name + port);
    for (const std::string& service : services(c))
        for (const char* const domain : {".tencentcloudapi.com", ".intl.tencentcloudapi.com", ".api.qcloud.com"})
            add_unique(hosts, service + domain);
    for (const char* const region :
         {"ap-guangzhou", "ap-shanghai", "ap-nanjing", "ap-beijing", "ap-chengdu", "ap-chongqing", "ap-hongkong",
          "ap-singapore", "ap-tokyo", "ap-seoul", "ap-bangkok", "ap-jakarta", "ap-mumbai", "na-siliconvalley",
          "na-ashburn", "eu-frankfurt", "sa-saopaulo"})
        add_unique(hosts, "cvm." + std::string{region} + ".tencentcloudapi.com");
    return hosts;
}

// With and without the charset, in its common spellings.
Texts content_types_by_charset(const Tc3Case& c)
{
    const std::string bare{trimmed(std::string_view{c.content_types[0]}.substr(0, c.content_types[0].find(';')))};
    return {bare,
            bare + "; charset=utf-8",
            bare + ";charset=utf-8",
            bare + "; charset=UTF-8",
            bare + ";charset=UTF-8",
            bare + "; Charset=utf-8",
            bare + "; charset=\"utf-8\""};
}

Texts days_around(const Tc3Case& c)
{
    const std::chrono::sys_seconds instant{std::chrono::seconds{std::clamp<std::int64_t>(
        c.envelope.timestamp > 10'000'000'000 ? c.envelope.timestamp / 1000 : c.envelope.timestamp, 0,
        10'000'000'000)}};
    Texts days{c.authorization.date, c.expected.date, utc_date(instant)};
    for (const int away : {-1, 1})
        add_unique(days, utc_date(instant + std::chrono::days{away}));
    return days;
}

// --- the table ---

// Rows about the encoding of the signature come first, then those about the scope, the headers, the payload, the query
// and the key. The order matters here: host_with_port and host_with_scheme come before host_other, and
// content_type_charset before content_type_other, since the latter's lists include the values of the former;
// payload_white_space before payload_escapes, and that before payload_key_order, since each includes the one before it
// if the text has nothing to escape or to sort; likewise query_encoding before query_sorted; scope_date_not_utc before
// scope_date_mixed.
constexpr Row rows[] = {
    {"signature_upper_case", "The signature is right but written in upper case.",
     "Write the signature as lower-case hex.",
     [](const Tc3Case& c) {
         Attempts attempts{expected(c)};
         attempts[0].signature = DigestText::upper_hex;
         return attempts;
     }},
    {"signature_base64", "The signature is right but written in Base64.",
     "Write the signature of TC3-HMAC-SHA256 as lower-case hex; Base64 is for signatures among the parameters.",
     [](const Tc3Case& c) {
         return each(c, std::array{DigestText::base64, DigestText::base64_url},
                     [](Tc3Attempt& a, DigestText text) { a.signature = text; });
     }},
    {"timestamp_milliseconds", "The Timestamp was signed in one unit and sent in another: seconds and milliseconds.",
     "Use the same number of whole seconds since 1970 in X-TC-Timestamp and in the string to sign.",
     [](const Tc3Case& c) {
         const std::int64_t timestamp = c.envelope.timestamp;
         const int fractions = tc3_canonical_request(c.expected).size() > max_guessed_bytes ? 1 : 1000;
         Texts texts;
         if (timestamp > 0 && timestamp < 10'000'000'000)
             // The exact milliseconds are not known.
             for (int part = 0; part < fractions; ++part)
                 texts.push_back(std::to_string(timestamp * 1000 + part));
         else
             texts.push_back(std::to_string(timestamp / 1000));
         return each(c, texts, [](Tc3Attempt& a, const std::string& text) {
             a.inputs.timestamp = text;
             a.detail = text;
         });
     }},
    {"timestamp_taken_twice", "The signed Timestamp is not the one in X-TC-Timestamp.",
     "Read the clock once and use the same Timestamp for the header and for the string to sign.",
     [](const Tc3Case& c) {
         Texts texts;
         for (int away = -10; away <= 10; ++away)
             if (away != 0 && std::abs(c.envelope.timestamp / 2) < 10'000'000'000'000)
                 texts.push_back(std::to_string(c.envelope.timestamp + away));
         return each(c, texts, [](Tc3Attempt& a, const std::string& text) {
             a.inputs.timestamp = text;
             a.detail = text;
         });
     }},
    {"scope_date_not_utc", "The date in the credential scope is not the UTC date of the Timestamp.",
     "Derive the date from the Timestamp in UTC, not in local time.",
     [](const Tc3Case& c) {
         return each(c, Texts{c.authorization.date},
                     [](Tc3Attempt& a, const std::string& date) { a.inputs.date = a.key_date = a.detail = date; });
     }},
    {"scope_date_mixed", "Credential, string to sign and derived key do not have the same date.",
     "Compute the UTC date of the Timestamp once and use it in all three places.",
     [](const Tc3Case& c) {
         Attempts attempts;
         for (const std::string& scope : days_around(c))
             for (const std::string& key : days_around(c)) {
                 attempts.push_back(expected(c));
                 attempts.back().inputs.date = scope;
                 attempts.back().key_date = key;
                 attempts.back().detail = scope + " in the string to sign, " + key + " in the key";
             }
         return attempts;
     }},
    {"service_other", "Credential, string to sign and derived key do not have the same service.",
     "Use the same service, cvm, in all three places.",
     [](const Tc3Case& c) {
         Attempts attempts;
         for (const std::string& service : services(c))
             for (const int where : {1, 2, 3}) {
                 attempts.push_back(expected(c));
                 Tc3Attempt& a = attempts.back();
                 if (where != 2)
                     a.inputs.service = service;
                 if (where != 1)
                     a.key_service = service;
                 a.detail = service + (where == 1   ? " in the string to sign"
                                       : where == 2 ? " in the key"
                                                    : " in the string to sign and in the key");
             }
         return attempts;
     }},
    {"host_with_port", "The host was signed with a port that the Host header does not have, or another one.",
     "Sign the value of the Host header that is really sent, with its port if it has one.",
     [](const Tc3Case& c) { return with_header(c, "host", hosts_with_ports(c)); }},
    {"host_with_scheme", "The host was signed with http:// or https:// in front, or with a slash or a path after it.",
     "Sign the host alone, as in the Host header.",
     [](const Tc3Case& c) { return with_header(c, "host", hosts_with_scheme(c)); }},
    {"host_other", "Another host was signed than the one in the Host header.",
     "Sign the value of the Host header that is really sent.",
     [](const Tc3Case& c) { return with_header(c, "host", other_hosts(c)); }},
    {"content_type_charset", "The signed Content-Type has another charset part than the one that was sent.",
     "Set Content-Type yourself and sign exactly that text; HTTP libraries like to add or drop `; charset=utf-8`.",
     [](const Tc3Case& c) { return with_header(c, "content-type", content_types_by_charset(c)); }},
    {"content_type_other", "Another Content-Type was signed than the one that was sent.",
     "Set Content-Type yourself and sign exactly that text.",
     [](const Tc3Case& c) {
         return with_header(c, "content-type",
                            {"application/json", "application/json; charset=utf-8", "application/json;charset=utf-8",
                             "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-8",
                             "multipart/form-data", "application/octet-stream", "text/plain",
                             "text/plain;charset=utf-8", "text/plain; charset=utf-8", "*/*", ""});
     }},
    {"header_value_not_lowered", "The value of a signed header was not put into lower case.",
     "Lower-case the values of signed headers such as x-tc-action in the canonical request.",
     [](const Tc3Case& c) {
         Attempts attempts{expected(c)};
         for (auto& [name, value] : attempts[0].inputs.headers)
             if (name != "host" && name != "content-type")
                 value = header(c.request, name);
         return attempts;
     }},
    {"header_name_not_lowered", "The names of headers were not put into lower case.",
     "Lower-case the names in the canonical headers and in SignedHeaders.",
     [](const Tc3Case& c) {
         Attempts attempts;
         for (const bool capitals : {true, false})
             for (const bool raw_values : {false, true})
                 for (const int where : {1, 2, 3}) {
                     attempts.push_back(expected(c));
                     Tc3Inputs& inputs = attempts.back().inputs;
                     Texts titles;
                     for (auto& [name, value] : inputs.headers) {
                         titles.push_back(title_case(name, capitals));
                         if (raw_values && name != "host" && name != "content-type")
                             value = header(c.request, name);
                         if (where != 2)
                             name = titles.back();
                     }
                     if (where != 1)
                         inputs.signed_headers = joined(titles);
                 }
         if (const std::string written = signed_headers_as_written(c); written != ascii_lower(written)) {
             attempts.push_back(expected(c));
             attempts.back().inputs.signed_headers = written;
         }
         return attempts;
     }},
    {"header_blank_after_colon", "The canonical headers have a blank after the colon.",
     "Write each canonical header as name, colon, value, line break, with nothing between.",
     [](const Tc3Case& c) {
         Attempts attempts;
         for (const std::string& host : c.hosts) { // the search exchanges only other values of the host
             attempts.push_back(expected(c));
             set_header(attempts.back().inputs, "host", host);
             for (auto& [name, value] : attempts.back().inputs.headers)
                 value = " " + value;
         }
         return attempts;
     }},
    {"headers_not_sorted", "The signed headers are not in the order of their names.",
     "Sort the names in byte order, in the canonical headers and in SignedHeaders: content-type;host.",
     [](const Tc3Case& c) {
         Attempts attempts;
         const Texts& written = c.authorization.signed_headers;
         for (const Texts& lines : {written, Texts{written.rbegin(), written.rend()}})
             for (const bool list_too : {true, false}) {
                 attempts.push_back(expected(c));
                 sign_headers(attempts.back(), c, lines);
                 if (!list_too)
                     attempts.back().inputs.signed_headers = c.expected.signed_headers;
             }
         // Only the list.
         attempts.push_back(expected(c));
         attempts.back().inputs.signed_headers = joined(written);
         return attempts;
     }},
    {"signed_headers_other", "Other headers were signed than those listed in SignedHeaders.",
     "List in SignedHeaders exactly the headers of the canonical request.",
     [](const Tc3Case& c) {
         Attempts attempts;
         for (const Texts& names :
              {Texts{"content-type", "host"}, Texts{"content-type", "host", "x-tc-action"},
               Texts{"content-type", "host", "x-tc-action", "x-tc-version"},
               Texts{"content-type", "host", "x-tc-action", "x-tc-timestamp", "x-tc-version"},
               Texts{"content-type", "host", "x-tc-action", "x-tc-region", "x-tc-timestamp", "x-tc-version"},
               Texts{"host"}, Texts{"content-type"}})
             for (const bool list_too : {true, false}) {
                 attempts.push_back(expected(c));
                 sign_headers(attempts.back(), c, names);
                 attempts.back().detail = joined(names);
                 if (!list_too)
                     attempts.back().inputs.signed_headers = c.expected.signed_headers;
             }
         return attempts;
     }},
    {"blank_line_missing", "The blank line between the canonical headers and SignedHeaders is missing.",
     "End each canonical header with a line break and put another line break before SignedHeaders.",
     [](const Tc3Case& c) {
         Attempts attempts{expected(c)};
         attempts[0].inputs.blank_line = false;
         return attempts;
     }},
    {"line_break_at_end", "The canonical request or the string to sign ends with a line break.",
     "Put line breaks only between the lines, none after the last.",
     [](const Tc3Case& c) {
         Attempts attempts{expected(c), expected(c), expected(c)};
         attempts[0].inputs.payload_hash += '\n';
         attempts[1].end = "\n";
         attempts[2] = attempts[0];
         attempts[2].end = "\n";
         return attempts;
     }},
    {"method_other", "The request was signed with another method than the one it was sent with.",
     "Sign the method that is really sent: GET or POST, in upper case.",
     [](const Tc3Case& c) {
         // A client that signs another method may also sign what belongs to it: a query, or no payload.
         Attempts attempts;
         for (const char* const method : {"GET", "POST", "get", "post", "Get", "Post", "PUT", ""})
             for (const std::string& query : {c.expected.query, c.envelope.query, std::string{}})
                 for (const std::string& hash : {c.expected.payload_hash, hex(sha256(""))}) {
                     if (method == c.expected.method)
                         continue;
                     attempts.push_back(expected(c));
                     attempts.back().inputs.method = attempts.back().detail = method;
                     attempts.back().inputs.query = query;
                     attempts.back().inputs.payload_hash = hash;
                 }
         return attempts;
     }},
    {"path_other", "The canonical path is not /.",
     "The second line of the canonical request is always a single slash; the query has a line of its own.",
     [](const Tc3Case& c) {
         const std::string target{c.request.target().data(), c.request.target().size()};
         Attempts attempts;
         for (const std::string& path : {std::string{}, c.envelope.path, target, "/?" + c.envelope.query,
                                         std::string{"/?"}, std::string{"//"}, std::string{wire::legacy_path}})
             for (const std::string& query : {c.expected.query, std::string{}}) {
                 if (path == c.expected.path)
                     continue;
                 attempts.push_back(expected(c));
                 attempts.back().inputs.path = path;
                 attempts.back().inputs.query = query;
             }
         return attempts;
     }},
    {"unsigned_payload", "UNSIGNED-PAYLOAD was signed instead of the body, without the header that says so.",
     "Sign the hash of the body, or send the header X-TC-Content-SHA256: UNSIGNED-PAYLOAD.",
     [](const Tc3Case& c) {
         return each(c, Texts{hex(sha256(unsigned_payload)), std::string{unsigned_payload}},
                     [](Tc3Attempt& a, const std::string& hash) { a.inputs.payload_hash = hash; });
     }},
    {"payload_signed_though_unsigned", "The header X-TC-Content-SHA256 says UNSIGNED-PAYLOAD, but the body was signed.",
     "Leave the header X-TC-Content-SHA256 out, or hash the text UNSIGNED-PAYLOAD instead of the body.",
     [](const Tc3Case& c) {
         if (header(c.request, "X-TC-Content-SHA256") != unsigned_payload)
             return Attempts{};
         return with_payloads(c, {payload("the body", body(c)), payload("nothing", "")});
     }},
    {"payload_of_get", "A GET was signed with the hash of a body.",
     "The payload of a GET is empty: its hash is that of the empty text.",
     [](const Tc3Case& c) {
         if (!is_get(c))
             return Attempts{};
         return with_payloads(c, {payload("the body", body(c)), payload("{}", "{}"), payload("null", "null"),
                                  payload("the query", c.envelope.query)});
     }},
    {"payload_empty", "The hash of an empty payload was signed.", "Hash the body that is really sent, to the byte.",
     [](const Tc3Case& c) { return with_payloads(c, {payload("", "")}); }},
    {"payload_placeholder", "The hash of an empty object was signed instead of the body.",
     "Hash the body that is really sent, to the byte; an empty body and {} are not the same.",
     [](const Tc3Case& c) {
         return with_payloads(c, {payload("{}", "{}"), payload("null", "null"), payload("[]", "[]"),
                                  payload("\"\"", "\"\""), payload("undefined", "undefined")});
     }},
    {"payload_not_hashed", "The canonical request ends with the payload itself, or with nothing.",
     "End the canonical request with the lower-case hex SHA-256 of the body.",
     [](const Tc3Case& c) {
         if (body(c).size() > max_varied_bytes)
             return Attempts{};
         return each(c, Texts{std::string{body(c)}, std::string{}},
                     [](Tc3Attempt& a, const std::string& text) { a.inputs.payload_hash = text; });
     }},
    {"payload_hash_spelling", "The hash of the payload is not written in lower-case hex.",
     "Write the hash of the payload as lower-case hex.",
     [](const Tc3Case& c) {
         const std::string digest = sha256(is_get(c) ? std::string_view{} : body(c));
         return each(c,
                     std::array{digest_text(digest, DigestText::upper_hex), digest_text(digest, DigestText::base64),
                                hex(sha256(c.expected.payload_hash))},
                     [](Tc3Attempt& a, const std::string& text) { a.inputs.payload_hash = text; });
     }},
    {"payload_line_break",
     "The signed payload has a line break at its end that the body does not have, or the reverse.",
     "Hash the bytes that are sent; mind what echo, files and editors add.",
     [](const Tc3Case& c) {
         std::vector<Payload> payloads;
         if (body(c).size() > max_varied_bytes)
             return Attempts{};
         const std::string text{body(c)};
         for (const char* const end : {"\n", "\r\n", " "})
             payloads.push_back(payload("something after it", text + end));
         payloads.push_back(payload("nothing around it", trimmed(text)));
         return with_payloads(c, payloads);
     }},
    {"payload_line_ends", "The payload was signed with other line ends than it was sent with: CR LF and LF.",
     "Hash the bytes that are sent; do not let an editor or a shell change line ends in between.",
     [](const Tc3Case& c) {
         if (body(c).size() > max_varied_bytes)
             return Attempts{};
         const std::string plain = replaced(body(c), "\r\n", "\n");
         return with_payloads(c, {payload("LF", plain), payload("CR LF", replaced(plain, "\n", "\r\n"))});
     }},
    {"payload_white_space", "The payload was signed with other white space than it was sent with.",
     "Serialise the parameters once and use the same text for the hash and for the body.",
     [](const Tc3Case& c) { return with_payloads(c, spelled(c, {JsonStrings::as_written}, false)); }},
    {"payload_escapes", "The payload was signed with other escapes in its texts than it was sent with.",
     "Serialise the parameters once and use the same text for the hash and for the body; serialisers differ in "
     "what they escape.",
     [](const Tc3Case& c) {
         return with_payloads(
             c, spelled(c, {JsonStrings::plain, JsonStrings::ascii, JsonStrings::html, JsonStrings::ascii_slashes},
                        false));
     }},
    {"payload_key_order", "The payload was signed with its keys sorted, but it was sent with them in another order.",
     "Serialise the parameters once and use the same text for the hash and for the body.",
     [](const Tc3Case& c) {
         return with_payloads(c, spelled(c,
                                         {JsonStrings::as_written, JsonStrings::plain, JsonStrings::ascii,
                                          JsonStrings::html, JsonStrings::ascii_slashes},
                                         true));
     }},
    {"query_signed_for_post", "A POST was signed with a query.",
     "The third line of the canonical request of a POST is empty.",
     [](const Tc3Case& c) {
         return is_get(c) ? Attempts{} : with_query(c, {c.envelope.query, std::string{body(c).substr(0, 1024)}});
     }},
    {"query_left_out", "A GET was signed without its query.",
     "Sign the text after the question mark, exactly as it is sent.",
     [](const Tc3Case& c) {
         return is_get(c) ? with_query(c, {"", "?" + c.expected.query}) : Attempts{};
     }},
    {"query_encoding", "The query was signed in another encoding than it was sent in.",
     "Build the query once, percent-encoded with upper-case hex, and use the same text for the URL and for signing.",
     [](const Tc3Case& c) {
         if (!is_get(c))
             return Attempts{};
         const std::string& query = c.expected.query;
         return with_query(
             c, {respelled(query, [](const std::string& s) { return s; }),
                 respelled(query, [](const std::string& s) { return wire::percent_encoded(s); }),
                 respelled(query, [](const std::string& s) { return wire::percent_encoded(s, true); }),
                 respelled(query, [](const std::string& s) { return wire::percent_encoded(s, false, true); }),
                 respelled(query, [](const std::string& s) { return wire::percent_encoded(s, true, true); }),
                 respelled(query, [](const std::string& s) { return wire::percent_encoded(wire::percent_encoded(s)); }),
                 replaced(query, "+", "%20"), replaced(query, "%20", "+"), replaced(query, "%", "%25"),
                 wire::percent_encoded(query)});
     }},
    {"query_sorted", "The query was signed with its parameters in another order than it was sent with.",
     "Sign the text after the question mark, exactly as it is sent; it need not be sorted.",
     [](const Tc3Case& c) {
         if (!is_get(c))
             return Attempts{};
         auto list = pieces(c.expected.query, '&');
         std::ranges::sort(list);
         Texts queries{with_ampersands(list)};
         if (const auto form = wire::parse_form(c.expected.query)) {
             Texts encoded;
             for (const auto& [name, value] : *form)
                 encoded.push_back(wire::percent_encoded(name) + "=" + wire::percent_encoded(value));
             queries.push_back(with_ampersands(encoded));
         }
         return with_query(c, queries);
     }},
    {"canonical_hash_spelling", "The hash of the canonical request is not written in lower-case hex, or it is missing.",
     "End the string to sign with the lower-case hex SHA-256 of the canonical request.",
     [](const Tc3Case& c) {
         return each(c,
                     std::array<std::optional<DigestText>, 3>{DigestText::upper_hex, DigestText::base64, std::nullopt},
                     [](Tc3Attempt& a, std::optional<DigestText> text) { a.canonical_hash = text; });
     }},
    {"secret_white_space", "The SecretKey was used with extra characters around it.",
     "Trim the SecretKey where it is read; a file, a variable or a form gave it a line break, a blank or quotes.",
     [](const Tc3Case& c) {
         return each(c, damaged_secrets(c.secret), [](Tc3Attempt& a, const auto& spoilt) {
             a.secret = spoilt.first;
             a.detail = spoilt.second;
         });
     }},
    {"secret_missing", "The signature was made without a SecretKey, or with a placeholder for one.",
     "The variable that should hold the SecretKey is empty; set it where the client runs.",
     [](const Tc3Case& c) {
         return each(c, absent_secrets(), [](Tc3Attempt& a, const auto& absent) {
             a.secret = absent.first;
             a.detail = absent.second;
         });
     }},
    {"secret_id_as_key", "The SecretId was used as the SecretKey.",
     "Sign with the SecretKey; the SecretId only names it.",
     [](const Tc3Case& c) {
         return each(c, Texts{c.authorization.secret_id}, [](Tc3Attempt& a, const std::string& id) { a.secret = id; });
     }},
    {"key_prefix_missing", "The key was derived from the SecretKey without TC3 in front.",
     "Begin with HMAC-SHA256(\"TC3\" + SecretKey, date).",
     [](const Tc3Case& c) {
         return each(c, Texts{"", "tc3", "TC3-HMAC-SHA256"},
                     [](Tc3Attempt& a, const std::string& prefix) { a.prefix = a.detail = prefix; });
     }},
    {"key_steps_as_hex", "The derived keys were used as hex text, not as bytes.",
     "Use the raw bytes of each HMAC as the key of the next; only the signature is written in hex.",
     [](const Tc3Case& c) {
         return each(c, std::array{Tc3Chain::hex_keys}, [](Tc3Attempt& a, Tc3Chain chain) { a.chain = chain; });
     }},
    {"key_arguments_swapped", "Key and message of the HMACs were swapped.",
     "The key of each HMAC is the result of the step before, and the message is date, service, tc3_request and the "
     "string to sign, in this order; mind the order of the arguments of your library.",
     [](const Tc3Case& c) {
         return each(c, std::array{Tc3Chain::swapped}, [](Tc3Attempt& a, Tc3Chain chain) { a.chain = chain; });
     }},
    {"key_step_missing", "A step of deriving the key is missing.",
     "Derive the key in three steps: date, service, tc3_request.",
     [](const Tc3Case& c) {
         return each(c, std::array{Tc3Chain::without_end, Tc3Chain::date_only, Tc3Chain::not_derived},
                     [](Tc3Attempt& a, Tc3Chain chain) { a.chain = chain; });
     }},
    {"algorithm_sha1", "HMAC-SHA1 was used.", "Use HMAC-SHA256 in every step.",
     [](const Tc3Case& c) {
         Attempts attempts;
         for (const Tc3Chain chain : {Tc3Chain::sha1, Tc3Chain::last_sha1})
             for (const DigestText text : {DigestText::hex, DigestText::base64}) {
                 attempts.push_back(expected(c));
                 attempts.back().chain = chain;
                 attempts.back().signature = text;
             }
         return attempts;
     }},
};

// --- trying the rows ---

// Signs attempts. Most of them share the derived key, so it is kept.
class Signer {
public:
    std::string operator()(const Tc3Attempt& a)
    {
        const std::string canonical = tc3_canonical_request(a.inputs);
        const std::string hash = a.canonical_hash ? digest_text(sha256(canonical), *a.canonical_hash) : canonical;
        return digest_text(digest_of(a, tc3_string_to_sign(a.inputs, hash) + a.end), a.signature);
    }

private:
    const std::string& signing_key(const Tc3Attempt& a)
    {
        std::string& key = keys_[{a.prefix + a.secret, a.key_date, a.key_service}];
        if (key.empty()) {
            const std::string service = hmac_sha256(hmac_sha256(a.prefix + a.secret, a.key_date), a.key_service);
            key = hmac_sha256(service, "tc3_request");
        }
        return key;
    }

    std::string digest_of(const Tc3Attempt& a, const std::string& to_sign)
    {
        const std::string secret = a.prefix + a.secret;
        switch (a.chain) {
        case Tc3Chain::right:
            return hmac_sha256(signing_key(a), to_sign);
        case Tc3Chain::hex_keys: {
            const std::string service = hex(hmac_sha256(hex(hmac_sha256(secret, a.key_date)), a.key_service));
            return hmac_sha256(hex(hmac_sha256(service, "tc3_request")), to_sign);
        }
        case Tc3Chain::swapped: {
            const std::string service = hmac_sha256(a.key_service, hmac_sha256(a.key_date, secret));
            return hmac_sha256(to_sign, hmac_sha256("tc3_request", service));
        }
        case Tc3Chain::without_end:
            return hmac_sha256(hmac_sha256(hmac_sha256(secret, a.key_date), a.key_service), to_sign);
        case Tc3Chain::date_only:
            return hmac_sha256(hmac_sha256(secret, a.key_date), to_sign);
        case Tc3Chain::not_derived:
            return hmac_sha256(a.secret, to_sign);
        case Tc3Chain::sha1: {
            const std::string service = hmac_sha1(hmac_sha1(secret, a.key_date), a.key_service);
            return hmac_sha1(hmac_sha1(service, "tc3_request"), to_sign);
        }
        case Tc3Chain::last_sha1:
            return hmac_sha1(signing_key(a), to_sign);
        }
        throw std::logic_error{"Tc3Chain out of range"};
    }

    std::map<std::array<std::string, 3>, std::string> keys_;
};

// Sets the lines of that name that still have the value `from` to `to`; false if there are none, because the mistake is
// in that value.
bool exchange(Tc3Inputs& inputs, std::string_view name, const std::string& from, const std::string& to)
{
    bool found = false;
    for (auto& [own, value] : inputs.headers)
        if (value == from && ascii_lower(own) == name) {
            value = to;
            found = true;
        }
    return found;
}

// Tries each host and content type that would be correct but for the mistake.
bool gives_signature(const Tc3Attempt& attempt, const Tc3Case& c, Signer& sign)
{
    for (const std::string& host : c.hosts) {
        Tc3Attempt with_host = attempt;
        if (!exchange(with_host.inputs, "host", c.hosts.front(), host) && &host != c.hosts.data())
            break;
        for (const std::string& type : c.content_types) {
            Tc3Attempt with_type = with_host;
            if (!exchange(with_type.inputs, "content-type", c.content_types.front(), type) &&
                &type != c.content_types.data())
                break;
            if (sign(with_type) == c.authorization.signature)
                return true;
        }
    }
    return false;
}

Diagnosis diagnosis(std::string_view name, std::string_view detail = {})
{
    const auto row = std::ranges::find(rows, name, &Row::name);
    return {std::string{name}, with_detail(row->what, detail), std::string{row->advice}};
}

} // namespace

std::optional<Diagnosis> tc3_mistake(const Tc3Case& given)
{
    Signer sign;
    // The signature is correct and yet refused: what is sent with it differs from what was signed. Since this is
    // checked first, a row may have the correct inputs among its variations.
    if (gives_signature(expected(given), given, sign))
        return diagnosis(given.authorization.date != given.expected.date ? "scope_date_mixed" : "headers_not_sorted");

    for (const Row& row : rows)
        for (const Tc3Attempt& attempt : row.vary(given))
            if (gives_signature(attempt, given, sign))
                return diagnosis(row.name, attempt.detail);
    return std::nullopt;
}

std::vector<std::string_view> tc3_mistake_names() { return names_of(rows); }

} // namespace cvm::auth
