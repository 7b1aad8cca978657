#pragma once

#include "server/http/message.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace cvm::http {

// Why a request was refused before it was complete.
enum class Refusal {
    malformed,       // not HTTP/1.x
    http2,           // HTTP/2; the body of the response is sent in it
    tls,             // TLS, which the server does not speak, or not at this point
    target_too_long, // the request line alone exceeds the limit of a header
    header_too_large,
    body_too_large,
    timeout, // the client took too long to send it
    too_many_connections,
};

// The enumerators' names, in their order.
inline constexpr std::array<std::string_view, 8> refusal_names{
    "malformed",        "http2",          "tls",     "target_too_long",
    "header_too_large", "body_too_large", "timeout", "too_many_connections"};
static_assert(refusal_names.size() == static_cast<std::size_t>(Refusal::too_many_connections) + 1);

inline constexpr std::chrono::milliseconds longest_wait{3'600'000};

// What the sockets serve: turns a complete request into its response, synchronously, on the one io thread.
class Service {
public:
    virtual ~Service() = default;

    // Answers a complete request. A request that has waited for longest_wait must be answered. Never throws.
    virtual Reply handle(const Request& request, const Arrival& arrival) noexcept = 0;

    // The answers that handle() has held back (Reply::held), in the same order. To be called soon after the first of
    // them, when the requests that have already arrived are handled. Never throws.
    virtual std::vector<Reply> held_answers() noexcept { return {}; }

    // Answers a request that will not be handled. `header` contains what is known of it: everything for body_too_large
    // and too_many_connections; for the others method and target, or nothing if they cannot be read. Never throws.
    virtual Response refuse(Refusal reason, const RequestHeader& header) noexcept = 0;

    // Whether a request is served even if there are too many connections.
    virtual bool has_priority(const RequestHeader& header) const noexcept = 0;

    // The largest body, in bytes, that a request with this header may have.
    virtual std::uint64_t body_limit(const RequestHeader& header) const noexcept = 0;
};

} // namespace cvm::http
