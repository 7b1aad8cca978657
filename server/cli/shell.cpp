#include "server/cli/shell.hpp"

#include <algorithm>

namespace cvm::cli {

namespace {

bool is_plain(char c)
{
    constexpr std::string_view others = "-_./:,@%+";
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
}

} // namespace

std::string shell_quoted(std::string_view text)
{
    if (!text.empty() && std::ranges::all_of(text, is_plain))
        return std::string{text};
    std::string quoted = "'";
    for (const char c : text) {
        if (c == '\'')
            quoted += R"('\'')";
        else if (c == '\\')
            quoted += R"('\\')"; // fish reads a backslash inside single quotes
        else
            quoted += c;
    }
    return quoted + "'";
}

} // namespace cvm::cli
