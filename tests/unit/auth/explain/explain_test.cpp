#include "server/auth/explain/explain.hpp"

#include "server/auth/crypto.hpp"
#include "server/base/json_text.hpp"
#include "server/base/text.hpp"
#include "server/wire/raw_request.hpp"

#include <boost/beast/http/verb.hpp>
#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <set>

using namespace cvm;
using namespace cvm::auth;
using namespace std::chrono_literals;
using wire::Dialect;
namespace bhttp = boost::beast::http;
namespace json = boost::json;

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

constexpr std::chrono::sys_seconds now = std::chrono::sys_days{2026y / 3 / 31} + 8h + 30min;
const std::string timestamp = "1774945800";
const Key key{"Gu5t9xGARNpq86cd98joQYCN3EXAMPLE", "", std::nullopt};

std::string sha(std::string_view text) { return hex(sha256(text)); }

std::string upper(std::string text)
{
    std::ranges::transform(text, text.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return text;
}

// A TC3-HMAC-SHA256 client, written from the description of the protocol. The first members are what it sends, the
// others what it signs; a row of a test makes a mistake by changing one of them.
struct Tc3Client {
    std::string method = "POST";
    std::string target = "/";
    std::string host = "127.0.0.1:8213";
    std::string type = "application/json";
    std::string body = R"({"InstanceIds":["ins-1234abcd"],"Period":1})";
    Pairs headers{}; // in addition to the standard ones
    std::string sent_timestamp = timestamp;
    std::string credential_id = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE";
    std::string credential_date = "2026-03-31";
    std::string credential_service = "cvm";
    std::string listed = "content-type;host";

    std::string signed_method = "POST";
    std::string path = "/";
    std::string query{};
    std::string lines = "content-type:application/json\nhost:127.0.0.1:8213\n\n"; // including the blank line
    std::string list = "content-type;host";
    std::string payload_hash = sha(body);
    std::string signed_timestamp = timestamp;
    std::string date = "2026-03-31";
    std::string service = "cvm";
    std::string key_date{}; // empty: the same
    std::string key_service{};
    std::string secret = "TC3" + key.secret_key;
    std::string end{};
    std::function<std::string(const std::string&)> canonical_hash = sha;
    std::function<std::string(const std::string&)> derive = [this](const std::string& to_sign) {
        const std::string day = hmac_sha256(secret, key_date.empty() ? date : key_date);
        const std::string product = hmac_sha256(day, key_service.empty() ? service : key_service);
        return hmac_sha256(hmac_sha256(product, "tc3_request"), to_sign);
    };
    std::function<std::string(const std::string&)> written = hex;

    Tc3Client() = default;
    Tc3Client(const Tc3Client&) = delete;

    void get(const std::string& text)
    {
        method = signed_method = "GET";
        type = "application/x-www-form-urlencoded";
        target = "/?" + text;
        query = text;
        body = "";
        lines = "content-type:application/x-www-form-urlencoded\nhost:127.0.0.1:8213\n\n";
        payload_hash = sha("");
    }

    void sign_body(const std::string& text) { payload_hash = sha(text); }

    void sign_host(const std::string& text) { lines = "content-type:" + type + "\nhost:" + text + "\n\n"; }

    void sign_type(const std::string& text) { lines = "content-type:" + text + "\nhost:" + host + "\n\n"; }

    std::string to_sign() const
    {
        const std::string canonical =
            signed_method + "\n" + path + "\n" + query + "\n" + lines + list + "\n" + payload_hash;
        return "TC3-HMAC-SHA256\n" + signed_timestamp + "\n" + date + "/" + service + "/tc3_request\n" +
               canonical_hash(canonical) + end;
    }

    http::Request request() const
    {
        http::Request r{bhttp::string_to_verb(method), target, 11};
        r.set("Host", host);
        if (!type.empty())
            r.set("Content-Type", type);
        r.set("X-TC-Action", "RenewInstances");
        r.set("X-TC-Version", "2017-03-12");
        r.set("X-TC-Region", "ap-guangzhou");
        r.set("X-TC-Timestamp", sent_timestamp);
        for (const auto& [name, value] : headers)
            r.set(name, value);
        r.body() = body;
        r.set("Authorization", "TC3-HMAC-SHA256 Credential=" + credential_id + "/" + credential_date + "/" +
                                   credential_service + "/tc3_request, SignedHeaders=" + listed +
                                   ", Signature=" + written(derive(to_sign())));
        return r;
    }
};

std::string escaped(const std::string& text)
{
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '.' || c == '_' || c == '~';
        out += plain ? std::string(1, c) : "%" + upper(hex({&c, 1}));
    }
    return out;
}

// A client that puts the signature among the parameters: API 3.0 v1 and legacy.
struct V1Client {
    std::string method = "POST";
    std::string path = "/";
    std::string host = "127.0.0.1:8213";
    Pairs sent{{"Version", "2017-03-12"}, // in the order of sending
               {"Action", "RenewInstances"},
               {"Timestamp", timestamp},
               {"Nonce", "11886"},
               {"SecretId", "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE"},
               {"Region", "ap-guangzhou"},
               {"InstanceIds.0", "ins-1234abcd"},
               {"Note", "a b/é"}};

    std::string signed_method = "POST";
    std::string signed_host = host;
    std::string signed_path = "/";
    std::string question = "?";
    Pairs pairs{}; // the signed ones, in order
    std::string secret = key.secret_key;
    bool with_sha256 = false;
    std::string end{};
    std::function<std::string(const std::string&)> derive = [this](const std::string& to_sign) {
        return with_sha256 ? hmac_sha256(secret, to_sign) : hmac_sha1(secret, to_sign);
    };
    std::function<std::string(const std::string&)> written = base64;
    std::function<std::string(const std::string&)> on_the_wire = escaped;

    V1Client() { sort(); }
    V1Client(const V1Client&) = delete;

    void sort()
    {
        pairs = sent;
        std::ranges::sort(pairs);
    }

    void add(const std::string& name, const std::string& value)
    {
        sent.emplace_back(name, value);
        sort();
    }

    void speak(Dialect dialect)
    {
        if (wire::is_legacy(dialect))
            path = signed_path = "/v2/index.php";
        if (dialect == Dialect::legacy_numeric)
            sent.erase(sent.begin());
        sort();
    }

    void use_get() { method = signed_method = "GET"; }

    void leave_out(std::string_view name)
    {
        std::erase_if(pairs, [&](const auto& pair) { return pair.first == name; });
    }

    std::string to_sign() const
    {
        std::string text = signed_method + signed_host + signed_path;
        for (std::size_t i = 0; i < pairs.size(); ++i)
            text += (i == 0 ? question : "&") + pairs[i].first + "=" + pairs[i].second;
        return text + end;
    }

    http::Request request() const
    {
        std::string form;
        for (const auto& [name, value] : sent)
            form += escaped(name) + "=" + escaped(value) + "&";
        form += "Signature=" + on_the_wire(written(derive(to_sign())));
        http::Request r{bhttp::string_to_verb(method), method == "GET" ? path + "?" + form : path, 11};
        r.set("Host", host);
        r.set("Content-Type", "application/x-www-form-urlencoded");
        if (method != "GET")
            r.body() = form;
        return r;
    }
};

