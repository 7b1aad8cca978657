#pragma once

#include "server/control/packed.hpp"
#include "server/http/message.hpp"

#include <string_view>

// The console: a web page at /_emulator/, whose files are embedded in the binary.

namespace cvm::control {

enum class ConsoleMode {
    on,
    read_only, // browsers may read, but not change anything
    off,
};

// Whether there is a page: the mode is not off, and the files are in the binary (CVM_CONSOLE).
bool has_console(ConsoleMode mode) noexcept;

// Whether the path is that of the page or one of its files, or redirects to the page.
bool is_console(std::string_view path) noexcept;

// The page or a file, compressed if the client accepts that, or 304 if the client already has it; a redirection to the
// page; or a refusal. The path must be one of the console.
http::Response console_response(const http::Request& request, ConsoleMode mode);

// Whether the value of Accept-Encoding allows gzip (RFC 9110 section 12.5.3).
bool accepts_gzip(std::string_view accept_encoding);

} // namespace cvm::control
