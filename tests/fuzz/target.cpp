#include "tests/fuzz/target.hpp"

#include <algorithm>

namespace cvm::fuzz {

void expect(bool holds, std::string_view what, std::string_view shown)
{
    if (!holds)
        throw Broken{std::string{what} + (shown.empty() ? "" : ": " + std::string{shown.substr(0, 2000)})};
}

std::vector<std::string_view> parts_of(std::string_view input, std::size_t most)
{
    constexpr std::string_view line = "\n---\n";
    std::vector<std::string_view> parts;
    while (parts.size() < most) {
        const auto end = input.find(line);
        parts.push_back(input.substr(0, end));
        if (end == std::string_view::npos)
            break;
        input.remove_prefix(end + line.size());
    }
    return parts;
}

std::string_view take_line(std::string_view& text)
{
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    return line;
}

std::string_view take_word(std::string_view& line)
{
    const std::string_view word = line.substr(0, line.find(' '));
    line.remove_prefix(std::min(line.size(), word.size() + 1));
    return word;
}

} // namespace cvm::fuzz
