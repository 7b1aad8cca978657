#pragma once

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

} // namespace cvm::api
