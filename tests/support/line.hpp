#pragma once

#include <cstddef>
#include <ostream>
#include <streambuf>
#include <string>
#include <string_view>

// Output for a terminal: no line is wider than max_columns.

namespace cvm::test {

inline constexpr std::size_t max_columns = 200;

// The width of a UTF-8 text on a terminal. Chinese characters are two columns wide.
std::size_t columns(std::string_view text);

// The text if it fits into `width` columns, otherwise its beginning and its end with "..." in between.
std::string shortened(std::string_view text, std::size_t width);

// Forwards text line by line, each shortened to `max_columns`.
class ShortLines final : public std::streambuf {
public:
    explicit ShortLines(std::ostream& out) : out_{out} {}
    ~ShortLines() override;
    ShortLines(const ShortLines&) = delete;
    ShortLines& operator=(const ShortLines&) = delete;

protected:
    int_type overflow(int_type c) override;
    std::streamsize xsputn(const char* text, std::streamsize size) override;
    int sync() override;

private:
    void put(std::string_view text);

    std::ostream& out_;
    std::string line_;
};

} // namespace cvm::test
