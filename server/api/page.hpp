#pragma once

#include "server/api/fields.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

// Offset and Limit of the Describe actions.

namespace cvm::api {

// The vendor's pages declare them as uint64, for some actions as int64. A negative uint64 is a wrong type (documented
// by the failing example of GetGroupList of iai 2018-03-01, whose Offset is -1), a negative int64 a wrong value
// (assumed).
inline constexpr Field offset_field{.name = "Offset", .type = Type::unsigned_integer};
inline constexpr Field limit_field{.name = "Limit", .type = Type::unsigned_integer, .min = 1, .max = 100};
inline constexpr Field signed_offset_field{.name = "Offset", .type = Type::integer, .min = 0};
inline constexpr Field signed_limit_field{.name = "Limit", .type = Type::integer, .min = 1, .max = 100};
inline constexpr std::int64_t default_limit = 20;

// The part of a list of `total` entries that a page shows: from `begin` to `end`, exclusive.
struct Window {
    std::int64_t begin;
    std::int64_t end;
};

// Offset and limit must not be negative; an offset past the end gives an empty window.
constexpr Window window(std::int64_t total, std::int64_t offset, std::int64_t limit) noexcept
{
    const std::int64_t begin = std::min(offset, total);
    return {begin, begin + std::min(limit, total - begin)};
}

// The window of Offset and Limit, as declared above, in a list of `total` items.
inline Window read_page(const Params& params, std::int64_t total)
{
    return window(total, params.integer("Offset").value_or(0), params.integer("Limit").value_or(default_limit));
}

// The values of Order.
inline constexpr std::array<std::string_view, 2> order_words{"ASC", "DESC"};
inline constexpr Field order_field{.name = "Order", .type = Type::string, .words = order_words};

// Sorts by a key, ascending for the order ASC and descending otherwise; stable.
template <class T, class Key>
void sort_in_order(std::vector<T>& list, std::string_view order, Key key)
{
    if (order == "ASC")
        std::ranges::stable_sort(list, std::ranges::less{}, key);
    else
        std::ranges::stable_sort(list, std::ranges::greater{}, key);
}

} // namespace cvm::api
