#pragma once

#include "server/api/filter.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/network_checks.hpp"
#include "server/api/page.hpp"
#include "server/api/tagged_resources.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

// Shared by DescribeVpcs, DescribeSubnets and DescribeSecurityGroups.

namespace cvm::api {

// A VPC, a subnet or a security group with its tags.
template <class T>
struct Tagged {
    T thing;
    std::vector<state::KeyValue> tags;
};

// The words of the filters that all three have.
template <class T>
std::vector<std::string> tag_keys(const Tagged<T>& tagged)
{
    std::vector<std::string> keys;
    for (const state::KeyValue& tag : tagged.tags)
        keys.push_back(tag.key);
    return keys;
}

template <class T>
std::vector<std::string> values_of_tag(const Tagged<T>& tagged, std::string_view key)
{
    std::vector<std::string> values;
    for (const state::KeyValue& tag : tagged.tags)
        if (tag.key == key)
            values.push_back(tag.value);
    return values;
}

inline std::vector<std::string> boolean_words(bool value)
{
    return value ? std::vector<std::string>{"true", "TRUE"} : std::vector<std::string>{"false", "FALSE"};
}

// In the examples a block is also identified by its first address.
inline std::vector<std::string> cidr_words(const state::Cidr& cidr)
{
    return {to_string(cidr), state::ipv4_text(cidr.address)};
}

inline constexpr Field text_offset_field{.name = "Offset", .type = Type::string};
inline constexpr Field text_limit_field{.name = "Limit", .type = Type::string};
inline constexpr std::size_t max_ids_of_list = 100;

// A number that the pages define as a text parameter; `otherwise` if it was not given. InvalidParameterValue.Malformed
// for another text, InvalidParameterValue.Range for a number outside of the range.
inline Result<std::int64_t> read_text_number(const Params& params, std::string_view name, std::int64_t otherwise,
                                             std::int64_t least, std::int64_t most)
{
    const auto text = params.string(name);
    if (!text)
        return otherwise;
    std::int64_t number = 0;
    const auto [end, ec] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (ec == std::errc::invalid_argument || end != text->data() + text->size())
        return error(Errc::invalid_parameter_value_malformed, *text, std::string{name});
    if (ec != std::errc{} || number < least || number > most)
        return error(Errc::invalid_parameter_value_range, *text, std::string{name});
    return number;
}

// The window of Offset and Limit in a list of `total` items.
inline Result<Window> read_text_page(const Params& params, std::int64_t total)
{
    const auto offset = read_text_number(params, "Offset", 0, 0, std::numeric_limits<std::int64_t>::max());
    if (!offset)
        return offset.error();
    const auto limit = read_text_number(params, "Limit", default_limit, 1, 100);
    if (!limit)
        return limit.error();
    return window(total, *offset, *limit);
}

// The items of `all` that a call selects by ids or filters, with their tags if a filter needs them, in order of
// creation. InvalidParameter.Coexist, InvalidParameter.FilterInvalidKey, InvalidParameterValue.LimitExceeded; for an id
// InvalidParameterValue.Malformed or ResourceNotFound.
template <class T>
Result<std::vector<Tagged<T>>> choose(const Context& context, const Params& params, std::string_view ids_name,
                                      std::string_view prefix, std::vector<T> all,
                                      std::span<const TextFilter<Tagged<T>>> table)
{
    const auto ids = params.strings(ids_name);
    if (!ids.empty() && params.has("Filters"))
        return error(Errc::invalid_parameter_coexist);
    for (const std::string& id : ids) {
        if (!well_formed_id(id, prefix))
            return error(Errc::invalid_parameter_value_malformed, id, std::string{ids_name});
        if (std::ranges::find(all, id, &T::id) == all.end())
            return error(Errc::resource_not_found, id);
    }
    const auto filters = read_filters(params);
    for (const Filter& filter : filters) {
        if (find_filter(table, filter.name) == nullptr)
            return error(Errc::invalid_parameter_filter_invalid_key, filter.name);
        if (filter.values.size() > max_ids_of_list)
            return error(Errc::invalid_parameter_value_limit_exceeded, "Filters", std::to_string(filter.values.size()),
                         std::to_string(max_ids_of_list));
    }
    const bool by_tag = std::ranges::any_of(filters, [](const Filter& f) { return f.name.starts_with("tag"); });
    std::vector<Tagged<T>> chosen;
    for (T& thing : all) {
        if (!ids.empty() && std::ranges::find(ids, thing.id) == ids.end())
            continue;
        Tagged<T> tagged{std::move(thing), {}};
        if (by_tag)
            tagged.tags = find_tags(context, network_name(context.call, tagged.thing.id)).value();
        if (passes(tagged, table, std::span{filters}))
            chosen.push_back(std::move(tagged));
    }
    return chosen;
}

// The results of write(thing, tags) for the items in the window.
template <class T, class F>
boost::json::array write_page(const Context& context, std::span<const Tagged<T>> chosen, Window page, F write)
{
    boost::json::array set;
    for (auto at = page.begin; at < page.end; ++at) {
        const T& thing = chosen[static_cast<std::size_t>(at)].thing;
        set.push_back(write(thing, find_tags(context, network_name(context.call, thing.id)).value()));
    }
    return set;
}

} // namespace cvm::api
