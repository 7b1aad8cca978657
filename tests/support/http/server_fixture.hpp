#pragma once

#include "server/control/console.hpp"
#include "server/control/guard.hpp"
#include "server/http/message.hpp"
#include "tests/support/call.hpp"
#include "tests/support/http/client.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

// The whole server behind a real socket, as seen by a client on another machine. Its real clock is stopped at
// test_time, and its RequestIds are consecutive.

namespace cvm::http::test {

namespace json = boost::json;
using cvm::test::Call;

class Served {
public:
    explicit Served(control::Guard guard = {}, const std::string& admin_token = {},
                    control::ConsoleMode console = control::ConsoleMode::on);
    ~Served();
    Served(const Served&) = delete;
    Served& operator=(const Served&) = delete;

    std::uint16_t port() const;
    std::string host() const;

    // Sets the server's real clock, on the server's thread.
    void set_real_time(state::Instant now);

    // The bytes of a request.
    static std::string text_of(Request request);

    // The bytes of a call as a correct client sends it.
    std::string text_of(Call call) const;

    // A request to the control API; `fields` are whole lines. Fails the test if the status is not `status`.
    json::value control(std::string_view method, std::string_view target, std::string_view body = {}, int status = 200,
                        std::string_view fields = {}) const;

    std::string control_text(std::string_view method, std::string_view target, std::string_view body = {},
                             std::string_view fields = {}) const;

    // The text of a refusal.
    std::string problem(std::string_view method, std::string_view target, std::string_view body, int status) const;

    Answer send(const Call& call) const;

    // The members of Response.
    json::object response(const Call& call) const;

    // Error.Code, or "OK".
    std::string code(const Call& call) const;

    // A key pair of a newly created account.
    json::object make_account(std::string_view body = "{}") const;

private:
    struct Impl;

    std::unique_ptr<Impl> impl_;
};

std::string text(const json::value& value);

// A call signed by an account from make_account().
Call by(const json::object& account, std::string action, json::object params = {});

json::object renewal(std::string_view id, int months = 1);

} // namespace cvm::http::test
