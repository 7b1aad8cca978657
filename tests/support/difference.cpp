#include "tests/support/difference.hpp"

#include "server/base/json_text.hpp"

#include <boost/json.hpp>

#include <array>
#include <map>

namespace cvm::test {

namespace json = boost::json;

namespace {

// Escapes the name of a member for a JSON pointer.
std::string token(std::string_view name)
{
    std::string text;
    for (const char c : name)
        text += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return text;
}

void collect(const std::string& path, const json::value& expected, const json::value& actual,
             std::vector<Difference>& found);

void collect(const std::string& path, const json::object& expected, const json::object& actual,
             std::vector<Difference>& found)
{
    for (const auto& [name, value] : expected) {
        const std::string at = path + "/" + token(name);
        if (const auto* other = actual.if_contains(name))
            collect(at, value, *other, found);
        else
            found.push_back({at, value, std::nullopt});
    }
    for (const auto& [name, value] : actual)
        if (!expected.contains(name))
            found.push_back({path + "/" + token(name), std::nullopt, value});
}

void collect(const std::string& path, const json::array& expected, const json::array& actual,
             std::vector<Difference>& found)
{
    for (std::size_t i = 0; i < std::max(expected.size(), actual.size()); ++i) {
        const std::string at = path + "/" + std::to_string(i);
        if (i >= actual.size())
            found.push_back({at, expected[i], std::nullopt});
        else if (i >= expected.size())
            found.push_back({at, std::nullopt, actual[i]});
        else
            collect(at, expected[i], actual[i], found);
    }
}

void collect(const std::string& path, const json::value& expected, const json::value& actual,
             std::vector<Difference>& found)
{
    if (expected.is_object() && actual.is_object())
        collect(path, expected.get_object(), actual.get_object(), found);
    else if (expected.is_array() && actual.is_array())
        collect(path, expected.get_array(), actual.get_array(), found);
    else if (expected != actual)
        found.push_back({path, expected, actual});
}

std::string shown_value(const std::optional<json::value>& value) { return value ? shown(*value) : "nothing"; }

// Shortens two different texts to `width` columns together, each to at least half of them. If the difference would be
// cut off, the texts begin shortly before it.
std::array<std::string, 2> shortened_pair(std::string_view a, std::string_view b, std::size_t width)
{
    const auto rest = [&](std::string_view other) { return width - std::min(columns(other), width / 2); };
    std::array<std::string, 2> pair{shortened(a, rest(b)), shortened(b, rest(a))};
    if (pair[0] != pair[1] || a == b)
        return pair;
    constexpr std::size_t context = 8;
    const auto common = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
    const std::size_t cut = common - std::min(common, context);
    return {shortened("..." + std::string{a.substr(cut)}, width / 2),
            shortened("..." + std::string{b.substr(cut)}, width / 2)};
}

std::string line(std::string_view before, std::string_view expected, std::string_view actual)
{
    const std::string begin = shortened(before, max_columns / 2) + ": expected ";
    const std::string_view middle = ", got ";
    const auto pair = shortened_pair(expected, actual, max_columns - columns(begin) - middle.size());
    return begin + pair[0] + std::string{middle} + pair[1];
}

std::string joined(const std::vector<std::string>& lines, std::string_view between)
{
    std::string text;
    for (const std::string& one : lines)
        text += (text.empty() ? "" : std::string{between}) + one;
    return text;
}

// The entries of `list` that are missing in `other`, with multiplicity.
std::vector<std::string> without(const std::vector<std::string>& list, const std::vector<std::string>& other)
{
    std::map<std::string_view, std::size_t> left;
    for (const std::string& entry : other)
        ++left[entry];
    std::vector<std::string> rest;
    for (const std::string& entry : list)
        if (const auto at = left.find(entry); at != left.end() && at->second > 0)
            --at->second;
        else
            rest.push_back(entry);
    return rest;
}

// The entries that only one of two lists has, in a few words.
std::string only_in(std::string_view which, const std::vector<std::string>& entries)
{
    constexpr std::size_t most = 10;
    constexpr std::size_t width = 80;
    if (entries.empty())
        return {};
    return "only in the " + std::string{which} + ": " + shortened(joined(first_lines(entries, most), ", "), width);
}

} // namespace

std::vector<Difference> differences(const json::value& expected, const json::value& actual)
{
    std::vector<Difference> found;
    collect("", expected, actual, found);
    return found;
}

std::string line_of(const Difference& difference, std::string_view before)
{
    const std::string path = difference.path.empty() ? "all of it" : difference.path;
    return line(std::string{before} + path, shown_value(difference.expected), shown_value(difference.actual));
}

std::vector<std::string> first_lines(std::vector<std::string> lines, std::size_t most, std::string_view indent)
{
    if (lines.size() > most) {
        const std::size_t more = lines.size() - most;
        lines.resize(most);
        lines.push_back(std::string{indent} + "... " + std::to_string(more) + " more");
    }
    return lines;
}

std::string text_difference(std::string_view expected, std::string_view actual)
{
    if (expected == actual)
        return {};
    constexpr std::size_t context = 10;
    constexpr std::size_t width = 60;
    const auto common = static_cast<std::size_t>(std::ranges::mismatch(expected, actual).in1 - expected.begin());
    const auto piece = [&](std::string_view text) {
        const std::string_view from = text.substr(common - std::min(common, context));
        std::string one_line = "`";
        for (const char c : from.substr(0, width))
            one_line += c == '\n' ? "\\n" : c == '\r' ? "\\r" : std::string(1, c);
        return one_line + "`";
    };
    return line("from byte " + std::to_string(common), piece(expected), piece(actual));
}

std::string difference(const json::value& actual, const json::value& expected)
{
    std::vector<std::string> lines;
    for (const Difference& one : differences(expected, actual))
        lines.push_back(line_of(one));
    return detail::joined_lines(std::move(lines));
}

std::string json_text_difference(std::string_view actual, std::string_view expected)
{
    if (actual == expected)
        return {};
    boost::system::error_code bad;
    const json::value parsed_actual = json::parse(actual, bad);
    if (bad)
        return text_difference(expected, actual);
    const json::value parsed_expected = json::parse(expected, bad);
    if (bad)
        return text_difference(expected, actual);
    const std::string places = difference(parsed_actual, parsed_expected);
    return places.empty()
               ? "the same JSON in another order or with other white space, " + text_difference(expected, actual)
               : places;
}

namespace detail {

std::string list_difference(const std::vector<std::string>& first, const std::vector<std::string>& second)
{
    if (first == second)
        return {};
    const std::string left = only_in("first", without(first, second));
    const std::string right = only_in("second", without(second, first));
    if (!left.empty() || !right.empty())
        return left + (left.empty() || right.empty() ? "" : "; ") + right;
    const auto at = std::ranges::mismatch(first, second);
    return "another order from entry " + std::to_string(at.in1 - first.begin()) + ": " + shortened(*at.in1, 60) +
           " and " + shortened(*at.in2, 60);
}

std::string joined_lines(std::vector<std::string> lines)
{
    constexpr std::size_t most = 10;
    const std::string text = joined(first_lines(std::move(lines), most), "\n");
    return text.find('\n') == std::string::npos ? text : "\n" + text; // below the text that doctest writes before it
}

std::string value_difference(std::string_view place, std::string_view first, std::string_view second)
{
    const auto pair = shortened_pair(first, second, max_columns / 2);
    return std::string{place} + ": " + pair[0] + " and " + pair[1];
}

} // namespace detail

} // namespace cvm::test
