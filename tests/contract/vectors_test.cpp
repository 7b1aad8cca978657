#include "server/auth/crypto.hpp"
#include "server/auth/tc3.hpp"
#include "server/auth/v1.hpp"
#include "server/auth/verify.hpp"
#include "server/wire/envelope.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

// Every vector of fixtures/signatures/vectors.json is one row.

namespace json = boost::json;
namespace bhttp = boost::beast::http;

using namespace cvm;

namespace {

constexpr std::string_view tc3_scheme = "TC3-HMAC-SHA256";

const json::array& vectors()
{
    static const json::value file = [] {
        std::ifstream in{CVM_SOURCE_DIR "/fixtures/signatures/vectors.json"};
        return json::parse(std::string{std::istreambuf_iterator<char>{in}, {}});
    }();
    return file.at("vectors").as_array();
}

std::string text(const json::value& v, std::string_view name) { return std::string{v.at(name).as_string()}; }
std::string id_of(const json::value& v) { return text(v, "id"); }
bool is_tc3(const json::value& v) { return text(v, "scheme") == tc3_scheme; }
bool is_sha256(const json::value& v) { return text(v, "scheme").ends_with("HmacSHA256"); }

std::string percent_encoded(std::string_view value)
{
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : value) {
        if (plain.find(c) != std::string_view::npos) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
    return out;
}

// --- the steps ---

wire::Form form_of(const json::value& vector)
{
    wire::Form form;
    for (const auto& [name, value] : vector.at("request").at("params").as_object())
        form.emplace(name, value.as_string());
    return form;
}

void check_tc3_steps(const json::value& vector)
{
    const json::value& request = vector.at("request");
    std::vector<auth::SignedHeader> headers;
    for (const json::value& header : request.at("signed_headers").as_array())
        headers.emplace_back(header.as_array().at(0).as_string(), header.as_array().at(1).as_string());
    const std::string date = text(request, "date");
    const std::string service = text(request, "service");
    const std::int64_t timestamp = request.at("timestamp").as_int64();

    const std::string hashed_payload = auth::hex(auth::sha256(text(request, "body")));
    const std::string canonical =
        auth::tc3_canonical_request(text(request, "method"), text(request, "query"), headers, hashed_payload);
    const std::string to_sign = auth::tc3_string_to_sign(timestamp, date, service, canonical);
    const auth::Tc3Keys keys = auth::tc3_keys(text(vector, "secret_key"), date, service);

    CHECK(auth::utc_date(std::chrono::sys_seconds{std::chrono::seconds{timestamp}}) == date);
    CHECK(hashed_payload == text(vector, "hashed_payload"));
    CHECK(canonical == text(vector, "canonical_request"));
    CHECK(auth::hex(auth::sha256(canonical)) == text(vector, "hashed_canonical_request"));
    CHECK(to_sign == text(vector, "string_to_sign"));
    CHECK(auth::hex(keys.date) == text(vector.at("derived_keys"), "date"));
    CHECK(auth::hex(keys.service) == text(vector.at("derived_keys"), "service"));
    CHECK(auth::hex(keys.signing) == text(vector.at("derived_keys"), "signing"));
    CHECK((auth::tc3_signature(keys.signing, to_sign) == text(vector, "signature")) == vector.at("verified").as_bool());
}

void check_parameter_steps(const json::value& vector)
{
    const json::value& request = vector.at("request");
    const std::string to_sign =
        auth::v1_string_to_sign(text(request, "method"), text(request, "host"), text(request, "path"), form_of(vector),
                                auth::Underscore::stays);
    CHECK(to_sign == text(vector, "string_to_sign"));
    CHECK((auth::v1_signature(text(vector, "secret_key"), to_sign, is_sha256(vector)) == text(vector, "signature")) ==
          vector.at("verified").as_bool());
}

// --- the whole ---

// The request as it was sent. Headers that the vector lacks and that were not signed are those of a client of
// DescribeInstances.
http::Request tc3_request(const json::value& vector)
{
    const json::value& given = vector.at("request");
    const std::string query = text(given, "query");
    http::Request request{bhttp::string_to_verb(text(given, "method")), query.empty() ? "/" : "/?" + query, 11};
    request.body() = text(given, "body");
    request.set("X-TC-Action", "DescribeInstances");
    request.set("X-TC-Version", "2017-03-12");
    for (const json::value& header : given.at("signed_headers").as_array())
        request.set(std::string{header.as_array().at(0).as_string()}, std::string{header.as_array().at(1).as_string()});
    for (const auto& [name, value] : given.at("headers").as_object())
        request.set(std::string{name}, std::string{value.as_string()});
    request.set("X-TC-Timestamp", std::to_string(given.at("timestamp").as_int64()));
    request.set("Authorization", text(vector, "authorization"));
    return request;
}

http::Request parameter_request(const json::value& vector)
{
    const json::value& given = vector.at("request");
    std::string parameters;
    for (const auto& [name, value] : given.at("params").as_object())
        parameters += percent_encoded(name) + "=" + percent_encoded(value.as_string()) + "&";
    parameters += "Signature=" + percent_encoded(text(vector, "signature"));
    if (const auto* sent = given.as_object().if_contains("wire_body"))
        parameters = sent->as_string();

    const bool get = text(given, "method") == "GET";
    http::Request request{get ? bhttp::verb::get : bhttp::verb::post,
                          text(given, "path") + (get ? "?" + parameters : ""), 11};
    request.set("Host", text(given, "host"));
    request.set("Content-Type", "application/x-www-form-urlencoded");
    if (!get)
        request.body() = parameters;
    return request;
}

// If a token was sent, it is treated as correct: the vectors are about signatures.
auth::Key key_of(const json::value& vector)
{
    auth::Key key{.secret_key = text(vector, "secret_key"), .token = {}, .expires_at = {}};
    if (is_tc3(vector))
        if (const auto* token = vector.at("request").at("headers").as_object().if_contains("X-TC-Token"))
            key.token = token->as_string();
    return key;
}

std::string refusal_of(const json::value& vector, const http::Request& request, const auth::Key& key)
{
    const auto envelope = wire::open_envelope(request, wire::response_format_of(request).dialect);
    if (!envelope)
        return "not opened: " + message(envelope.error(), Language::english);
    const auto claim = auth::read_claim(*envelope);
    if (!claim)
        return "no claim: " + message(claim.error(), Language::english);
    CHECK(claim->secret_id ==
          (is_tc3(vector) ? text(vector, "secret_id") : text(vector.at("request").at("params"), "SecretId")));
    const std::chrono::sys_seconds then{std::chrono::seconds{envelope->timestamp}};
    auth::SigningKeys signing_keys;
    const auth::Verdict verdict = auth::verify(*envelope, *claim, request, &key, signing_keys, then);
    return verdict.refusal ? std::string{code_of(verdict.refusal->code)} : "none";
}

http::Request request_of(const json::value& vector)
{
    return is_tc3(vector) ? tc3_request(vector) : parameter_request(vector);
}

} // namespace

