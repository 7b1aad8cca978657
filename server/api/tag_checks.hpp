#pragma once

#include "server/api/action.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

// What a tag may be, whichever product it is given to.

namespace cvm::api {

// What is wrong with the key or the value of a tag. Lengths are in characters: 127 of a key, 255 of a value. Keys that
// begin with "qcs:" are the vendor's own; control characters are not allowed.
enum class TagFlaw { reserved, empty, too_long, bad_character };
std::optional<TagFlaw> flaw_of_tag_key(std::string_view key);
std::optional<TagFlaw> flaw_of_tag_value(std::string_view value);

// The refusal of a key or a value by the actions of tag, with the codes of the action's page. `parameter` is its path.
std::optional<Error> check_tag_key(const ActionName& action, const std::string& key, std::string_view parameter);
std::optional<Error> check_tag_value(const ActionName& action, const std::string& value, std::string_view parameter);

// The same for all keys, and InvalidParameterValue.TagKeyDuplicate for one that is there twice.
std::optional<Error> check_tag_keys(const ActionName& action, std::span<const std::string> keys,
                                    std::string_view parameter);

// The members of a tag of these actions.
inline constexpr std::array tag_fields{
    Field{.name = "TagKey", .type = Type::string, .required = true},
    Field{.name = "TagValue", .type = Type::string, .required = true},
    Field{.name = "Category", .type = Type::string},
};

// The tags of a list of such, checked as above.
Result<std::vector<state::KeyValue>> read_tags(const ActionName& action, const Params& params,
                                               std::string_view parameter);

} // namespace cvm::api
