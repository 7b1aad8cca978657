#pragma once

#include "server/http/message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cvm::control {

// Who may speak to the control surface besides programs on this machine. A web page that somebody looks at must not be
// able to, neither from its own origin nor by a name of its own that it makes point here (DNS rebinding).
struct Guard {
    std::vector<std::string> hosts{};   // names that a Host header may have; "*": any
    std::vector<std::string> origins{}; // web pages, such as "http://localhost:3000"; "*": any
};

// Why a request is refused, with what to do; nullopt if it is not. Allowed without a flag: no Host at all, an address,
// localhost and names below it; no Origin, or the server's own.
std::optional<std::string> refuse_foreign(const http::Request& request, const Guard& guard);

// The same for the host alone: of what is no secret, whatever page leads to it.
std::optional<std::string> refuse_foreign_host(const http::Request& request, const Guard& guard);

// The Origin that may read the answer; empty: none asks for it, or the server's own does.
std::string foreign_origin(const http::Request& request);

} // namespace cvm::control
