#pragma once

#include "server/api/action.hpp"
#include "server/api/filter.hpp"
#include "state/store/instance_query.hpp"

#include <span>
#include <string_view>
#include <vector>

// The Filters of DescribeInstances (https://cloud.tencent.com/document/api/213/15728).

namespace cvm::api {

inline constexpr std::size_t max_filter_values = 5;

// The names of all filters; "tag:" stands for tag:<key>.
std::span<const std::string_view> filter_names() noexcept;

// Refuses unknown names, too many values, and values that are not of the filter's kind.
std::optional<Error> check_filters(std::span<const Filter> filters, std::string_view region);

// The filters as conditions for the store: an instance must pass every filter with at least one of its values. The
// filters must have been checked.
std::vector<state::InstanceCondition> conditions(std::span<const Filter> filters);

} // namespace cvm::api
