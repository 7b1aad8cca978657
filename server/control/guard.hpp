#pragma once

#include "server/http/message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cvm::control {

// Who may use the control API besides programs on this machine. A web page that somebody views must not be able to,
// neither from its own origin nor through a name of its own that it resolves to this server (DNS rebinding).
struct Guard {
    std::vector<std::string> hosts{};   // permitted names in a Host header; "*": any
    std::vector<std::string> origins{}; // permitted web pages, such as "http://localhost:3000"; "*": any
};

// Why a request is refused, with what to do; nullopt if it is permitted. Permitted without a flag: no Host at all, an
// address, localhost and names below it; no Origin, or the server's own.
std::optional<std::string> refuse_foreign(const http::Request& request, const Guard& guard);

// Checks only the host: for content that is not secret, whatever page links to it.
std::optional<std::string> refuse_foreign_host(const http::Request& request, const Guard& guard);

// The Origin that may read the answer; empty if there is none or it is the server's own.
std::string foreign_origin(const http::Request& request);

} // namespace cvm::control
