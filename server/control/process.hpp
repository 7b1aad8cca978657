#pragma once

#include <cstdint>
#include <optional>

namespace cvm::control {

// This process as the system sees it. What the system does not tell is nullopt: without /proc, or without a descriptor
// left to read it.
struct Process {
    std::optional<double> cpu_seconds{};
    std::optional<std::uint64_t> resident_bytes{};
    std::optional<std::uint64_t> open_descriptors{};
    std::optional<std::uint64_t> max_descriptors{};
};

Process look_at_process();

} // namespace cvm::control
