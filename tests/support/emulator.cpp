#include "tests/support/emulator.hpp"

#include <stdexcept>

namespace cvm::test {

namespace json = boost::json;
namespace bhttp = boost::beast::http;

Emulator::Emulator(Fixtures given, state::Instant now)
    : wall{now}, fixtures{std::move(given)}, figures{.started = now}, app{services(store), catalog, ids, log}
{
    replace_all(store, fixtures.accounts(now));
}

control::Services Emulator::services(state::Store& of)
{
    return {.store = of,
            .fixtures = fixtures,
            .wall = wall,
            .journal = journal,
            .faults = faults,
            .nonces = nonces,
            .signing_keys = signing_keys,
            .random = random,
            .figures = figures,
            .events = events,
            .admin_token = {},
            .identity = &identity};
}

http::Request control_request(std::string_view method, std::string_view target, std::string_view body)
{
    http::Request request{bhttp::string_to_verb({method.data(), method.size()}), {target.data(), target.size()}, 11};
    request.body() = body;
    return request;
}

http::Reply whole(http::Reply reply)
{
    if (const auto live = std::move(reply.live))
        reply.response.body() = live->next(false).value_or("");
    if (const auto pieces = std::move(reply.body))
        for (std::string piece = pieces->next(); !piece.empty(); piece = pieces->next())
            reply.response.body() += piece;
    return reply;
}

std::string Emulator::call(const Call& call)
{
    const http::Response response = send(sign(call, wall.now()));
    if (response.result() != bhttp::status::ok)
        throw std::runtime_error{"status " + std::to_string(response.result_int())};
    return response.body();
}

json::object Emulator::response(const Call& call) { return json::parse(this->call(call)).at("Response").as_object(); }

std::string Emulator::code(const Call& call)
{
    const json::object answer = response(call);
    const auto* problem = answer.if_contains("Error");
    return problem != nullptr ? std::string{problem->at("Code").as_string()} : "OK";
}

json::value Emulator::control(std::string_view method, std::string_view target, std::string_view body, unsigned status)
{
    const http::Response response = send(control_request(method, target, body));
    if (response.result_int() != status)
        throw std::runtime_error{std::string{target} + ": status " + std::to_string(response.result_int()) + ": " +
                                 response.body()};
    return json::parse(response.body());
}

json::object Emulator::instance(std::string_view id)
{
    const json::value document = state();
    for (const json::value& account : document.at("accounts").as_array())
        for (const json::value& instance : account.at("Instances").as_array())
            if (instance.at("InstanceId").as_string() == id)
                return instance.as_object();
    throw std::runtime_error{"no instance " + std::string{id}};
}

} // namespace cvm::test
