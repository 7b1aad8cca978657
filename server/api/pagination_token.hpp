#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// PaginationToken of the actions of tag: where the next page begins, readable for this server alone. What it looks like
// on the real service is observed (64 characters), what it holds is not known.

namespace cvm::api {

// `request` is whatever a following call must have in common with this one.
std::string pagination_token(std::string_view request, std::int64_t offset);

// The offset; 0 for an empty token, nullopt for one that was not made for such a request.
std::optional<std::int64_t> read_pagination_token(std::string_view token, std::string_view request);

} // namespace cvm::api
