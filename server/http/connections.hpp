#pragma once

#include <cstddef>
#include <cstdint>

namespace cvm::http {

// Counts of a server's connections. Read and written only on the server's thread.
struct Connections {
    std::size_t open = 0;
    std::uint64_t accepted = 0; // including refused ones
    std::uint64_t refused = 0;  // closed without an answer: above Limits::connections and Limits::reserved
    std::uint64_t evicted = 0;  // closed while idle, to make room for another
};

} // namespace cvm::http
