#pragma once

#include "tests/support/line.hpp"
#include "tests/support/show.hpp"

#include <boost/json/value.hpp>

#include <cstddef>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

// Shows where two long values differ, for failed tests. The functions named difference() return an empty text for equal
// values: CHECK(test::difference(actual, expected) == "").

namespace cvm::test {

// A difference between two JSON values; nullopt if one of them lacks the member or entry.
struct Difference {
    std::string path; // a JSON pointer
    std::optional<boost::json::value> expected;
    std::optional<boost::json::value> actual;
};

// All differences, in the order of `expected`; additional members and entries of `actual` come last in their object or
// list.
std::vector<Difference> differences(const boost::json::value& expected, const boost::json::value& actual);

// "<before><path>: expected <value>, got <value>" in at most max_columns columns.
std::string line_of(const Difference& difference, std::string_view before = {});

// The first lines, and the number of the others.
std::vector<std::string> first_lines(std::vector<std::string> lines, std::size_t most, std::string_view indent = {});

// Where two texts begin to differ: "from byte 17: expected `...`, got `...`"; empty if they do not.
std::string text_difference(std::string_view expected, std::string_view actual);

// Compares JSON values; one difference per line.
std::string difference(const boost::json::value& actual, const boost::json::value& expected);

// Compares JSON texts, including the order of members and white space. Other texts are compared byte by byte.
std::string json_text_difference(std::string_view actual, std::string_view expected);

namespace detail {

std::string list_difference(const std::vector<std::string>& first, const std::vector<std::string>& second);
std::string joined_lines(std::vector<std::string> lines);
std::string value_difference(std::string_view place, std::string_view first, std::string_view second);

template <class T>
concept HasFields = std::is_aggregate_v<T> && !std::ranges::range<T>;

template <class T>
concept ListOfStructs = std::ranges::random_access_range<T> && HasFields<std::ranges::range_value_t<T>>;

template <std::ranges::range First, std::ranges::range Second>
std::string entry_difference(const First& first, const Second& second)
{
    std::vector<std::string> texts[2];
    for (const auto& entry : first)
        texts[0].push_back(shown(entry));
    for (const auto& entry : second)
        texts[1].push_back(shown(entry));
    return list_difference(texts[0], texts[1]);
}

// Fields are numbered, since C++ does not provide their names: "[2].0: ..." is the first field of the third struct.
template <class T>
void collect(const std::string& place, const T& first, const T& second, std::vector<std::string>& lines)
{
    if constexpr (HasFields<T>) {
        const auto left = fields_of(first);
        const auto right = fields_of(second);
        [&]<std::size_t... Number>(std::index_sequence<Number...>)
        {
            (collect(place + "." + std::to_string(Number), std::get<Number>(left), std::get<Number>(right), lines),
             ...);
        }
        (std::make_index_sequence<std::tuple_size_v<decltype(fields_of(first))>>{});
    } else if constexpr (ListOfStructs<T>) {
        if (first.size() != second.size())
            lines.push_back((place.empty() ? "" : place + ": ") + entry_difference(first, second));
        else
            for (std::size_t i = 0; i < first.size(); ++i)
                collect(place + "[" + std::to_string(i) + "]", first[i], second[i], lines);
    } else if (!(first == second)) {
        lines.push_back(value_difference(place, shown(first), shown(second)));
    }
}

} // namespace detail

// Compares sets, maps or lists: the entries that only one of them has, or where their order begins to differ.
template <std::ranges::range First, std::ranges::range Second>
    requires(!Text<First> && !std::is_convertible_v<const First&, const boost::json::value&>)
std::string difference(const First& first, const Second& second)
{
    if constexpr (std::is_same_v<First, Second> && detail::ListOfStructs<First>) {
        std::vector<std::string> lines;
        detail::collect("", first, second, lines);
        return detail::joined_lines(std::move(lines));
    } else {
        return detail::entry_difference(first, second);
    }
}

// Compares structs: their fields, one per line.
template <detail::HasFields T>
std::string difference(const T& first, const T& second)
{
    std::vector<std::string> lines;
    detail::collect("", first, second, lines);
    return detail::joined_lines(std::move(lines));
}

template <class T>
std::string difference(const std::optional<T>& first, const std::optional<T>& second)
{
    if (first && second)
        return difference(*first, *second);
    return first || second ? detail::value_difference("all of it", shown(first), shown(second)) : std::string{};
}

template <class T>
std::string difference(const std::optional<T>& first, const T& second)
{
    return difference(first, std::optional<T>{second});
}

} // namespace cvm::test
