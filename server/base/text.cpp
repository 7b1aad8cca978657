#include "server/base/text.hpp"

#include <boost/nowide/utf/convert.hpp>

#include <algorithm>
#include <array>

namespace cvm {

namespace {

constexpr std::size_t max_echo = 256;

constexpr std::array<std::string_view, 7> secret_names{"password",     "token",      "secretkey", "securitytoken",
                                                       "sessiontoken", "privatekey", "userdata"};

bool is_control(char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }

} // namespace

std::string ascii_lower(std::string_view text)
{
    std::string lower{text};
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return lower;
}

std::size_t characters(std::string_view text) noexcept
{
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::string valid_utf8(std::string_view text)
{
    if (std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
        return std::string{text};
    return boost::nowide::utf::convert_string<char>(text.data(), text.data() + text.size());
}

std::string printable(std::string_view text)
{
    if (text.size() <= max_echo)
        return valid_utf8(text);
    return valid_utf8(text.substr(0, max_echo)) + "...";
}

std::string one_line(std::string_view text)
{
    // Besides the ASCII control characters, those of Latin-1 and the ones that control text direction.
    constexpr std::array<std::string_view, 11> others{"\u202A", "\u202B", "\u202C", "\u202D", "\u202E", "\u2066",
                                                      "\u2067", "\u2068", "\u2069", "\u200E", "\u200F"};
    std::string line{text};
    std::ranges::replace_if(line, is_control, '?');
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
        const auto next = static_cast<unsigned char>(line[i + 1]);
        if (line[i] == '\xC2' && next >= 0x80 && next < 0xA0)
            line.replace(i, 2, "?");
        else if (std::ranges::find(others, std::string_view{line}.substr(i, 3)) != others.end())
            line.replace(i, 3, "?");
    }
    return line;
}

std::string indented(std::string_view text)
{
    std::string lines = "    ";
    for (const char c : text) {
        if (c == '\n')
            lines += "\n    ";
        else
            lines += is_control(c) ? '?' : c;
    }
    return lines;
}

bool glob_match(std::string_view pattern, std::string_view text) noexcept
{
    // The usual algorithm with two pointers: on a mismatch the last star takes one more character.
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;
    std::size_t taken = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            taken = t;
        } else if (p < pattern.size() && pattern[p] == text[t]) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++taken;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool is_number(std::string_view text) noexcept
{
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool names_secret(std::string_view name)
{
    constexpr std::string_view separators = "._-";
    for (;;) {
        const auto at = name.find_last_of(separators);
        const std::string_view last = at == std::string_view::npos ? name : name.substr(at + 1);
        if (at == std::string_view::npos || !is_number(last))
            return std::ranges::find(secret_names, ascii_lower(last)) != secret_names.end();
        name = name.substr(0, at);
    }
}

} // namespace cvm
