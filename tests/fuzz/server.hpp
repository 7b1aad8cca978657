#pragma once

#include "server/base/error.hpp"
#include "server/http/message.hpp"
#include "tests/support/emulator.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace cvm::fuzz {

// The server that all inputs of a process share, as if it had just been started with fixture.json: one input must give
// the same answers alone as after others.
test::Emulator& fresh_server();

// A refusal can be told in both languages and all dialects.
void expect_told(const Error& error);

// Whether a call is refused for its signature.
bool is_about_signature(std::string_view code) noexcept;

// Parses what must be JSON.
boost::json::value expect_json(const std::string& text);

// An answer of the API, whatever it says: its status, its form and, unless somebody asked for an error (`may_break`),
// that nothing broke. Nothing in the fixture asks for the codes of a server that breaks. Returns the code, "OK" for a
// success.
std::string expect_api_answer(const http::Response& response, bool may_break = false);

// A request to the control surface and its answer, as a whole, which must not be 500, and JSON where it refuses. One
// that waits is asked again as if its time were over.
http::Response expect_control_answer(test::Emulator& server, std::string_view method, std::string_view target,
                                     std::string_view body);

// The books of all accounts agree, and the server accepts what it exports.
void expect_good_state(test::Emulator& server);

} // namespace cvm::fuzz
