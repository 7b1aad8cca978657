#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <cstdlib>
#include <string>

// The number of repetitions and the seed of a property test. A test prints its seed, so that a failure can be
// reproduced.

namespace cvm::test {

// The number in the environment variable, or `otherwise`.
inline std::uint64_t number_from_environment(const char* variable, std::uint64_t otherwise)
{
    const char* given = std::getenv(variable);
    return given != nullptr ? std::stoull(given) : otherwise;
}

// CVM_TEST_SEED.
inline std::uint64_t property_seed()
{
    const std::uint64_t seed = number_from_environment("CVM_TEST_SEED", 20261122);
    MESSAGE("CVM_TEST_SEED=" << seed);
    return seed;
}

// CVM_TEST_SEQUENCES: how many random sequences to try. The default is small; use 1000 and more after changing rules of
// time or money.
inline int property_sequences(int otherwise)
{
    return static_cast<int>(number_from_environment("CVM_TEST_SEQUENCES", static_cast<std::uint64_t>(otherwise)));
}

} // namespace cvm::test
