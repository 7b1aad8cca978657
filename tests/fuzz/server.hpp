#pragma once

#include "server/base/error.hpp"
#include "server/http/message.hpp"
#include "tests/support/emulator.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace cvm::fuzz {

// The server shared by all inputs of a process, reset to fixture.json: an input must give the same answers alone as
// after others.
test::Emulator& fresh_server();

// Checks that the error can be rendered in both languages and all dialects.
void expect_told(const Error& error);

// Whether a call is refused for its signature.
bool is_about_signature(std::string_view code) noexcept;

// Parses a text that must be JSON.
boost::json::value expect_json(const std::string& text);

// Checks an answer of the API, whatever it says: its status, its form and that it is not an internal error, unless an
// error was requested (`may_break`). Nothing in the fixture causes the codes of internal errors. Returns the code, "OK"
// for a success.
std::string expect_api_answer(const http::Response& response, bool may_break = false);

// Sends a request to the control API and checks the answer: not 500, and JSON if it is a refusal. A request that waits
// is handled again as if its time were over.
http::Response expect_control_answer(test::Emulator& server, std::string_view method, std::string_view target,
                                     std::string_view body);

// Checks that the books of all accounts agree, and that the server accepts its own export.
void expect_good_state(test::Emulator& server);

} // namespace cvm::fuzz
