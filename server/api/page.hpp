#pragma once

#include "server/api/fields.hpp"

#include <algorithm>
#include <cstdint>

// Offset and Limit of the describing actions.

namespace cvm::api {

// The vendor's pages give them as uint64, for some actions as int64. A negative uint64 is a wrong type (documented by
// the failing example of GetGroupList of iai 2018-03-01, whose Offset is -1), a negative int64 a wrong value (assumed).
inline constexpr Field offset_field{.name = "Offset", .type = Type::unsigned_integer};
inline constexpr Field limit_field{.name = "Limit", .type = Type::unsigned_integer, .min = 1, .max = 100};
inline constexpr Field signed_offset_field{.name = "Offset", .type = Type::integer, .min = 0};
inline constexpr Field signed_limit_field{.name = "Limit", .type = Type::integer, .min = 1, .max = 100};
inline constexpr std::int64_t default_limit = 20;

// The part of a list of `total` entries that a page shows: from `begin` up to, but without, `end`.
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

} // namespace cvm::api
