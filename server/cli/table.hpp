#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace cvm::cli {

struct Column {
    std::string_view heading; // empty in all columns: no line of headings
    bool right = false;       // numbers
};

// Columns of text, as wide as they must be.
class Table {
public:
    Table(std::initializer_list<Column> columns) : columns_{columns} {}

    // As many cells as there are columns. Control characters become "?", so that no answer can drive the terminal.
    void add(std::vector<std::string> cells);

    bool empty() const { return rows_.empty(); }

    // With a line end behind every line and no blanks before it.
    std::string text() const;

private:
    std::vector<Column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

} // namespace cvm::cli
