#pragma once

#include "server/control/packed.hpp"
#include "server/http/message.hpp"

#include <string_view>

// The console: a web page at /_emulator/, whose files are in the binary.

namespace cvm::control {

enum class ConsoleMode {
    on,
    read_only, // browsers may look, not change
    off,
};

// Whether the path is the page's, or a file's, or leads there.
bool is_console(std::string_view path) noexcept;

// The page or a file, packed if the client takes that, or nothing if the client has it; a redirection to the page; or a
// refusal. The path must be one of the console.
http::Response console_response(const http::Request& request, ConsoleMode mode);

// Whether the value of Accept-Encoding allows gzip (RFC 9110 section 12.5.3).
bool accepts_gzip(std::string_view accept_encoding);

} // namespace cvm::control
