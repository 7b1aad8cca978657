#pragma once

#include "server/base/error.hpp"
#include "server/http/message.hpp"

#include <string_view>

namespace cvm::wire {

// Parses an HTTP/1.1 request as it is pasted from a log or from `curl -v`: request line, headers, blank line, body.
// Lines of the head end with LF or CRLF and may begin with the "> " of curl. The body ends where Content-Length says,
// and only line breaks may follow; without Content-Length it is the rest of the text. Refuses anything else with
// InvalidParameter and a text that says where the problem is and repeats no value.
Result<http::Request> parse_raw_request(std::string_view text);

} // namespace cvm::wire
