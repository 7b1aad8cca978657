#pragma once

#include <cstdint>

// Memory that runs out: for binaries that are linked with failing_memory.cpp, which replaces operator new and the
// memory of SQLite. That of OpenSSL stays.

namespace cvm::test {

enum class Failing {
    once,     // one allocation alone
    for_good, // it and all after it
};

// While it lives, the allocation with this number, from 1, of the thread that made it fails.
class FailingMemory {
public:
    FailingMemory(std::uint64_t number, Failing failing);
    ~FailingMemory();
    FailingMemory(const FailingMemory&) = delete;
    FailingMemory& operator=(const FailingMemory&) = delete;

    // Whether it has come to that.
    static bool failed() noexcept;
};

} // namespace cvm::test
