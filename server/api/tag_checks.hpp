#pragma once

#include "server/api/action.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

// The rules for tags, common to all products.

namespace cvm::api {

// What is wrong with the key or the value of a tag. The maximum length is 127 characters for a key, 255 for a value.
// Keys that begin with "qcs:" are reserved for the vendor; control characters are not allowed.
enum class TagFlaw { reserved, empty, too_long, bad_character };
std::optional<TagFlaw> flaw_of_tag_key(std::string_view key);
std::optional<TagFlaw> flaw_of_tag_value(std::string_view value);

// The error for an invalid key or value in the actions of tag, with the codes of the action's page. `parameter` is its
// path.
std::optional<Error> check_tag_key(const ActionName& action, const std::string& key, std::string_view parameter);
std::optional<Error> check_tag_value(const ActionName& action, const std::string& value, std::string_view parameter);

// The same for all keys, and InvalidParameterValue.TagKeyDuplicate for a duplicate key.
std::optional<Error> check_tag_keys(const ActionName& action, std::span<const std::string> keys,
                                    std::string_view parameter);

// The members of a tag of these actions.
inline constexpr std::array tag_fields{
    Field{.name = "TagKey", .type = Type::string, .required = true},
    Field{.name = "TagValue", .type = Type::string, .required = true},
    Field{.name = "Category", .type = Type::string},
};

// Reads and checks a list of tags.
Result<std::vector<state::KeyValue>> read_tags(const ActionName& action, const Params& params,
                                               std::string_view parameter);

} // namespace cvm::api