struct Read {
    wire::Envelope envelope;
    Claim claim;
};

Read read(const http::Request& request)
{
    auto envelope = wire::open_envelope(request, wire::response_format_of(request).dialect);
    REQUIRE(envelope.has_value());
    auto claim = read_claim(*envelope);
    REQUIRE(claim.has_value());
    return {*std::move(envelope), *std::move(claim)};
}

Explanation explained(const http::Request& request, const Key* with = &key, std::chrono::sys_seconds at = now)
{
    const Read r = read(request);
    return explain(r.envelope, r.claim, request, with, at);
}

bool is_good(const http::Request& request, const Key* with = &key, std::chrono::sys_seconds at = now)
{
    const Read r = read(request);
    SigningKeys signing_keys;
    return !verify(r.envelope, r.claim, request, with, signing_keys, at).refusal;
}

std::string names(const std::vector<Diagnosis>& list)
{
    std::string text;
    for (const Diagnosis& d : list)
        text += (text.empty() ? "" : " ") + d.name;
    return text;
}

// "known_mistake: host_with_port", "correct", "correct (host_without_port)"
std::string outcome(const Explanation& e)
{
    std::string text{to_string(e.finding)};
    if (!e.mistakes.empty())
        text += ": " + names(e.mistakes);
    if (!e.notes.empty())
        text += " (" + names(e.notes) + ")";
    return text;
}

std::string outcome(const http::Request& request, const Key* with = &key, std::chrono::sys_seconds at = now)
{
    return outcome(explained(request, with, at));
}

bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::string document(const Explanation& e) { return json_text(to_json(e)); }

std::string text_of(const json::object& object, std::string_view name)
{
    return std::string{object.at(name).as_string()};
}

bool names_every(const std::vector<std::string_view>& table, const std::set<std::string>& tested)
{
    bool all = true;
    for (const std::string_view name : table)
        if (!tested.contains(std::string{name})) {
            MESSAGE("no test makes the mistake " << std::string{name});
            all = false;
        }
    return all;
}

} // namespace

