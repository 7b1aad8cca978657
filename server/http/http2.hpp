#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Just enough of HTTP/2 (RFC 9113) to tell a client that begins with it that HTTP/1.1 is spoken here.

namespace cvm::http {

// What a client sends first that knows beforehand that the server speaks HTTP/2 (RFC 9113 section 3.4).
inline constexpr std::string_view http2_preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

// Whether what has been received is the preface and perhaps more, or the beginning of it, at least its first line.
bool begins_http2(std::string_view received);

// The stream of the first request in what the client has sent, preface included; nullopt if it has not come yet.
std::optional<std::uint32_t> http2_stream(std::string_view received);

// What answers it: settings, status 505 with `body`, a JSON text of less than 16 KiB, on that stream, and the end of
// the connection (GOAWAY, HTTP_1_1_REQUIRED).
std::string http2_answer(std::uint32_t stream, std::string_view body);

} // namespace cvm::http
