#pragma once

#include <cstdint>

// Simulates lack of memory, for binaries linked with failing_memory.cpp, which replaces operator new and the allocator
// of SQLite. OpenSSL is not affected.

namespace cvm::test {

enum class Failing {
    once,     // only one allocation
    for_good, // one allocation and all later ones
};

// During its lifetime, the allocation with this number, counted from 1, fails in the thread that created it.
class FailingMemory {
public:
    FailingMemory(std::uint64_t number, Failing failing);
    ~FailingMemory();
    FailingMemory(const FailingMemory&) = delete;
    FailingMemory& operator=(const FailingMemory&) = delete;

    // Whether an allocation has failed.
    static bool failed() noexcept;
};

} // namespace cvm::test