TEST_CASE("the signature of a correct TC3 client is found right")
{
    struct Case {
        const char* what;
        std::function<void(Tc3Client&)> client;
        std::string expected;
    };
    const Case cases[] = {
        {"POST", [](Tc3Client&) {}, "correct"},
        {"GET", [](Tc3Client& c) { c.get("Limit=20&Offset=0"); }, "correct"},
        {"a GET in an order of its own", [](Tc3Client& c) { c.get("Offset=0&Limit=20&B=%2f+"); }, "correct"},
        {"the host without its port", [](Tc3Client& c) { c.sign_host("127.0.0.1"); }, "correct (host_without_port)"},
        {"the vendor's host", [](Tc3Client& c) { c.sign_host("cvm.tencentcloudapi.com"); }, "correct (host_of_vendor)"},
        {"a service that is no product", [](Tc3Client& c) { c.credential_service = c.service = "127"; },
         "correct (service_of_endpoint)"},
        {"UNSIGNED-PAYLOAD",
         [](Tc3Client& c) {
             c.headers = {{"X-TC-Content-SHA256", "UNSIGNED-PAYLOAD"}};
             c.sign_body("UNSIGNED-PAYLOAD");
         },
         "correct"},
        {"another header signed",
         [](Tc3Client& c) {
             c.lines = "content-type:application/json\nhost:127.0.0.1:8213\nx-tc-action:renewinstances\n\n";
             c.list = c.listed = "content-type;host;x-tc-action";
         },
         "correct"},
        {"capitals in SignedHeaders as sent only", [](Tc3Client& c) { c.listed = "Content-Type;Host"; }, "correct"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        Tc3Client client;
        c.client(client);
        const http::Request request = client.request();
        const Explanation e = explained(request);
        CHECK(outcome(e) == c.expected);
        CHECK(is_good(request));
        CHECK(e.summary == "The signature is right.");
        CHECK(e.signed_by_server.string_to_sign == client.to_sign());
        CHECK(e.signed_by_server.signature == e.given.signature);
    }
}

TEST_CASE("each known mistake of a TC3 client is named")
{
    struct Case {
        std::string name;
        std::function<void(Tc3Client&)> make;
    };
    const std::string lined = "{\r\n  \"InstanceIds\": [\"ins-1\"],\r\n  \"Period\": 1\r\n}";
    const std::string unicode = "{\"B\":\"\xC3\xA9\xF0\x9F\x98\x80 <a>&/\\n\",\"A\":[1.50,{\"z\":1,\"y\":null}]}";
    const auto send = [](Tc3Client& c, const std::string& body, const std::string& signed_body) {
        c.body = body;
        c.sign_body(signed_body);
    };
    const Case cases[] = {
        {"signature_upper_case", [](Tc3Client& c) { c.written = [](const std::string& d) { return upper(hex(d)); }; }},
        {"signature_base64", [](Tc3Client& c) { c.written = base64; }},
        {"timestamp_milliseconds", [](Tc3Client& c) { c.signed_timestamp = timestamp + "000"; }},
        {"timestamp_milliseconds", [](Tc3Client& c) { c.signed_timestamp = timestamp + "987"; }},
        {"timestamp_taken_twice", [](Tc3Client& c) { c.signed_timestamp = "1774945801"; }},
        {"timestamp_taken_twice", [](Tc3Client& c) { c.signed_timestamp = "1774945790"; }},
        {"scope_date_not_utc", [](Tc3Client& c) { c.date = c.credential_date = "2026-04-01"; }},
        {"scope_date_not_utc", [](Tc3Client& c) { c.date = c.credential_date = "2025-03-31"; }},
        {"scope_date_mixed", [](Tc3Client& c) { c.credential_date = "2026-04-01"; }},
        {"scope_date_mixed", [](Tc3Client& c) { c.date = "2026-04-01"; }},
        {"scope_date_mixed", [](Tc3Client& c) { c.key_date = "2026-03-30"; }},
        {"scope_date_mixed",
         [](Tc3Client& c) {
             c.key_date = c.credential_date = "2026-04-01";
         }},
        {"service_other", [](Tc3Client& c) { c.service = "billing"; }},
        {"service_other", [](Tc3Client& c) { c.key_service = "cbs"; }},
        {"service_other",
         [](Tc3Client& c) {
             c.credential_service = "tag";
             c.key_service = "cvm";
         }},
        {"service_other",
         [](Tc3Client& c) {
             c.host = "localhost:8213";
             c.sign_host("localhost:8213");
             c.service = "localhost:8213";
         }},
        {"host_with_port", [](Tc3Client& c) { c.sign_host("127.0.0.1:80"); }},
        {"host_with_port", [](Tc3Client& c) { c.sign_host("cvm.tencentcloudapi.com:443"); }},
        {"host_with_port",
         [](Tc3Client& c) {
             c.host = "127.0.0.1";
             c.sign_host("127.0.0.1:8213");
         }},
        {"host_with_scheme", [](Tc3Client& c) { c.sign_host("http://127.0.0.1:8213"); }},
        {"host_with_scheme", [](Tc3Client& c) { c.sign_host("https://cvm.tencentcloudapi.com"); }},
        {"host_with_scheme", [](Tc3Client& c) { c.sign_host("https://cvm.tencentcloudapi.com/"); }},
        {"host_with_scheme", [](Tc3Client& c) { c.sign_host("cvm.tencentcloudapi.com/v2/index.php"); }},
        {"host_other", [](Tc3Client& c) { c.sign_host("localhost"); }},
        {"host_other", [](Tc3Client& c) { c.sign_host("cbs.tencentcloudapi.com"); }},
        {"host_other", [](Tc3Client& c) { c.sign_host("cvm.ap-tokyo.tencentcloudapi.com"); }},
        {"content_type_charset", [](Tc3Client& c) { c.type = "application/json; charset=utf-8"; }},
        {"content_type_charset", [](Tc3Client& c) { c.type = "application/json;charset=UTF-8"; }},
        {"content_type_charset", [](Tc3Client& c) { c.sign_type("application/json; charset=utf-8"); }},
        {"content_type_charset",
         [](Tc3Client& c) {
             c.type = "application/json;charset=utf-8";
             c.sign_type("application/json; charset=UTF-8");
         }},
        {"content_type_charset", // and the host in another way that is accepted
         [](Tc3Client& c) {
             c.sign_type("application/json");
             c.type = "application/json; charset=utf-8";
             c.lines = "content-type:application/json\nhost:127.0.0.1\n\n";
         }},
        {"content_type_other", [](Tc3Client& c) { c.type = "text/plain"; }},
        {"content_type_other", [](Tc3Client& c) { c.type = ""; }},
        {"header_value_not_lowered",
         [](Tc3Client& c) {
             c.lines = "content-type:application/json\nhost:127.0.0.1:8213\nx-tc-action:RenewInstances\n\n";
             c.list = c.listed = "content-type;host;x-tc-action";
         }},
        {"header_name_not_lowered",
         [](Tc3Client& c) { c.lines = "Content-Type:application/json\nHost:127.0.0.1:8213\n\n"; }},
        {"header_name_not_lowered", [](Tc3Client& c) { c.list = c.listed = "Content-Type;Host"; }},
        {"header_name_not_lowered",
         [](Tc3Client& c) {
             c.lines = "Content-Type:application/json\nHost:127.0.0.1\nX-TC-Action:RenewInstances\n\n";
             c.list = c.listed = "Content-Type;Host;X-TC-Action";
         }},
        {"header_blank_after_colon",
         [](Tc3Client& c) { c.lines = "content-type: application/json\nhost: 127.0.0.1:8213\n\n"; }},
        {"header_blank_after_colon",
         [](Tc3Client& c) { c.lines = "content-type: application/json\nhost: 127.0.0.1\n\n"; }},
        {"headers_not_sorted",
         [](Tc3Client& c) {
             c.lines = "host:127.0.0.1:8213\ncontent-type:application/json\n\n";
             c.list = c.listed = "host;content-type";
         }},
        {"headers_not_sorted",
         [](Tc3Client& c) { c.lines = "host:127.0.0.1:8213\ncontent-type:application/json\n\n"; }},
        {"headers_not_sorted", [](Tc3Client& c) { c.list = c.listed = "host;content-type"; }},
        {"headers_not_sorted", [](Tc3Client& c) { c.listed = "host;content-type"; }},
        {"signed_headers_other",
         [](Tc3Client& c) {
             c.lines = "content-type:application/json\nhost:127.0.0.1:8213\nx-tc-action:renewinstances\n\n";
             c.list = "content-type;host;x-tc-action";
         }},
        {"signed_headers_other", [](Tc3Client& c) { c.listed = "content-type;host;x-tc-action"; }},
        {"blank_line_missing",
         [](Tc3Client& c) { c.lines = "content-type:application/json\nhost:127.0.0.1:8213\n"; }},
        {"line_break_at_end", [](Tc3Client& c) { c.end = "\n"; }},
        {"line_break_at_end", [](Tc3Client& c) { c.payload_hash += "\n"; }},
        {"method_other", [](Tc3Client& c) { c.signed_method = "GET"; }},
        {"method_other", [](Tc3Client& c) { c.signed_method = "post"; }},
        {"method_other",
         [](Tc3Client& c) {
             c.get("Limit=20&Offset=0");
             c.signed_method = "POST";
             c.query = "";
         }},
        {"path_other", [](Tc3Client& c) { c.path = ""; }},
        {"path_other",
         [](Tc3Client& c) {
             c.get("Limit=20&Offset=0");
             c.path = "/?Limit=20&Offset=0";
             c.query = "";
         }},
        {"path_other",
         [](Tc3Client& c) { c.target = c.path = "/v1/renew"; }},
        {"unsigned_payload", [](Tc3Client& c) { c.sign_body("UNSIGNED-PAYLOAD"); }},
        {"unsigned_payload", [](Tc3Client& c) { c.payload_hash = "UNSIGNED-PAYLOAD"; }},
        {"payload_signed_though_unsigned",
         [](Tc3Client& c) { c.headers = {{"X-TC-Content-SHA256", "UNSIGNED-PAYLOAD"}}; }},
        {"payload_of_get",
         [](Tc3Client& c) {
             c.get("Limit=20&Offset=0");
             c.sign_body("{}");
         }},
        {"payload_of_get",
         [](Tc3Client& c) {
             c.get("Limit=20&Offset=0");
             c.body = R"({"Limit":20})";
             c.sign_body(c.body);
         }},
        {"payload_empty", [](Tc3Client& c) { c.sign_body(""); }},
        {"payload_placeholder", [](Tc3Client& c) { c.sign_body("{}"); }},
        {"payload_placeholder", [&](Tc3Client& c) { send(c, "", "null"); }},
        {"payload_not_hashed", [](Tc3Client& c) { c.payload_hash = c.body; }},
        {"payload_not_hashed", [](Tc3Client& c) { c.payload_hash = ""; }},
        {"payload_hash_spelling", [](Tc3Client& c) { c.payload_hash = upper(c.payload_hash); }},
        {"payload_hash_spelling", [](Tc3Client& c) { c.payload_hash = base64(sha256(c.body)); }},
        {"payload_line_break", [&](Tc3Client& c) { send(c, "{}", "{}\n"); }},
        {"payload_line_break", [&](Tc3Client& c) { send(c, "{\"A\":1}\r\n", "{\"A\":1}"); }},
        {"payload_line_ends",
         [&](Tc3Client& c) { send(c, lined, "{\n  \"InstanceIds\": [\"ins-1\"],\n  \"Period\": 1\n}"); }},
        {"payload_line_ends",
         [&](Tc3Client& c) { send(c, "{\n  \"InstanceIds\": [\"ins-1\"],\n  \"Period\": 1\n}", lined); }},
        {"payload_white_space",
         [](Tc3Client& c) { c.sign_body(R"({"InstanceIds": ["ins-1234abcd"], "Period": 1})"); }},
        {"payload_white_space",
         [&](Tc3Client& c) {
             send(c, R"({ "InstanceIds" : ["ins-1234abcd" , "i 2,: {}"], "E":{}, "P": 1 })",
                  R"({"InstanceIds":["ins-1234abcd","i 2,: {}"],"E":{},"P":1})");
         }},
        {"payload_white_space",
         [](Tc3Client& c) {
             c.sign_body("{\n  \"InstanceIds\": [\n    \"ins-1234abcd\"\n  ],\n  \"Period\": 1\n}");
         }},
        {"payload_white_space",
         [](Tc3Client& c) {
             c.sign_body("{\n    \"InstanceIds\": [\n        \"ins-1234abcd\"\n    ],\n    \"Period\": 1\n}");
         }},
        {"payload_white_space",
         [](Tc3Client& c) { c.sign_body("{\n\t\"InstanceIds\": [\n\t\t\"ins-1234abcd\"\n\t],\n\t\"Period\": 1\n}"); }},
        {"payload_escapes", // Python
         [&](Tc3Client& c) {
             send(c, unicode,
                  "{\"B\": \"\\u00e9\\ud83d\\ude00 <a>&/\\n\", \"A\": [1.50, {\"z\": 1, \"y\": null}]}");
         }},
        {"payload_escapes", // Go
         [&](Tc3Client& c) {
             send(c, unicode,
                  "{\"B\":\"\xC3\xA9\xF0\x9F\x98\x80 \\u003ca\\u003e\\u0026/\\n\",\"A\":[1.50,{\"z\":1,\"y\":null}]}");
         }},
        {"payload_escapes", // PHP
         [&](Tc3Client& c) {
             send(c, unicode,
                  "{\"B\":\"\\u00e9\\ud83d\\ude00 <a>&\\/\\n\",\"A\":[1.50,{\"z\":1,\"y\":null}]}");
         }},
        {"payload_escapes", // the reverse: escaped on the wire
         [&](Tc3Client& c) {
             send(c, "{\"B\":\"\\u00e9\\ud83d\\ude00\\u0001\"}", "{\"B\":\"\xC3\xA9\xF0\x9F\x98\x80\\u0001\"}");
         }},
        {"payload_key_order",
         [&](Tc3Client& c) {
             send(c, unicode,
                  "{\"A\":[1.50,{\"y\":null,\"z\":1}],\"B\":\"\xC3\xA9\xF0\x9F\x98\x80 <a>&/\\n\"}");
         }},
        {"payload_key_order",
         [&](Tc3Client& c) {
             send(c, unicode,
                  "{\"A\": [1.50, {\"y\": null, \"z\": 1}], \"B\": \"\\u00e9\\ud83d\\ude00 <a>&/\\n\"}");
         }},
        {"query_signed_for_post",
         [](Tc3Client& c) {
             c.target = "/?Limit=20";
             c.query = "Limit=20";
         }},
        {"query_left_out",
         [](Tc3Client& c) {
             c.get("Limit=20&Offset=0");
             c.query = "";
         }},
        {"query_sorted",
         [](Tc3Client& c) {
             c.get("Offset=0&Limit=20");
             c.query = "Limit=20&Offset=0";
         }},
        {"query_encoding",
         [](Tc3Client& c) {
             c.get("Name=a%20b%2Fc");
             c.query = "Name=a b/c";
         }},
        {"query_encoding",
         [](Tc3Client& c) {
             c.get("Name=a+b%2Fc");
             c.query = "Name=a%20b%2Fc";
         }},
        {"query_encoding",
         [](Tc3Client& c) {
             c.get("Name=a%20b%2Fc");
             c.query = "Name=a%20b%2fc";
         }},
        {"query_encoding",
         [](Tc3Client& c) {
             c.get("Name=a%20b%2Fc");
             c.query = "Name=a%2520b%252Fc";
         }},
        {"query_encoding",
         [](Tc3Client& c) {
             c.get("Name=a%20b%2Fc");
             c.query = "Name=a+b%2Fc";
         }},
        {"canonical_hash_spelling",
         [](Tc3Client& c) { c.canonical_hash = [](const std::string& s) { return upper(sha(s)); }; }},
        {"canonical_hash_spelling",
         [](Tc3Client& c) { c.canonical_hash = [](const std::string& s) { return s; }; }},
        {"secret_white_space", [](Tc3Client& c) { c.secret += "\n"; }},
        {"secret_white_space", [](Tc3Client& c) { c.secret += "\r\n"; }},
        {"secret_white_space", [](Tc3Client& c) { c.secret += " "; }},
        {"secret_white_space", [](Tc3Client& c) { c.secret = "TC3 " + key.secret_key; }},
        {"secret_white_space", [](Tc3Client& c) { c.secret = "TC3\"" + key.secret_key + "\""; }},
        {"secret_missing", [](Tc3Client& c) { c.secret = "TC3"; }},
        {"secret_missing", [](Tc3Client& c) { c.secret = "TC3undefined"; }},
        {"secret_id_as_key", [](Tc3Client& c) { c.secret = "TC3" + c.credential_id; }},
        {"key_prefix_missing", [](Tc3Client& c) { c.secret = key.secret_key; }},
        {"key_steps_as_hex",
         [](Tc3Client& c) {
             c.derive = [&c](const std::string& to_sign) {
                 const std::string day = hex(hmac_sha256(c.secret, c.date));
                 const std::string product = hex(hmac_sha256(day, c.service));
                 return hmac_sha256(hex(hmac_sha256(product, "tc3_request")), to_sign);
             };
         }},
        {"key_arguments_swapped",
         [](Tc3Client& c) {
             c.derive = [&c](const std::string& to_sign) {
                 const std::string product = hmac_sha256(c.service, hmac_sha256(c.date, c.secret));
                 return hmac_sha256(to_sign, hmac_sha256("tc3_request", product));
             };
         }},
        {"key_step_missing",
         [](Tc3Client& c) {
             c.derive = [&c](const std::string& to_sign) {
                 return hmac_sha256(hmac_sha256(hmac_sha256(c.secret, c.date), c.service), to_sign);
             };
         }},
        {"key_step_missing",
         [](Tc3Client& c) {
             c.derive = [](const std::string& to_sign) { return hmac_sha256(key.secret_key, to_sign); };
         }},
        {"algorithm_sha1",
         [](Tc3Client& c) {
             c.derive = [&c](const std::string& to_sign) {
                 const std::string product = hmac_sha1(hmac_sha1(c.secret, c.date), c.service);
                 return hmac_sha1(hmac_sha1(product, "tc3_request"), to_sign);
             };
         }},
    };
    std::set<std::string> tested;
    for (const Case& c : cases) {
        CAPTURE(c.name);
        Tc3Client client;
        c.make(client);
        const http::Request request = client.request();
        CAPTURE(client.to_sign());
        const Explanation e = explained(request);
        CHECK(e.finding == Finding::known_mistake);
        CHECK(names(e.mistakes) == c.name);
        CHECK_FALSE(is_good(request));
        CHECK_FALSE(holds(document(e), key.secret_key));
        tested.insert(c.name);
    }
    CHECK(names_every(tc3_mistake_names(), tested));
}

TEST_CASE("the signature of a correct v1 or legacy client is found right")
{
    for (const Dialect dialect : {Dialect::v1, Dialect::legacy, Dialect::legacy_numeric})
        for (const bool get : {false, true})
            for (const bool with_sha256 : {false, true}) {
                CAPTURE(static_cast<int>(dialect));
                CAPTURE(get);
                CAPTURE(with_sha256);
                V1Client client;
                client.speak(dialect);
                if (get)
                    client.use_get();
                client.with_sha256 = with_sha256;
                if (with_sha256)
                    client.add("SignatureMethod", "HmacSHA256");
                const Explanation e = explained(client.request());
                CHECK(outcome(e) == "correct");
                CHECK(is_good(client.request()));
                CHECK(e.signed_by_server.string_to_sign == client.to_sign());
                CHECK(e.signed_by_server.signature == e.given.signature);
            }
}

TEST_CASE("accepted but unusual signatures of a v1 client are noted")
{
    V1Client without_port;
    without_port.signed_host = "127.0.0.1";
    CHECK(outcome(without_port.request()) == "correct (host_without_port)");

    V1Client dots;
    dots.add("Has_Underscore", "a_b");
    for (auto& [name, value] : dots.pairs)
        std::ranges::replace(name, '_', '.');
    CHECK(outcome(dots.request()) == "correct (underscores_as_dots)");

    V1Client other_method;
    other_method.add("SignatureMethod", "HmacSHA123");
    CHECK(outcome(other_method.request()) == "correct (signature_method_other)");

    V1Client broken_line;
    broken_line.on_the_wire = [](const std::string& s) { return escaped(s + "\n"); };
    CHECK(outcome(broken_line.request()) == "correct");
}

TEST_CASE("each known mistake of a v1 or legacy client is named")
{
    struct Case {
        std::string name;
        std::function<void(V1Client&)> make;
    };
    const auto plus = [](V1Client& c) { // a nonce whose signature has a plus
        for (int nonce = 1;; ++nonce) {
            c.sent[3].second = std::to_string(nonce);
            c.sort();
            if (const std::string s = base64(c.derive(c.to_sign())); holds(s, "+") && s[0] != '+')
                return;
        }
    };
    const auto slash = [](V1Client& c) {
        for (int nonce = 1;; ++nonce) {
            c.sent[3].second = std::to_string(nonce);
            c.sort();
            if (const std::string s = base64(c.derive(c.to_sign())); holds(s, "/"))
                return;
        }
    };
    const auto rename = [](V1Client& c, const std::string& from, const std::string& to) {
        for (auto& [name, value] : c.pairs)
            if (name == from)
                name = to;
        std::ranges::sort(c.pairs);
    };
    const Case cases[] = {
        {"signature_plus",
         [&](V1Client& c) {
             plus(c);
             c.on_the_wire = [](const std::string& s) { return s; };
         }},
        {"signature_encoded_twice", [](V1Client& c) { c.on_the_wire = [](auto s) { return escaped(escaped(s)); }; }},
        {"signature_hex", [](V1Client& c) { c.written = hex; }},
        {"signature_hex", [](V1Client& c) { c.written = [](const std::string& d) { return base64(hex(d)); }; }},
        {"signature_base64_url",
         [&](V1Client& c) {
             slash(c);
             c.written = [](const std::string& d) {
                 std::string s = base64(d);
                 std::ranges::replace(s, '/', '_');
                 std::ranges::replace(s, '+', '-');
                 s.resize(s.find('='));
                 return s;
             };
         }},
        {"hash_mixed_up", [](V1Client& c) { c.with_sha256 = true; }},
        {"hash_mixed_up", [](V1Client& c) { c.add("SignatureMethod", "HmacSHA256"); }},
        {"signature_method_unknown",
         [](V1Client& c) {
             c.add("SignatureMethod", "HmacSha256");
             c.with_sha256 = true;
         }},
        {"signature_method_unknown",
         [](V1Client& c) {
             c.add("SignatureMethod", "TC3-HMAC-SHA256");
             c.with_sha256 = true;
         }},
        {"signature_method_not_sent",
         [](V1Client& c) {
             c.pairs.emplace_back("SignatureMethod", "HmacSHA256");
             std::ranges::sort(c.pairs);
             c.with_sha256 = true;
         }},
        {"signature_method_not_signed",
         [](V1Client& c) {
             c.add("SignatureMethod", "HmacSHA256");
             c.with_sha256 = true;
             c.leave_out("SignatureMethod");
         }},
        {"method_other", [](V1Client& c) { c.signed_method = "GET"; }},
        {"method_other", [](V1Client& c) { c.signed_method = "post"; }},
        {"method_other", [](V1Client& c) { c.method = "GET"; }},
        {"host_with_port", [](V1Client& c) { c.signed_host = "127.0.0.1:443"; }},
        {"host_with_port", [](V1Client& c) { c.host = "127.0.0.1"; }},
        {"host_with_scheme", [](V1Client& c) { c.signed_host = "https://127.0.0.1:8213"; }},
        {"host_with_scheme", [](V1Client& c) { c.signed_host = "http://127.0.0.1"; }},
        {"host_with_scheme", [](V1Client& c) { c.signed_host = "127.0.0.1:8213/v2/index.php"; }},
        {"host_with_scheme", [](V1Client& c) { c.signed_host = "http://127.0.0.1:8213/v2/index.php"; }},
        {"host_other", [](V1Client& c) { c.signed_host = "cvm.tencentcloudapi.com"; }},
        {"host_other", [](V1Client& c) { c.signed_host = "cvm.api.qcloud.com"; }},
        {"path_other", [](V1Client& c) { c.signed_path = "/v2/index.php"; }},
        {"path_other", [](V1Client& c) { c.signed_path = ""; }},
        {"path_other",
         [](V1Client& c) {
             c.speak(Dialect::legacy);
             c.signed_path = "/";
         }},
        {"question_mark_missing", [](V1Client& c) { c.question = ""; }},
        {"question_mark_missing", [](V1Client& c) { c.question = "&"; }},
        {"parameters_not_sorted", [](V1Client& c) { c.pairs = c.sent; }},
        {"parameters_not_sorted",
         [](V1Client& c) {
             c.use_get();
             c.pairs = c.sent;
         }},
        {"parameters_sorted_without_case",
         [](V1Client& c) {
             c.add("aLower", "1");
             std::ranges::sort(c.pairs, {}, [](const auto& pair) { return ascii_lower(pair.first); });
         }},
        {"parameters_sorted_by_number",
         [](V1Client& c) {
             c.speak(Dialect::legacy);
             for (int i = 1; i <= 12; ++i)
                 c.add("InstanceIds." + std::to_string(i), "ins-" + std::to_string(i));
             std::ranges::stable_sort(c.pairs, [](const auto& a, const auto& b) {
                 const bool both = a.first.starts_with("InstanceIds.") && b.first.starts_with("InstanceIds.");
                 return both ? a.first.size() != b.first.size() ? a.first.size() < b.first.size() : a.first < b.first
                             : a.first < b.first;
             });
         }},
        {"values_encoded",
         [](V1Client& c) {
             for (auto& [name, value] : c.pairs)
                 value = escaped(value);
         }},
        {"timestamp_milliseconds",
         [](V1Client& c) {
             for (auto& [name, value] : c.pairs)
                 if (name == "Timestamp")
                     value += "123";
         }},
        {"array_origin", [&](V1Client& c) { rename(c, "InstanceIds.0", "InstanceIds.1"); }},
        {"array_origin",
         [&](V1Client& c) {
             c.sent[6].first = "InstanceIds.1";
             c.sort();
             rename(c, "InstanceIds.1", "InstanceIds.0");
         }},
        {"dots_as_underscores", [&](V1Client& c) { rename(c, "InstanceIds.0", "InstanceIds_0"); }},
        {"brackets_for_dots", [&](V1Client& c) { rename(c, "InstanceIds.0", "InstanceIds[0]"); }},
        {"array_as_text",
         [](V1Client& c) {
             c.sent[6].first = "InstanceIds[0]";
             c.add("InstanceIds[1]", "ins-2345bcde");
             c.leave_out("InstanceIds[0]");
             c.leave_out("InstanceIds[1]");
             c.pairs.emplace_back("InstanceIds", "Array");
             std::ranges::sort(c.pairs);
         }},
        {"signature_included",
         [](V1Client& c) {
             c.pairs.emplace_back("Signature", "");
             std::ranges::sort(c.pairs);
         }},
        {"token_left_out",
         [](V1Client& c) {
             c.add("Token", "aTokenOfTheClient");
             c.leave_out("Token");
         }},
        {"empty_values_left_out",
         [](V1Client& c) {
             c.add("ProjectId", "");
             c.leave_out("ProjectId");
         }},
        {"parameter_left_out", [](V1Client& c) { c.leave_out("Nonce"); }},
        {"parameter_left_out", [](V1Client& c) { c.leave_out("Action"); }},
        {"names_lowered",
         [](V1Client& c) {
             for (auto& [name, value] : c.pairs)
                 name = ascii_lower(name);
             std::ranges::sort(c.pairs);
         }},
        {"secret_white_space", [](V1Client& c) { c.secret += "\n"; }},
        {"secret_white_space", [](V1Client& c) { c.secret = "'" + c.secret + "'"; }},
        {"secret_with_ampersand", [](V1Client& c) { c.secret += "&"; }},
        {"secret_missing", [](V1Client& c) { c.secret = ""; }},
        {"secret_missing", [](V1Client& c) { c.secret = "None"; }},
        {"secret_id_as_key", [](V1Client& c) { c.secret = c.sent[4].second; }},
        {"key_arguments_swapped",
         [](V1Client& c) { c.derive = [&c](const std::string& text) { return hmac_sha1(text, c.secret); }; }},
        {"line_break_at_end", [](V1Client& c) { c.end = "\n"; }},
    };
    std::set<std::string> tested;
    for (const Case& c : cases) {
        CAPTURE(c.name);
        V1Client client;
        c.make(client);
        CAPTURE(client.to_sign());
        const http::Request request = client.request();
        const Explanation e = explained(request);
        CHECK(e.finding == Finding::known_mistake);
        CHECK(names(e.mistakes) == c.name);
        CHECK_FALSE(is_good(request));
        CHECK_FALSE(holds(document(e), key.secret_key));
        tested.insert(c.name);
    }
    CHECK(names_every(v1_mistake_names(), tested));
}

TEST_CASE("a mistake in every dialect that has it")
{
    for (const Dialect dialect : {Dialect::v1, Dialect::legacy, Dialect::legacy_numeric})
        for (const bool get : {false, true}) {
            V1Client client;
            client.speak(dialect);
            if (get)
                client.use_get();
            client.pairs = client.sent;
            CHECK(outcome(client.request()) == "known_mistake: parameters_not_sorted");
        }
}

TEST_CASE("the advice says what was signed")
{
    Tc3Client host;
    host.sign_host("127.0.0.1:443");
    CHECK(holds(explained(host.request()).summary, "127.0.0.1:443"));
    Tc3Client service;
    service.service = "billing";
    CHECK(holds(explained(service.request()).summary, "billing in the string to sign"));
    V1Client left_out;
    left_out.leave_out("Nonce");
    CHECK(holds(explained(left_out.request()).summary, "without Nonce"));
}

TEST_CASE("a wrong SecretKey is no known mistake")
{
    Tc3Client tc3;
    tc3.secret = "TC3another";
    CHECK(outcome(tc3.request()) == "no_known_mistake");
    CHECK(holds(explained(tc3.request()).summary, "SecretKey"));
    Tc3Client get;
    get.get("Limit=20&Offset=0");
    get.secret = "TC3another";
    CHECK(outcome(get.request()) == "no_known_mistake");
    V1Client v1;
    v1.secret = "another";
    CHECK(outcome(v1.request()) == "no_known_mistake");
    for (const Dialect dialect : {Dialect::legacy, Dialect::legacy_numeric}) {
        V1Client legacy;
        legacy.speak(dialect);
        legacy.secret = "another";
        CHECK(outcome(legacy.request()) == "no_known_mistake");
    }
}

TEST_CASE("for an unknown key the signed text is shown, but no signature")
{
    Tc3Client tc3;
    const Explanation e = explained(tc3.request(), nullptr);
    CHECK(outcome(e) == "unknown_key");
    CHECK(e.signed_by_server.string_to_sign == tc3.to_sign());
    CHECK(e.signed_by_server.signature.empty());
    CHECK_FALSE(to_json(e).at("signed").as_object().contains("signature"));

    V1Client v1;
    const Explanation f = explained(v1.request(), nullptr);
    CHECK(outcome(f) == "unknown_key");
    CHECK(f.signed_by_server.string_to_sign == v1.to_sign());
    CHECK(f.signed_by_server.signature.empty());
}

TEST_CASE("a refusal before there is a signature is malformed and repeats no value")
{
    const Explanation e = explain_malformed(error(Errc::missing_parameter, "Timestamp"));
    CHECK(outcome(e) == "malformed");
    CHECK(holds(e.summary, "Timestamp"));
    CHECK(to_json(e).at("signed").as_object().empty());

    const auto form = wire::parse_form("Password=hunter2%zz");
    REQUIRE(form.has_error());
    CHECK_FALSE(holds(explain_malformed(form.error()).summary, "hunter2"));
    CHECK(holds(explain_malformed(form.error()).summary, "Password=***"));
}

TEST_CASE("a Timestamp outside its window is noted in addition to the finding about the signature")
{
    struct Case {
        const char* what;
        std::chrono::seconds later; // than the request
        std::string expected;
    };
    const Case cases[] = {
        {"fresh", 300s, "correct"},
        {"late", 301s, "correct (timestamp_off)"},
        {"early", -301s, "correct (timestamp_off)"},
        {"eight hours ahead", -8h, "correct (timestamp_local_time)"},
        {"eight hours ahead and the clock a little off", -8h + 4min, "correct (timestamp_local_time)"},
        {"eight hours and six minutes", -8h + 6min, "correct (timestamp_off)"},
        {"five hours behind", 5h + 20s, "correct (timestamp_local_time)"},
        {"fourteen hours", 14h, "correct (timestamp_local_time)"},
        {"fifteen hours", 15h, "correct (timestamp_off)"},
        {"a year", 24h * 365, "correct (timestamp_off)"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(outcome(Tc3Client{}.request(), &key, now + c.later) == c.expected);
        CHECK(outcome(V1Client{}.request(), &key, now + c.later) == c.expected);
    }
    CHECK(holds(explained(Tc3Client{}.request(), &key, now + 1000s).summary, "1000 seconds behind"));
    CHECK(holds(explained(Tc3Client{}.request(), &key, now - 8h).summary, "8 hours ahead of"));

    V1Client legacy; // has two hours
    legacy.speak(Dialect::legacy);
    CHECK(outcome(legacy.request(), &key, now + 2h) == "correct");
    CHECK(outcome(legacy.request(), &key, now + 3h) == "correct (timestamp_local_time)");
}

TEST_CASE("a Timestamp in milliseconds is the mistake even if the signature is right for it")
{
    Tc3Client tc3;
    tc3.sent_timestamp = tc3.signed_timestamp = timestamp + "123";
    CHECK(outcome(tc3.request()) == "known_mistake: timestamp_milliseconds");
    tc3.sign_host("127.0.0.1:80");
    CHECK(outcome(tc3.request()) == "known_mistake: timestamp_milliseconds host_with_port");
    tc3.secret = "TC3another";
    CHECK(outcome(tc3.request()) == "no_known_mistake (timestamp_milliseconds)");

    Tc3Client sent_only;
    sent_only.sent_timestamp = timestamp + "123";
    CHECK(outcome(sent_only.request()) == "known_mistake: timestamp_milliseconds");

    Tc3Client old;
    old.sent_timestamp = old.signed_timestamp = timestamp + "123";
    CHECK(outcome(old.request(), &key, now + 1000s) == "known_mistake: timestamp_milliseconds (timestamp_off)");

    V1Client v1;
    v1.sent[2].second += "123";
    v1.sort();
    CHECK(outcome(v1.request()) == "known_mistake: timestamp_milliseconds");
    CHECK_FALSE(is_good(v1.request()));

    V1Client v1_sent_only;
    v1_sent_only.sent[2].second += "123";
    CHECK(outcome(v1_sent_only.request()) == "known_mistake: timestamp_milliseconds");
}

TEST_CASE("a Timestamp at the ends of its range is harmless")
{
    for (const std::int64_t at : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1}, std::int64_t{0},
                                  std::int64_t{99'999'999'999'999}, std::numeric_limits<std::int64_t>::max()}) {
        CAPTURE(at);
        Tc3Client tc3;
        tc3.sent_timestamp = std::to_string(at);
        CHECK(explained(tc3.request()).finding == Finding::no_known_mistake);
        V1Client v1;
        v1.sent[2].second = std::to_string(at);
        CHECK(explained(v1.request()).finding == Finding::no_known_mistake);
    }
}

