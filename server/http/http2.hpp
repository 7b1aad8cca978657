#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Just enough of HTTP/2 (RFC 9113) to tell a client that starts with it that this server speaks HTTP/1.1.

namespace cvm::http {

// The connection preface of a client that assumes HTTP/2 from the start (RFC 9113 section 3.4).
inline constexpr std::string_view http2_preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

// Whether the received bytes begin with the preface or with a part of it that includes its first line.
bool begins_http2(std::string_view received);

// The stream of the first request in the received bytes, which include the preface; nullopt if it has not arrived yet.
std::optional<std::uint32_t> http2_stream(std::string_view received);

// The answer: settings, status 505 with `body`, a JSON text of less than 16 KiB, on that stream, and the end of the
// connection (GOAWAY, HTTP_1_1_REQUIRED).
std::string http2_answer(std::uint32_t stream, std::string_view body);

} // namespace cvm::http
