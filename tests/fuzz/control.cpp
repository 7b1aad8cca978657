#include "tests/fuzz/server.hpp"
#include "tests/fuzz/target.hpp"

#include <boost/json.hpp>

namespace cvm::fuzz {

namespace json = boost::json;

namespace {

constexpr std::size_t max_requests = 6;

// "RenewInstances", followed by its parameters: a correctly signed call.
void call_api(test::Emulator& server, std::string_view action, std::string_view body)
{
    boost::system::error_code ec;
    const json::value params = json::parse({body.data(), body.size()}, ec);
    if (ec || !params.is_object())
        return;
    const http::Reply reply =
        server.reply(test::sign({.action = std::string{action}, .params = params.get_object()}, test::test_time));
    const bool by_rule = reply.response.find("X-Emulator-Fault") != reply.response.end();
    if (!reply.delivery.drop && !(by_rule && reply.response.result_int() != 200))
        expect_api_answer(reply.response, by_rule);
}

} // namespace

// A sequence of requests to the control API: "POST /_emulator/clock", followed by the body in the next lines. "CALL
// RenewInstances" is a call of the API.
void control(std::string_view input)
{
    test::Emulator& server = fresh_server();
    bool changed = false;
    for (const std::string_view part : parts_of(input, max_requests)) {
        std::string_view body = part;
        std::string_view target = take_line(body);
        const std::string_view method = take_word(target);
        if (method == "CALL")
            call_api(server, target, body);
        else if (cvm::control::owns(wire::split_target(target).path))
            expect_control_answer(server, method, target, body);
        changed = changed || method != "GET";
    }
    if (changed)
        expect_good_state(server);
}

} // namespace cvm::fuzz