TEST_CASE("problems of a token or a key are noted")
{
    struct Case {
        std::string known;
        std::string sent;
        std::optional<std::chrono::sys_seconds> expires_at;
        std::string expected;
    };
    const Case cases[] = {
        {"tokenOfTheKey", "tokenOfTheKey", std::nullopt, "correct"},
        {"tokenOfTheKey", "", std::nullopt, "correct (token_missing)"},
        {"", "tokenOfTheKey", std::nullopt, "correct (token_unexpected)"},
        {"tokenOfTheKey", "anotherToken", std::nullopt, "correct (token_other)"},
        {"tokenOfTheKey", "tokenOfTheKey", now, "correct (key_expired)"},
        {"tokenOfTheKey", "tokenOfTheKey", now + 1s, "correct"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.expected);
        const Key temporary{key.secret_key, c.known, c.expires_at};
        Tc3Client tc3;
        V1Client v1;
        if (!c.sent.empty()) {
            tc3.headers = {{"X-TC-Token", c.sent}};
            v1.add("Token", c.sent);
        }
        CHECK(outcome(tc3.request(), &temporary) == c.expected);
        CHECK(outcome(v1.request(), &temporary) == c.expected);
        CHECK(is_good(tc3.request(), &temporary) == (c.expected == "correct"));
    }
}

