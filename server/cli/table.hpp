#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace cvm::cli {

struct Column {
    std::string_view heading; // empty in all columns: no header line
    bool right = false;       // right-aligned, for numbers
};

// A table of text whose columns are as wide as necessary.
class Table {
public:
    Table(std::initializer_list<Column> columns) : columns_{columns} {}

    // The number of cells must be that of the columns. Control characters become "?", so that no answer can control the
    // terminal.
    void add(std::vector<std::string> cells);

    bool empty() const { return rows_.empty(); }

    // Every line ends with a line break, and has no trailing spaces.
    std::string text() const;

private:
    std::vector<Column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

} // namespace cvm::cli
