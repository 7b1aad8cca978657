#pragma once

#include "tests/support/line.hpp"

#include <boost/json/value.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <iterator>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

// What a test that fails says instead of two long values: where they differ. The functions named difference() are
// empty where there is none: CHECK(test::difference(actual, expected) == "").

namespace cvm::test {

// A place in two JSON values; nullopt is a member or an entry that one of them lacks.
struct Difference {
    std::string path; // a JSON pointer
    std::optional<boost::json::value> expected;
    std::optional<boost::json::value> actual;
};

// All of them, in the order of `expected`; what `actual` has beyond that comes last in its object or list.
std::vector<Difference> differences(const boost::json::value& expected, const boost::json::value& actual);

// "<before><path>: expected <value>, got <value>" in at most max_columns.
std::string line_of(const Difference& difference, std::string_view before = {});

// The first lines and how many more there are.
std::vector<std::string> first_lines(std::vector<std::string> lines, std::size_t most, std::string_view indent = {});

// Where two texts begin to differ: "from byte 17: expected `...`, got `...`"; empty if they do not.
std::string text_difference(std::string_view expected, std::string_view actual);

// Of JSON as it is, one place per line.
std::string difference(const boost::json::value& actual, const boost::json::value& expected);

// Of JSON as it is written: also tells the order of members and white space. Of anything else as of texts.
std::string json_text_difference(std::string_view actual, std::string_view expected);

namespace detail {

// How an entry of a set, a map or a list is shown. A struct may have a text_of() beside it.
std::string shown(std::string_view text);
std::string shown(const boost::json::value& value);

template <class T>
concept Text = std::convertible_to<const T&, std::string_view>;

template <class T>
std::string shown_entry(const T& entry)
{
    if constexpr (Text<T>)
        return shown(std::string_view{entry});
    else if constexpr (std::is_same_v<T, bool>)
        return entry ? "true" : "false";
    else if constexpr (std::is_enum_v<T>)
        return std::to_string(static_cast<std::int64_t>(entry));
    else if constexpr (std::is_arithmetic_v<T>)
        return std::to_string(entry);
    else if constexpr (std::is_convertible_v<const T&, boost::json::value>)
        return shown(boost::json::value(entry));
    else if constexpr (std::ranges::range<T>) {
        std::string text;
        for (const auto& inner : entry)
            text += (text.empty() ? "" : ", ") + shown_entry(inner);
        return "[" + text + "]";
    } else if constexpr (requires { entry.first; })
        return shown_entry(entry.first) + ": " + shown_entry(entry.second);
    else
        return text_of(entry);
}

std::string list_difference(const std::vector<std::string>& first, const std::vector<std::string>& second);

} // namespace detail

// Of two sets, maps or lists: the entries that only one of them holds, or where their order begins to differ.
template <std::ranges::range First, std::ranges::range Second>
    requires(!detail::Text<First> && !std::is_convertible_v<const First&, const boost::json::value&>)
std::string difference(const First& first, const Second& second)
{
    std::vector<std::string> texts[2];
    for (const auto& entry : first)
        texts[0].push_back(detail::shown_entry(entry));
    for (const auto& entry : second)
        texts[1].push_back(detail::shown_entry(entry));
    return detail::list_difference(texts[0], texts[1]);
}

} // namespace cvm::test