TEST_CASE("no secret is shown, wherever it occurs")
{
    const std::string secrets[] = {key.secret_key, "PassWordOfX", "TokenOfX", "UserDataOfX", "CookieOfX", "BearerOfX"};
    const Key temporary{key.secret_key, "TokenOfX", std::nullopt};

    std::vector<http::Request> requests;
    for (const std::string& secret : {"TC3" + key.secret_key, std::string{"TC3another"}}) {
        Tc3Client headers;
        headers.headers = {{"X-TC-Token", "TokenOfX"},
                           {"Cookie", "CookieOfX"},
                           {"Proxy-Authorization", "Bearer BearerOfX"},
                           {"X-My-Password", "PassWordOfX"},
                           {"X-Extra", key.secret_key}};
        headers.list = headers.listed =
            "authorization;content-type;cookie;host;proxy-authorization;x-extra;x-my-password;x-tc-token";
        headers.secret = secret;
        requests.push_back(headers.request());

        Tc3Client get;
        get.get("LoginSettings.Password=PassWordOfX&UserData=UserDataOfX&%54oken=TokenOfX&X=" + key.secret_key +
                "&LoginSettings_Password=PassWordOfX&Password.0=PassWordOfX&" + "%zz" + "&broken");
        get.secret = secret;
        get.target =
            "/?Limit=1&LoginSettings.Password=PassWordOfX&UserData=UserDataOfX&%54oken=TokenOfX&X=" + key.secret_key +
            "&LoginSettings_Password=PassWordOfX&Password.0=PassWordOfX";
        requests.push_back(get.request());
        get.query = get.target.substr(2);
        requests.push_back(get.request());

        Tc3Client path;
        path.get("Password=PassWordOfX");
        path.path = "/?Password=PassWordOfX";
        path.query = "";
        path.secret = secret;
        requests.push_back(path.request());

        Tc3Client body;
        body.body = R"({"Password": "PassWordOfX"})";
        body.sign_body(R"({"Password":"PassWordOfX"})");
        body.secret = secret;
        requests.push_back(body.request());
        body.payload_hash = body.body;
        requests.push_back(body.request());

        Tc3Client id;
        id.credential_id = key.secret_key; // both exchanged
        id.credential_service = "cvm" + key.secret_key;
        id.host = key.secret_key + ".example.com";
        id.secret = secret;
        requests.push_back(id.request());
    }
    for (const std::string& secret : {key.secret_key, std::string{"another"}})
        for (const Dialect dialect : {Dialect::v1, Dialect::legacy, Dialect::legacy_numeric})
            for (const bool get : {false, true}) {
                V1Client v1;
                v1.speak(dialect);
                if (get)
                    v1.use_get();
                v1.add("Token", "TokenOfX");
                v1.add("LoginSettings.Password", "PassWordOfX");
                v1.add("LoginSettings_Password", "PassWordOfX");
                v1.add("UserData", "UserDataOfX");
                v1.add("A", "is " + key.secret_key + key.secret_key);
                v1.add(key.secret_key, "TokenOfX");
                v1.secret = secret;
                requests.push_back(v1.request());
                v1.pairs = v1.sent;
                requests.push_back(v1.request());
                v1.sort();
                v1.leave_out(key.secret_key);
                requests.push_back(v1.request());
            }
    for (const http::Request& request : requests)
        for (const Key* with : {&temporary, static_cast<const Key*>(nullptr)}) {
            const Explanation e = explained(request, with);
            const std::string text = ascii_lower(document(e)); // values of headers are signed in lower case
            CAPTURE(text);
            CHECK_FALSE(e.signed_by_server.string_to_sign.empty());
            for (const std::string& secret : secrets)
                if (with != nullptr || secret != key.secret_key) // nobody knows that it is a secret
                    CHECK_FALSE(holds(text, ascii_lower(secret)));
        }
}

