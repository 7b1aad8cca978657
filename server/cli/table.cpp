#include "server/cli/table.hpp"

#include "server/base/text.hpp"

#include <algorithm>

namespace cvm::cli {

namespace {

// In characters, not bytes: accurate enough for names and messages.
std::size_t width_of(std::string_view text)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

} // namespace

void Table::add(std::vector<std::string> cells)
{
    for (std::string& cell : cells)
        cell = one_line(cell);
    cells.resize(columns_.size());
    rows_.push_back(std::move(cells));
}

std::string Table::text() const
{
    std::vector<std::vector<std::string>> lines;
    std::vector<std::string> headings;
    for (const Column& column : columns_)
        headings.emplace_back(column.heading);
    if (std::ranges::any_of(headings, [](const std::string& heading) { return !heading.empty(); }))
        lines.push_back(headings);
    lines.insert(lines.end(), rows_.begin(), rows_.end());

    std::vector<std::size_t> widths(columns_.size());
    for (const auto& line : lines)
        for (std::size_t i = 0; i < line.size(); ++i)
            widths[i] = std::max(widths[i], width_of(line[i]));

    std::string text;
    for (const auto& line : lines) {
        std::string row;
        for (std::size_t i = 0; i < line.size(); ++i) {
            const std::string blanks(widths[i] - width_of(line[i]), ' ');
            row += (i > 0 ? "  " : "") + (columns_[i].right ? blanks + line[i] : line[i] + blanks);
        }
        row.erase(row.find_last_not_of(' ') + 1);
        text += row + "\n";
    }
    return text;
}

} // namespace cvm::cli
