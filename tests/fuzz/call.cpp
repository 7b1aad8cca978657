#include "server/api/action.hpp"
#include "tests/fuzz/server.hpp"
#include "tests/fuzz/target.hpp"

#include <boost/json.hpp>

namespace cvm::fuzz {

namespace json = boost::json;

namespace {

constexpr std::size_t max_calls = 4;

wire::Dialect dialect_of(std::string_view word)
{
    for (const auto dialect : {wire::Dialect::v1, wire::Dialect::legacy, wire::Dialect::legacy_numeric})
        if (word == to_string(dialect))
            return dialect;
    return wire::Dialect::tc3;
}

// "RenewInstances POST tc3 2017-03-12", followed by the parameters in the next lines. nullopt if they are not an
// object.
std::optional<test::Call> read_call(std::string_view text)
{
    std::string_view line = take_line(text);
    test::Call call;
    call.action = take_word(line);
    call.method = take_word(line) == "GET" ? "GET" : "POST";
    call.dialect = dialect_of(take_word(line));
    if (!line.empty())
        call.version = line;
    boost::system::error_code ec;
    json::parse_options options;
    options.max_depth = 32;
    const json::value params = json::parse({text.data(), text.size()}, ec, {}, options);
    if (ec || !params.is_object())
        return std::nullopt;
    call.params = params.get_object();
    call.params.erase("SignatureMethod"); // would change how the call is signed
    call.params.erase("Signature");
    return call;
}

bool writes(const test::Call& call)
{
    const bool numeric = call.dialect == wire::Dialect::legacy_numeric;
    const api::Action* action = api::find_action(call.action, numeric ? "" : call.version);
    return action == nullptr || action->writes;
}

} // namespace

// A sequence of calls, all correctly signed.
void call(std::string_view input)
{
    test::Emulator* server = nullptr;
    std::int64_t nonce = 1;
    bool changed = false;
    for (const std::string_view part : parts_of(input, max_calls)) {
        auto call = read_call(part);
        if (!call)
            continue;
        call->nonce = nonce++;
        if (server == nullptr)
            server = &fresh_server();
        const std::string code = expect_api_answer(server->send(test::sign(*call, test::test_time)));
        expect(!is_about_signature(code), "what is signed right is not refused for its signature", code);
        changed = changed || (code == "OK" && writes(*call));
    }
    if (changed)
        expect_good_state(*server);
}

} // namespace cvm::fuzz
