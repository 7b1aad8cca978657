#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace cvm::state {

// The vendor's word for each enumerator, in the order of the enum. One table serves the API, the fixtures, the
// database and its CHECK constraints.
template <class E>
struct Names; // specialised beside each enum: static constexpr std::array<std::string_view, N> all

template <class E>
constexpr std::string_view name(E value)
{
    return Names<E>::all.at(static_cast<std::size_t>(value));
}

// nullopt for a word that is not one of the enum's.
template <class E>
constexpr std::optional<E> parse(std::string_view word)
{
    for (std::size_t i = 0; i < Names<E>::all.size(); ++i)
        if (Names<E>::all[i] == word)
            return static_cast<E>(i);
    return std::nullopt;
}

} // namespace cvm::state
