#pragma once

#include <cstdint>
#include <optional>

namespace cvm::control {

// Data of the operating system about this process. nullopt if it is not available: without /proc, or without a free
// descriptor to read it.
struct Process {
    std::optional<double> cpu_seconds{};
    std::optional<std::uint64_t> resident_bytes{};
    std::optional<std::uint64_t> open_descriptors{};
    std::optional<std::uint64_t> max_descriptors{};
};

Process look_at_process();

} // namespace cvm::control
