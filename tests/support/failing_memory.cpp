#include "tests/support/failing_memory.hpp"

#include <sqlite3.h>

#include <cstdlib>
#include <new>

namespace cvm::test {

namespace {

thread_local std::uint64_t left = 0; // number of allocations until one fails, including it; 0: none fails
thread_local bool go_on_failing = false;
thread_local bool has_failed = false;

bool fails() noexcept
{
    if (left == 0 || --left > 0)
        return false;
    has_failed = true;
    if (go_on_failing)
        left = 1;
    return true;
}

sqlite3_mem_methods usual;

void* allocate_for_sqlite(int bytes) { return fails() ? nullptr : usual.xMalloc(bytes); }
void* grow_for_sqlite(void* memory, int bytes) { return fails() ? nullptr : usual.xRealloc(memory, bytes); }

// Must run before SQLite is used.
const bool sqlite_fails_too = [] {
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &usual) != SQLITE_OK)
        std::abort();
    static sqlite3_mem_methods failing = usual;
    failing.xMalloc = allocate_for_sqlite;
    failing.xRealloc = grow_for_sqlite;
    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &failing) != SQLITE_OK)
        std::abort();
    return true;
}();

} // namespace

FailingMemory::FailingMemory(std::uint64_t number, Failing failing)
{
    has_failed = false;
    go_on_failing = failing == Failing::for_good;
    left = number;
}

FailingMemory::~FailingMemory() { left = 0; }

bool FailingMemory::failed() noexcept { return has_failed; }

namespace {

void* allocate(std::size_t bytes)
{
    void* memory = fails() ? nullptr : std::malloc(bytes == 0 ? 1 : bytes);
    if (memory == nullptr)
        throw std::bad_alloc{};
    return memory;
}

void* allocate(std::size_t bytes, std::align_val_t alignment)
{
    const auto to = static_cast<std::size_t>(alignment);
    void* memory = fails() ? nullptr : std::aligned_alloc(to, (bytes + to - 1) / to * to);
    if (memory == nullptr)
        throw std::bad_alloc{};
    return memory;
}

} // namespace

} // namespace cvm::test

// The forms that do not throw call these. So would the array forms, except with AddressSanitizer, which has its own.
void* operator new(std::size_t bytes) { return cvm::test::allocate(bytes); }
void* operator new(std::size_t bytes, std::align_val_t alignment) { return cvm::test::allocate(bytes, alignment); }
void* operator new[](std::size_t bytes) { return cvm::test::allocate(bytes); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
