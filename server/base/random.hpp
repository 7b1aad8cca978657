#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace cvm {

// A deterministic pseudo-random generator (SplitMix64): for generated keys and for faults that can be repeated, not for
// secrets of value.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_{seed} {}

    std::uint64_t next()
    {
        state_ += 0x9e3779b97f4a7c15U;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31U);
    }

    // Returns a text of letters and digits.
    std::string word(std::size_t length)
    {
        constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        std::string text;
        for (std::size_t i = 0; i < length; ++i)
            text += letters[next() % (sizeof letters - 1)];
        return text;
    }

private:
    std::uint64_t state_;
};

} // namespace cvm
