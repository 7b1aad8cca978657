#include "server/auth/explain/explain.hpp"

#include "server/wire/raw_request.hpp"
#include "tests/fuzz/server.hpp"
#include "tests/fuzz/target.hpp"

#include <boost/json.hpp>

#include <optional>

namespace cvm::fuzz {

namespace json = boost::json;

namespace {

const test::Call known{};

// Whether the signature of a request is correct, apart from its time and token; nullopt: it cannot be decided.
std::optional<bool> is_right(std::string_view text)
{
    const auto raw = wire::parse_raw_request(text);
    if (!raw)
        return std::nullopt;
    const auto envelope = wire::open_envelope(*raw, wire::response_format_of(*raw).dialect);
    if (!envelope)
        return std::nullopt;
    const auto claim = auth::read_claim(*envelope);
    if (!claim || claim->secret_id != known.secret_id)
        return std::nullopt;
    if (envelope->timestamp < 0 || envelope->timestamp > state::latest.time_since_epoch().count())
        return std::nullopt;
    auth::SigningKeys keys;
    const auth::Key key{known.secret_key, "", std::nullopt};
    const state::Instant signed_at{std::chrono::seconds{envelope->timestamp}};
    const auth::Verdict verdict = auth::verify(*envelope, *claim, *raw, &key, keys, signed_at);
    return !verdict.refusal || verdict.refusal->code == Errc::auth_failure_token_failure;
}

} // namespace

// A request pasted into the signature debugger. The debugger must agree with verify() and must not reveal secrets.
void explain(std::string_view input)
{
    static test::Emulator& server = fresh_server();
    const http::Response answer = expect_control_answer(server, "POST", "/_emulator/signatures/explain", input);
    expect(answer.result_int() == 200 || answer.result_int() == 400, "it explains or refuses");
    if (input.find(known.secret_key) == std::string_view::npos)
        expect(answer.body().find(known.secret_key) == std::string::npos, "no secret is told", answer.body());
    if (const auto right = is_right(input)) {
        const json::value told = json::parse(answer.body());
        expect((told.at("finding").as_string() == "correct") == *right, "it agrees with the check of calls",
               answer.body());
    }
}

} // namespace cvm::fuzz
