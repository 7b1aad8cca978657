#include "server/base/near.hpp"

#include "server/base/text.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace cvm {

namespace {

constexpr std::size_t max_hints = 3;
constexpr std::size_t worse_than_the_best = 2; // letters

// The number of letters to insert, delete or replace (Levenshtein distance).
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = std::exchange(row[j + 1], std::min({changed, row[j] + 1, row[j + 1] + 1}));
        }
    }
    return row.back();
}

} // namespace

std::string near_hint(std::string_view word, std::span<const std::string> candidates)
{
    constexpr std::size_t longest = 64; // longer words are not typing mistakes
    if (word.empty() || word.size() > longest)
        return {};
    const std::string wanted = ascii_lower(word);
    std::vector<std::pair<std::size_t, std::string>> found;
    for (const std::string& candidate : candidates) {
        const std::string name = ascii_lower(candidate);
        const std::size_t far = distance(wanted, name);
        const bool part = wanted.size() >= 3 && name.find(wanted) != std::string::npos;
        if (part || far * 3 <= std::max(wanted.size(), name.size()))
            found.emplace_back(far, candidate);
    }
    std::ranges::sort(found);
    found.erase(std::unique(found.begin(), found.end()), found.end());
    if (!found.empty()) {
        const std::size_t far_off = found.front().first + worse_than_the_best;
        std::erase_if(found, [&](const auto& one) { return one.first > far_off; });
    }
    found.resize(std::min(found.size(), max_hints));
    std::string hint;
    for (std::size_t i = 0; i < found.size(); ++i)
        hint += (i == 0 ? "" : i + 1 < found.size() ? ", " : " or ") + found[i].second;
    return hint.empty() ? "" : "; did you mean " + hint + "?";
}

std::string unknown_flag(std::string_view word, std::span<const std::string> flags)
{
    return "unknown flag " + printable(one_line(word)) + near_hint(word.substr(0, word.find('=')), flags);
}

} // namespace cvm