TEST_CASE("the vectors are well formed and hold every scheme")
{
    const std::set<std::string> kinds{"published", "third-party", "captured-sdk", "synthetic"};
    std::set<std::string> ids;
    std::set<std::string> verified_schemes;
    for (const json::value& vector : vectors()) {
        CAPTURE(id_of(vector));
        CHECK(ids.insert(id_of(vector)).second);
        CHECK(kinds.contains(text(vector, "kind")));
        CHECK_FALSE(text(vector, "source").empty());
        CHECK(vector.at("verified").as_bool() != vector.as_object().contains("reason"));
        if (vector.at("verified").as_bool())
            verified_schemes.insert(text(vector, "scheme"));
    }
    CHECK(verified_schemes == std::set<std::string>{"TC3-HMAC-SHA256", "legacy-v2-HmacSHA1", "legacy-v2-HmacSHA256",
                                                    "v1-HmacSHA1", "v1-HmacSHA256"});
}

TEST_CASE("every step of every vector comes out as it is written and the signature exactly where it is verified")
{
    REQUIRE_FALSE(vectors().empty());
    for (const json::value& vector : vectors()) {
        CAPTURE(id_of(vector));
        if (is_tc3(vector))
            check_tc3_steps(vector);
        else
            check_parameter_steps(vector);
    }
}

TEST_CASE("a vector that is not verified is refused as a request too")
{
    int count = 0;
    for (const json::value& vector : vectors()) {
        if (vector.at("verified").as_bool())
            continue;
        CAPTURE(id_of(vector));
        CHECK(refusal_of(vector, request_of(vector), key_of(vector)) == "AuthFailure.SignatureFailure");
        ++count;
    }
    CHECK(count == 2);
}

TEST_CASE("no vector is accepted under another key")
{
    for (const json::value& vector : vectors()) {
        CAPTURE(id_of(vector));
        auth::Key key = key_of(vector);
        key.secret_key += "x";
        CHECK(refusal_of(vector, request_of(vector), key) == "AuthFailure.SignatureFailure");
    }
}

TEST_CASE("a verified vector is a good request at the moment it was made for")
{
    for (const json::value& vector : vectors()) {
        if (!vector.at("verified").as_bool())
            continue;
        CAPTURE(id_of(vector));
        CHECK(refusal_of(vector, request_of(vector), key_of(vector)) == "none");
    }
}