TEST_CASE("hashes and signature are those of the real text, although the text is shown masked")
{
    Tc3Client get;
    get.get("Password=PassWordOfX");
    get.secret = "TC3another";
    const Explanation e = explained(get.request());
    CHECK(holds(e.signed_by_server.canonical_request, "\nPassword=***\n"));
    CHECK(e.signed_by_server.string_to_sign == get.to_sign());
    CHECK(e.signed_by_server.canonical_request_hash != sha(e.signed_by_server.canonical_request));
    get.secret = "TC3" + key.secret_key;
    CHECK(explained(get.request()).given.signature == e.signed_by_server.signature);
}

TEST_CASE("what is shown is valid UTF-8 and no longer than 16 KiB")
{
    for (const std::string& value : {std::string(20'000, 'x'), std::string(20'000, '\xFF'), std::string(16'000, '\xC3'),
                                     std::string("\xED\xA0\x80\0\x01", 5)}) {
        V1Client v1;
        v1.add("A", value);
        v1.signed_host = "elsewhere.example.com";
        Tc3Client get;
        get.get("A=" + (value.size() < 17'000 ? escaped(value).substr(0, 30'000) : value));
        get.sign_host("elsewhere.example.com");
        for (const http::Request& request : {v1.request(), get.request()}) {
            const Explanation e = explained(request);
            CHECK(e.finding == Finding::no_known_mistake);
            for (const std::string& text : {e.signed_by_server.canonical_request, e.signed_by_server.string_to_sign}) {
                CHECK(text.size() <= 16 * 1024);
                boost::system::error_code ec;
                json::parse(json_text(json::value(text)), ec); // refuses invalid UTF-8
                CHECK_FALSE(ec);
            }
        }
    }
}

