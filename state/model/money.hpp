#pragma once

#include <compare>
#include <cstdint>
#include <ostream>
#include <stdexcept>

namespace cvm::state {

// An amount of money in cents (fen) of the account's currency. Arithmetic throws std::overflow_error instead of
// wrapping around.
struct Cents {
    std::int64_t value = 0;

    friend constexpr auto operator<=>(const Cents&, const Cents&) = default;

    friend Cents operator+(Cents a, Cents b)
    {
        Cents sum;
        if (__builtin_add_overflow(a.value, b.value, &sum.value))
            throw std::overflow_error{"Cents: sum out of range"};
        return sum;
    }

    friend Cents operator-(Cents a, Cents b)
    {
        Cents difference;
        if (__builtin_sub_overflow(a.value, b.value, &difference.value))
            throw std::overflow_error{"Cents: difference out of range"};
        return difference;
    }

    friend Cents operator*(Cents a, std::int64_t times)
    {
        Cents product;
        if (__builtin_mul_overflow(a.value, times, &product.value))
            throw std::overflow_error{"Cents: product out of range"};
        return product;
    }

    Cents& operator+=(Cents b) { return *this = *this + b; }
    Cents& operator-=(Cents b) { return *this = *this - b; }

    friend std::ostream& operator<<(std::ostream& out, Cents c) { return out << c.value << " cents"; }
};

// `percent` of an amount, half a cent rounded away from zero. Range of percent: 0 to 100.
inline Cents percent_of(Cents amount, std::int64_t percent)
{
    const std::int64_t scaled = (amount * percent).value;
    const std::int64_t rest = scaled % 100;
    return Cents{scaled / 100 + (rest >= 50 ? 1 : rest <= -50 ? -1 : 0)};
}

} // namespace cvm::state
