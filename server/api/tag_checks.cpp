#include "server/api/tag_checks.hpp"

#include "server/api/instance_checks.hpp"
#include "server/base/text.hpp"

#include <algorithm>
#include <set>

namespace cvm::api {

namespace {

constexpr std::size_t longest_key = 127;
constexpr std::size_t longest_value = 255;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20; }

Errc code_of_key(TagFlaw flaw)
{
    switch (flaw) {
    case TagFlaw::reserved:
        return Errc::invalid_parameter_reserved_tag_key;
    case TagFlaw::empty:
        return Errc::invalid_parameter_value_tag_key_empty;
    case TagFlaw::too_long:
        return Errc::invalid_parameter_value_tag_key_length_exceeded;
    case TagFlaw::bad_character:
        return Errc::invalid_parameter_value_tag_key_character_illegal;
    }
    throw std::logic_error{"TagFlaw out of range"};
}

} // namespace

std::optional<TagFlaw> flaw_of_tag_key(std::string_view key)
{
    if (key.starts_with("qcs:"))
        return TagFlaw::reserved;
    if (key.empty())
        return TagFlaw::empty;
    if (characters(key) > longest_key)
        return TagFlaw::too_long;
    if (std::ranges::any_of(key, is_control))
        return TagFlaw::bad_character;
    return std::nullopt;
}

std::optional<TagFlaw> flaw_of_tag_value(std::string_view value)
{
    if (characters(value) > longest_value)
        return TagFlaw::too_long;
    if (std::ranges::any_of(value, is_control))
        return TagFlaw::bad_character;
    return std::nullopt;
}

std::optional<Error> check_tag_key(const ActionName& action, const std::string& key, std::string_view parameter)
{
    if (const auto flaw = flaw_of_tag_key(key))
        return refuse_value(action, code_of_key(*flaw), key, parameter);
    return std::nullopt;
}

std::optional<Error> check_tag_value(const ActionName& action, const std::string& value, std::string_view parameter)
{
    // Not every action accepts an empty value.
    if (value.empty() && documented(action, Errc::invalid_parameter_value_tag_value_empty))
        return error(Errc::invalid_parameter_value_tag_value_empty, value, parameter);
    if (const auto flaw = flaw_of_tag_value(value))
        return refuse_value(action,
                            *flaw == TagFlaw::too_long ? Errc::invalid_parameter_value_tag_value_length_exceeded
                                                       : Errc::invalid_parameter_value_tag_value_character_illegal,
                            value, parameter);
    return std::nullopt;
}

std::optional<Error> check_tag_keys(const ActionName& action, std::span<const std::string> keys,
                                    std::string_view parameter)
{
    std::set<std::string_view> seen;
    for (const std::string& key : keys) {
        if (auto problem = check_tag_key(action, key, parameter))
            return problem;
        if (!seen.insert(key).second)
            return refuse_value(action, Errc::invalid_parameter_value_tag_key_duplicate, key, parameter);
    }
    return std::nullopt;
}

Result<std::vector<state::KeyValue>> read_tags(const ActionName& action, const Params& params,
                                               std::string_view parameter)
{
    std::vector<state::KeyValue> tags;
    std::vector<std::string> keys;
    for (const Params& tag : params.objects(parameter)) {
        tags.push_back({tag.string("TagKey").value(), tag.string("TagValue").value()});
        keys.push_back(tags.back().key);
    }
    if (auto problem = check_tag_keys(action, keys, parameter))
        return *std::move(problem);
    for (const state::KeyValue& tag : tags)
        if (auto problem = check_tag_value(action, tag.value, parameter))
            return *std::move(problem);
    return tags;
}

} // namespace cvm::api