TEST_CASE("large and hostile requests are explained in bounded work")
{
    // JSON that grows when it is indented, deeply nested JSON, and a text that is not JSON.
    std::string wide = "[";
    for (int i = 0; i < 30; ++i)
        wide += "[";
    for (int i = 0; i < 60'000; ++i)
        wide += "1,";
    wide += "1" + std::string(31, ']');
    for (const std::string& body :
         {wide, std::string(100'000, '['), std::string(3'000'000, ' '), std::string("\xFF\0", 2),
          std::string{"{\"a\":"}, "{\"a\":\"" + std::string(1'000'000, 'x') + "\"}", std::string{"\"\\ud800\""}}) {
        Tc3Client client;
        client.body = body;
        client.sign_body("another");
        CHECK(explained(client.request()).finding == Finding::no_known_mistake);
        client.sign_body("");
        CHECK(outcome(client.request()) == "known_mistake: payload_empty");
    }
    // Many signed headers.
    Tc3Client headers;
    for (int i = 0; i < 3000; ++i)
        headers.listed += ";x-" + std::to_string(i);
    CHECK(outcome(headers.request()) == "no_known_mistake (too_large_to_compare)");
    // A form with many parameters, or with large ones.
    for (const bool many : {true, false}) {
        V1Client form;
        form.secret = "another";
        if (many)
            for (int i = 0; i < 10'000; ++i)
                form.sent.emplace_back("A." + std::to_string(i), "");
        else
            form.add("A", std::string(70'000, 'x'));
        CHECK(outcome(form.request()) == "no_known_mistake (too_large_to_compare)");
    }
    V1Client below;
    below.secret = "another";
    for (int i = 0; i < 4'000; ++i)
        below.sent.emplace_back("A_" + std::to_string(i), "");
    CHECK(outcome(below.request()) == "no_known_mistake");
}

TEST_CASE("an explanation as JSON has its members and no empty texts")
{
    Tc3Client client;
    client.sign_host("127.0.0.1:443");
    const json::object object = to_json(explained(client.request()));
    std::string members;
    for (const auto& [name, value] : object)
        members += std::string{name} + " ";
    CHECK(members == "finding summary mistakes notes signed given ");
    CHECK(text_of(object, "finding") == "known_mistake");
    const json::object& mistake = object.at("mistakes").as_array().at(0).as_object();
    CHECK(text_of(mistake, "name") == "host_with_port");
    CHECK(mistake.contains("what"));
    CHECK(mistake.contains("advice"));
    const json::object& server = object.at("signed").as_object();
    CHECK(text_of(server, "canonical_request") ==
          "POST\n/\n\ncontent-type:application/json\nhost:127.0.0.1:8213\n\ncontent-type;host\n" + sha(client.body));
    CHECK(text_of(server, "payload_sha256") == sha(client.body));
    CHECK(text_of(server, "canonical_request_sha256") == sha(text_of(server, "canonical_request")));
    CHECK(text_of(server, "scope") == "2026-03-31/cvm/tc3_request");
    CHECK(text_of(server, "string_to_sign") ==
          "TC3-HMAC-SHA256\n1774945800\n2026-03-31/cvm/tc3_request\n" + text_of(server, "canonical_request_sha256"));
    CHECK(text_of(server, "host") == "127.0.0.1:8213");
    const json::object& given = object.at("given").as_object();
    CHECK(text_of(given, "secret_id") == client.credential_id);
    CHECK(text_of(given, "date") == "2026-03-31");
    CHECK(text_of(given, "service") == "cvm");
    CHECK(text_of(given, "signed_headers") == "content-type;host");
    CHECK(given.at("signature").as_string().size() == 64);

    const json::object v1 = to_json(explained(V1Client{}.request()));
    CHECK(v1.at("signed").as_object().size() == 3); // string_to_sign, host, signature
    CHECK(v1.at("given").as_object().size() == 2);
}

TEST_CASE("a pasted request is explained as the one that was received")
{
    Tc3Client client;
    client.sign_type("application/json; charset=utf-8");
    const http::Request sent = client.request();
    std::string text = "POST / HTTP/1.1\n";
    for (const auto& field : sent)
        text += std::string{field.name_string().data(), field.name_string().size()} + ": " +
                std::string{field.value().data(), field.value().size()} + "\n";
    text += "\n" + sent.body();
    const auto pasted = wire::parse_raw_request(text);
    REQUIRE(pasted.has_value());
    CHECK(document(explained(*pasted)) == document(explained(sent)));
    CHECK(outcome(*pasted) == "known_mistake: content_type_charset");

    const auto with_newline = wire::parse_raw_request(text + "\n");
    REQUIRE(with_newline.has_value());
    CHECK(with_newline->body() == sent.body() + "\n");
}
