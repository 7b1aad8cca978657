#include "server/auth/crypto.hpp"
#include "server/auth/inputs.hpp"
#include "server/auth/tc3.hpp"
#include "server/auth/v1.hpp"
#include "server/http/request_reader.hpp"
#include "tests/fuzz/server.hpp"
#include "tests/fuzz/target.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace cvm::fuzz {

namespace bhttp = boost::beast::http;

namespace {

constexpr std::size_t header_bytes = 64 * 1024;

const test::Call right{};
constexpr auto wrong_key = "notthekeyEXAMPLE";

// What a connection reads: requests, and why it stops reading.
struct Read {
    std::vector<http::Request> requests{};
    std::optional<http::Refusal> refusal{};
    http::RequestHeader refused{};
};

// `piece`: the number of bytes that arrive at once.
Read read(http::Service& service, std::string_view bytes, std::size_t piece)
{
    using State = http::RequestReader::State;
    http::RequestReader reader{service, header_bytes};
    Read found;
    while (!bytes.empty() && reader.state() != State::refused) {
        const auto space = reader.space();
        const std::size_t size = std::min({piece, bytes.size(), space.size()});
        std::copy_n(bytes.data(), size, static_cast<char*>(space.data()));
        bytes.remove_prefix(size);
        reader.received(size);
        for (; reader.state() == State::complete; reader.next())
            found.requests.push_back(reader.request());
    }
    if (reader.state() == State::refused) {
        found.refusal = reader.refusal();
        found.refused = reader.refused_header();
    }
    return found;
}

std::string text_of(const http::Request& request)
{
    std::string text = std::string{request.method_string()} + " " + std::string{request.target()};
    for (const auto& field : request)
        text += "\n" + std::string{field.name_string()} + ": " + std::string{field.value()};
    return text + "\n\n" + request.body();
}

bool is_call(const http::Request& request)
{
    const auto path = wire::split_target({request.target().data(), request.target().size()}).path;
    return (path == wire::api_path || path == wire::legacy_path) &&
           (request.method() == bhttp::verb::get || request.method() == bhttp::verb::post);
}

// Signs a request again in its headers, as a correct client does.
void sign_tc3(http::Request& request, std::string_view key)
{
    const std::int64_t timestamp = test::test_time.time_since_epoch().count();
    const std::string date = auth::utc_date(test::test_time);
    request.set("X-TC-Timestamp", std::to_string(timestamp));
    request.erase("X-TC-Token");
    const bool get = request.method() == bhttp::verb::get;
    const std::string body = auth::header(request, "X-TC-Content-SHA256") == auth::unsigned_payload
                                 ? std::string{auth::unsigned_payload}
                             : get ? std::string{}
                                   : request.body();
    const auto query = wire::split_target({request.target().data(), request.target().size()}).query;
    const auto canonical = auth::tc3_canonical_request(
        std::string{request.method_string()}, get ? query : std::string_view{},
        {{"content-type", auth::header(request, "Content-Type")}, {"host", auth::header(request, "Host")}},
        auth::hex(auth::sha256(body)));
    const auto signature = auth::tc3_signature(auth::tc3_keys(key, date, right.service).signing,
                                               auth::tc3_string_to_sign(timestamp, date, right.service, canonical));
    request.set("Authorization", "TC3-HMAC-SHA256 Credential=" + right.secret_id + "/" +
                                     auth::tc3_scope(date, right.service) +
                                     ", SignedHeaders=content-type;host, Signature=" + signature);
}

// The same for a signature among the parameters. False if the parameters cannot be parsed.
bool sign_v1(http::Request& request, std::string_view key, int nonce)
{
    const wire::Target target = wire::split_target({request.target().data(), request.target().size()});
    const bool get = request.method() == bhttp::verb::get;
    auto form = wire::parse_form(get ? target.query : std::string_view{request.body()});
    if (!form)
        return false;
    (*form)["Timestamp"] = std::to_string(test::test_time.time_since_epoch().count());
    (*form)["Nonce"] = std::to_string(nonce);
    (*form)["SecretId"] = right.secret_id;
    form->erase("Signature");
    form->erase("Token");
    const std::string path{target.path};
    const auto method = form->find("SignatureMethod");
    (*form)["Signature"] =
        auth::v1_signature(key,
                           auth::v1_string_to_sign(std::string{request.method_string()}, auth::header(request, "Host"),
                                                   path, *form, auth::Underscore::stays),
                           method != form->end() && method->second == "HmacSHA256");
    std::string text;
    for (const auto& [name, value] : *form)
        text += (text.empty() ? "" : "&") + wire::percent_encoded(name) + "=" + wire::percent_encoded(value);
    if (get)
        request.target(path + "?" + text);
    else
        request.body() = text;
    return true;
}

bool sign(http::Request& request, std::string_view key, int nonce)
{
    const bool in_header = wire::response_format_of(request).dialect == wire::Dialect::tc3;
    if (in_header)
        sign_tc3(request, key);
    return in_header || sign_v1(request, key, nonce);
}

// The code in the answer to a request; empty if a browser gets the hint for people.
std::string code_of(test::Emulator& server, const http::Request& request)
{
    const http::Response answer = server.send(request);
    if (answer[bhttp::field::content_type] != "application/json")
        return {};
    return expect_api_answer(answer, request.find("X-Emulator-Force-Error") != request.end());
}

void check_call(test::Emulator& server, const http::Request& came, int nonce)
{
    expect(code_of(server, came) != "OK", "what is signed wrong is refused", text_of(came));

    http::Request wrong = came;
    if (!sign(wrong, wrong_key, nonce))
        return;
    const std::string refused = code_of(server, wrong);
    expect(refused != "OK", "what is signed with another key is refused", text_of(wrong));

    http::Request good = came;
    sign(good, right.secret_key, nonce);
    const std::string accepted = code_of(server, good);
    const bool forced = came.find("X-Emulator-Force-Error") != came.end();
    expect(forced || !is_about_signature(accepted), "what is signed right is not refused for its signature",
           accepted + "\n" + text_of(good));
    // After the common parameters, the signature is checked first.
    expect(accepted == refused || is_about_signature(refused) || refused.empty(),
           "what is signed with another key is refused for its signature", refused + "\n" + text_of(wrong));
}

} // namespace

// The bytes of a connection: unchanged, signed with a wrong key, and signed correctly. The result does not depend on
// how the bytes are split. No input has a correct signature: stored inputs are signed with another key.
void request(std::string_view input)
{
    test::Emulator& server = fresh_server();
    const Read whole = read(server.app, input, std::string_view::npos);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}}) {
        const Read pieces = read(server.app, input, piece);
        // A problem in a header that arrives in pieces is detected only when the header is complete.
        expect(pieces.refusal == whole.refusal || (whole.refusal == http::Refusal::malformed && !pieces.refusal),
               "it is refused alike in pieces");
        expect(std::ranges::equal(pieces.requests, whole.requests, {}, text_of, text_of), "it is read alike in pieces");
    }
    int nonce = 1;
    for (const http::Request& request : whole.requests)
        if (is_call(request))
            check_call(server, request, nonce++);
        else
            server.send(request);
    if (whole.refusal)
        expect_json(server.app.refuse(*whole.refusal, whole.refused).body());
}

} // namespace cvm::fuzz
