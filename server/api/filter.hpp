#pragma once

#include "server/api/fields.hpp"
#include "state/model/instance_attributes.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Shared by the Filters of all Describe actions. The filters of instances, which also check the form of their values,
// are in instance_filters.hpp.

namespace cvm::api {

struct Filter {
    std::string name;
    std::vector<std::string> values;
};

inline constexpr std::size_t max_filters = 10;

inline constexpr std::array filter_members{
    Field{.name = "Name", .type = Type::string, .required = true},
    Field{.name = "Values", .type = Type::strings, .required = true},
};

inline constexpr Field filters_field{
    .name = "Filters", .type = Type::objects, .members = filter_members, .max_items = max_filters};

std::vector<Filter> read_filters(const Params& params);

// What filters on tags compare: the keys or values of all tags, and the values of one key.
std::vector<std::string> tag_texts(const std::vector<state::KeyValue>& tags, std::string state::KeyValue::*member);
std::vector<std::string> tag_values(const std::vector<state::KeyValue>& tags, std::string_view key);

// A filter that compares texts: it searches its values among the `words` of a thing. A name that ends with a colon
// matches all names that begin with it.
template <class T>
struct TextFilter {
    std::string_view name;
    std::vector<std::string> (*words)(const T& thing);
    bool part = false; // a value may also be a part of a word
    // Used instead of `words` if the name ends with a colon; `key` is what follows the colon.
    std::vector<std::string> (*words_of_key)(const T& thing, std::string_view key) = nullptr;
};

// InvalidFilter for a name that is not in the table, InvalidFilterValue.LimitExceeded for too many values, which App
// converts to InvalidParameterValue if the action's page does not list it.
template <class T>
std::optional<Error> check_filters(std::span<const TextFilter<T>> table, std::span<const Filter> filters,
                                   std::size_t max_values);

// Whether the thing passes every filter with at least one of the filter's values. The filters must have been checked.
template <class T>
bool passes(const T& thing, std::span<const TextFilter<T>> table, std::span<const Filter> filters);

// --- implementation ---

template <class T>
const TextFilter<T>* find_filter(std::span<const TextFilter<T>> table, std::string_view name)
{
    const auto at = std::ranges::find_if(table, [&](const TextFilter<T>& known) {
        return known.name.ends_with(':') ? name.starts_with(known.name) && name.size() > known.name.size()
                                         : name == known.name;
    });
    return at != table.end() ? &*at : nullptr;
}

template <class T>
std::optional<Error> check_filters(std::span<const TextFilter<T>> table, std::span<const Filter> filters,
                                   std::size_t max_values)
{
    for (const Filter& filter : filters) {
        if (find_filter(table, filter.name) == nullptr)
            return error(Errc::invalid_filter, filter.name);
        if (filter.values.size() > max_values)
            return error(Errc::invalid_filter_value_limit_exceeded, filter.name, std::to_string(max_values));
    }
    return std::nullopt;
}

template <class T>
bool passes(const T& thing, std::span<const TextFilter<T>> table, std::span<const Filter> filters)
{
    return std::ranges::all_of(filters, [&](const Filter& filter) {
        const TextFilter<T>& known = *find_filter(table, filter.name);
        const auto words = known.words_of_key != nullptr
                               ? known.words_of_key(thing, std::string_view{filter.name}.substr(known.name.size()))
                               : known.words(thing);
        return std::ranges::any_of(filter.values, [&](const std::string& value) {
            return std::ranges::any_of(words, [&](const std::string& word) {
                return known.part ? word.find(value) != std::string::npos : word == value;
            });
        });
    });
}

} // namespace cvm::api
