#include "tests/support/http/server_fixture.hpp"

#include "server/http/listener.hpp"
#include "tests/support/emulator.hpp"
#include "tests/support/http/server_thread.hpp"

#include <boost/beast/http/write.hpp>
#include <doctest/doctest.h>

#include <sstream>
#include <utility>

namespace cvm::http::test {

struct Served::Impl {
    Impl(control::Guard guard, const std::string& admin_token, control::ConsoleMode console)
        : app{services(std::move(guard), admin_token, console), emulator.catalog, emulator.ids, emulator.log},
          server{thread.io(), app, {}, [](Importance, std::string_view) {}, nullptr, &emulator.figures.connections}
    {
        emulator.ids.counting = true;
        port = server.listen("127.0.0.1", 0).port();
        thread.start();
    }

    ~Impl()
    {
        thread.stop([this] { server.stop_now(); });
    }

    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    control::Services services(control::Guard guard, const std::string& admin_token, control::ConsoleMode console)
    {
        control::Services services = emulator.services(emulator.store);
        services.guard = std::move(guard);
        services.admin_token = admin_token;
        services.console = console;
        return services;
    }

    cvm::test::Emulator emulator;
    App app;
    ServerThread thread;
    Server server;
    std::uint16_t port = 0;
};

Served::Served(control::Guard guard, const std::string& admin_token, control::ConsoleMode console)
    : impl_{std::make_unique<Impl>(std::move(guard), admin_token, console)}
{
}

Served::~Served() = default;

std::uint16_t Served::port() const { return impl_->port; }

std::string Served::host() const { return "127.0.0.1:" + std::to_string(port()); }

void Served::set_real_time(state::Instant now)
{
    impl_->thread.run([&] { impl_->emulator.wall.set(now); });
}

std::string Served::text_of(Request request)
{
    request.prepare_payload();
    std::ostringstream text;
    text << request;
    return text.str();
}

std::string Served::text_of(Call call) const
{
    call.host = host();
    return text_of(cvm::test::sign(call, cvm::test::test_time));
}

json::value Served::control(std::string_view method, std::string_view target, std::string_view body, int status,
                            std::string_view fields) const
{
    const Answer answer = Client{port()}.exchange(control_text(method, target, body, fields));
    INFO(method, " ", target, " ", body, " -> ", answer.body);
    CHECK(answer.status == status);
    CHECK(answer.field("Content-Type") == "application/json");
    return json::parse(answer.body);
}

std::string Served::control_text(std::string_view method, std::string_view target, std::string_view body,
                                 std::string_view fields) const
{
    return std::string{method} + " " + std::string{target} + " HTTP/1.1\r\nHost: " + host() +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + std::string{fields} + "\r\n" +
           std::string{body};
}

std::string Served::problem(std::string_view method, std::string_view target, std::string_view body, int status) const
{
    return std::string{control(method, target, body, status).at("error").as_string()};
}

Answer Served::send(const Call& call) const { return Client{port()}.exchange(text_of(call)); }

json::object Served::response(const Call& call) const
{
    return json::parse(send(call).body).at("Response").as_object();
}

std::string Served::code(const Call& call) const
{
    const json::object answer = response(call);
    const auto* problem = answer.if_contains("Error");
    return problem != nullptr ? std::string{problem->at("Code").as_string()} : "OK";
}

json::object Served::make_account(std::string_view body) const
{
    return control("POST", "/_emulator/accounts", body).as_object();
}

std::string text(const json::value& value)
{
    return value.is_string() ? std::string{value.get_string()} : json::serialize(value);
}

Call by(const json::object& account, std::string action, json::object params)
{
    return {.action = std::move(action),
            .params = std::move(params),
            .secret_id = text(account.at("SecretId")),
            .secret_key = text(account.at("SecretKey"))};
}

json::object renewal(std::string_view id, int months)
{
    return {{"InstanceIds", json::array{id}}, {"InstanceChargePrepaid", json::object{{"Period", months}}}};
}

} // namespace cvm::http::test
