#pragma once

#include "server/http/message.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

// The console: a web page at /_emulator/, whose files are in the binary.

namespace cvm::control {

enum class ConsoleMode {
    on,
    read_only, // browsers may look, not change
    off,
};

struct ConsoleFile {
    std::string_view name;   // as in server/control/console/
    std::string_view tag;    // another one for other content
    std::string_view packed; // by gzip, without a name in its header
};

// Empty in a build without a console.
std::span<const ConsoleFile> console_files() noexcept;

// Whether the path is the page's, or a file's, or leads there.
bool is_console(std::string_view path) noexcept;

// The page or a file, packed if the client takes that, or nothing if the client has it; a redirection to the page; or a
// refusal. The path must be one of the console.
http::Response console_response(const http::Request& request, ConsoleMode mode);

// Whether the value of Accept-Encoding allows gzip (RFC 9110 section 12.5.3).
bool accepts_gzip(std::string_view accept_encoding);

// What gzip packed without a name. Throws std::runtime_error if it is not that.
std::string unpacked(std::string_view packed);

} // namespace cvm::control
