#pragma once

#include "server/api/action.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

// Shared by DescribeVoucherInfo and DescribeVoucherUsageDetails.

namespace cvm::api {

// Offset is a page number, counted from 1.
inline constexpr Field voucher_limit_field{
    .name = "Limit", .type = Type::integer, .required = true, .min = 1, .max = 1000};
inline constexpr Field voucher_page_field{.name = "Offset", .type = Type::integer, .required = true, .min = 1};

template <class T>
std::span<const T> page_of(const std::vector<T>& list, const Params& params)
{
    const auto size = std::ssize(list);
    const std::int64_t limit = params.integer("Limit").value();
    const std::int64_t page = params.integer("Offset").value() - 1;
    const std::int64_t begin = page > size / limit ? size : page * limit; // at most size, since page is
    const std::int64_t end = begin + std::min(limit, size - begin);
    return std::span{list}.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
}

// The pages show the last two years.
inline state::Instant two_years_before(state::Instant now)
{
    constexpr std::chrono::months years{24};
    return now < state::earliest + years ? state::earliest : state::add_months(now, -years);
}

// Amounts of vouchers are in 1/100,000,000 of the main unit.
inline std::int64_t micro(state::Cents cents)
{
    constexpr std::int64_t of_a_cent = 1'000'000;
    return (cents * of_a_cent).value;
}

} // namespace cvm::api
