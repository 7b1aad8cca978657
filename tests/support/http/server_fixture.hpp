#pragma once

#include "tests/support/emulator.hpp"
#include "tests/support/http/http_fixture.hpp"

#include <boost/beast/http/write.hpp>
#include <boost/json.hpp>

#include <sstream>

// The whole server behind a real socket: what a client on another machine would meet. Its real clock stands still at
// test_time, and its RequestIds count.

namespace cvm::http::test {

namespace json = boost::json;
using cvm::test::Call;

class Served {
public:
    explicit Served(control::Guard guard = {}, const std::string& admin_token = {})
        : app_{services(std::move(guard), admin_token), emulator_.catalog, emulator_.ids, emulator_.log},
          server_{io_, app_, {}, [](std::string_view) {}}
    {
        emulator_.ids.counting = true;
        port_ = server_.listen("127.0.0.1", 0).port();
        auto returned = std::make_unique<std::promise<void>>();
        returned_ = returned->get_future();
        thread_ = std::thread{[this, returned = std::move(returned)] {
            io_.run();
            returned->set_value();
        }};
    }

    ~Served()
    {
        boost::asio::post(io_, [this] { server_.stop_now(); });
        if (returned_.wait_for(patience) != std::future_status::ready)
            io_.stop();
        thread_.join();
    }

    Served(const Served&) = delete;
    Served& operator=(const Served&) = delete;

    std::uint16_t port() const { return port_; }

    // Runs `change` on the server's thread and waits for it: for its clock.
    void on_server(const std::function<void(cvm::test::Emulator&)>& change)
    {
        std::promise<void> done;
        boost::asio::post(io_, [&] {
            change(emulator_);
            done.set_value();
        });
        done.get_future().wait();
    }

    std::string host() const { return "127.0.0.1:" + std::to_string(port_); }

    // The bytes of a request.
    static std::string text_of(Request request)
    {
        request.prepare_payload();
        std::ostringstream text;
        text << request;
        return text.str();
    }

    // The bytes of a call as a correct client sends it.
    std::string text_of(Call call) const
    {
        call.host = host();
        return text_of(cvm::test::sign(call, cvm::test::test_time));
    }

    // A request to the control surface; `fields` are whole lines. Fails the test if the status is not `status`.
    json::value control(std::string_view method, std::string_view target, std::string_view body = {}, int status = 200,
                        std::string_view fields = {}) const
    {
        const Answer answer = Client{port_}.exchange(control_text(method, target, body, fields));
        INFO(method, " ", target, " ", body, " -> ", answer.body);
        CHECK(answer.status == status);
        CHECK(answer.field("Content-Type") == "application/json");
        return json::parse(answer.body);
    }

    std::string control_text(std::string_view method, std::string_view target, std::string_view body = {},
                             std::string_view fields = {}) const
    {
        return std::string{method} + " " + std::string{target} + " HTTP/1.1\r\nHost: " + host() +
               "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + std::string{fields} + "\r\n" +
               std::string{body};
    }

    // The text of a refusal.
    std::string problem(std::string_view method, std::string_view target, std::string_view body, int status) const
    {
        return std::string{control(method, target, body, status).at("error").as_string()};
    }

    Answer send(const Call& call) const { return Client{port_}.exchange(text_of(call)); }

    // The members of Response.
    json::object response(const Call& call) const { return json::parse(send(call).body).at("Response").as_object(); }

    // Error.Code, or "OK".
    std::string code(const Call& call) const
    {
        const json::object answer = response(call);
        const auto* problem = answer.if_contains("Error");
        return problem != nullptr ? std::string{problem->at("Code").as_string()} : "OK";
    }

    // A key pair of an account of its own.
    json::object make_account(std::string_view body = "{}") const
    {
        return control("POST", "/_emulator/accounts", body).as_object();
    }

private:
    control::Services services(control::Guard guard, const std::string& admin_token)
    {
        control::Services services = emulator_.services(emulator_.store);
        services.guard = std::move(guard);
        services.admin_token = admin_token;
        return services;
    }

    boost::asio::io_context io_{1};
    cvm::test::Emulator emulator_;
    App app_;
    Server server_;
    std::uint16_t port_ = 0;
    std::future<void> returned_;
    std::thread thread_;
};

inline std::string text(const json::value& value)
{
    return value.is_string() ? std::string{value.get_string()} : json::serialize(value);
}

// A call signed by an account that was made.
inline Call by(const json::object& account, std::string action, json::object params = {})
{
    return {.action = std::move(action),
            .params = std::move(params),
            .secret_id = text(account.at("SecretId")),
            .secret_key = text(account.at("SecretKey"))};
}

inline json::object renewal(std::string_view id, int months = 1)
{
    return {{"InstanceIds", json::array{id}}, {"InstanceChargePrepaid", json::object{{"Period", months}}}};
}

} // namespace cvm::http::test
