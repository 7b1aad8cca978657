#pragma once

#include "server/api/action.hpp"

#include <boost/json/array.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// The PaginationToken of the actions of tag: the beginning of the next page, readable only by this server. The form of
// real tokens is observed (64 characters), their content is unknown.

namespace cvm::api {

// `request` is everything that a following call must have in common with this one.
std::string pagination_token(std::string_view request, std::int64_t offset);

// The offset; 0 for an empty token, nullopt for a token that was made for another request.
std::optional<std::int64_t> read_pagination_token(std::string_view token, std::string_view request);

// The parameters of GetTagKeys and GetTagValues that answer_tag_page() reads.
inline constexpr std::array<std::string_view, 3> tag_categories{"Custom", "System", "All"};
inline constexpr Field pagination_token_field{.name = "PaginationToken", .type = Type::string};
inline constexpr Field max_results_field{.name = "MaxResults", .type = Type::unsigned_integer, .min = 1, .max = 1000};
inline constexpr Field category_field{.name = "Category", .type = Type::string, .words = tag_categories};

// The page of `all` that these parameters ask for, as `member` of the answer. There are no system tags (assumed).
// `also`: other parameters that a following call must have in common with this one.
Result<Answer> answer_tag_page(const Context& context, const Params& params, std::string_view member,
                               const boost::json::array& all, const boost::json::value& also = nullptr);

} // namespace cvm::api
