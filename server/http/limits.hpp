#pragma once

#include <chrono>
#include <cstddef>

namespace cvm::http {

// Limits of memory and time for a client, and of the number of clients. They protect the server from clients that are
// slow, silent or too many.
struct Limits {
    // Size of the request line and the header fields together, including line ends. A request above it is refused with
    // Refusal::header_too_large, or Refusal::target_too_long if the line is above it already. The same limit holds for
    // one chunk's size line and for a trailer.
    std::size_t header_bytes = 64 * 1024;

    // How long a connection may stay open without the first byte of a request. Then it is closed without an answer.
    std::chrono::milliseconds idle = std::chrono::seconds{60};

    // From the first byte of a TLS handshake to its end. Then the connection is closed without an answer.
    std::chrono::milliseconds handshake = std::chrono::seconds{10};

    // From a request's first byte to its last. Then it is refused with Refusal::timeout.
    std::chrono::milliseconds request = std::chrono::seconds{30};

    // How long the client may take to accept `write_bytes` of a response. Then the connection is closed. A response
    // that is slowed down on purpose (Delivery::body_bytes_per_second) has this time for each piece.
    std::chrono::milliseconds write = std::chrono::seconds{30};
    std::size_t write_bytes = 64 * 1024;

    // How long a live response (Reply::live) may be silent before it sends a sign of life.
    std::chrono::milliseconds silence = std::chrono::seconds{15};

    // After its last response a connection is not closed at once: the server reads and discards what the client still
    // sends, because closing with unread input resets the connection and the client may lose the response. It does so
    // until the client closes its side, for at most this time and about this many bytes.
    std::chrono::milliseconds linger = std::chrono::seconds{2};
    std::size_t linger_bytes = 16 * 1024 * 1024;

    // How long requests that are being served may take to finish after Server::stop(). Then their connections are
    // closed.
    std::chrono::milliseconds stop = std::chrono::seconds{5};

    // How long a connection that waited to be accepted when the server was stopped has to begin its request.
    std::chrono::milliseconds late{500};

    // Connections served at the same time. A client beyond them takes the place of a connection that has been idle for
    // `idle_before_closing`, the longest idle first.
    std::size_t connections = 1024;
    std::chrono::milliseconds idle_before_closing = std::chrono::seconds{1};

    // If no connection has been idle that long, this many additional connections are accepted. Each has one request
    // served if it has priority (Service::has_priority); otherwise it is refused with Refusal::too_many_connections.
    // The request must begin within `reserved_idle`. A client above both limits takes the place of the oldest of these
    // connections whose request has not arrived; if there is none, it is closed without an answer.
    std::size_t reserved = 64;
    std::chrono::milliseconds reserved_idle = std::chrono::seconds{5};
};

} // namespace cvm::http
