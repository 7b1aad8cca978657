#pragma once

#include <cstddef>
#include <ostream>
#include <streambuf>
#include <string>
#include <string_view>

// Output for a terminal: no line is wider than it can be read.

namespace cvm::test {

inline constexpr std::size_t max_columns = 200;

// How wide a terminal shows a text in UTF-8. Chinese characters are two columns wide.
std::size_t columns(std::string_view text);

// The text if it has no more columns than `width`, and otherwise its beginning and its end with "..." between them.
std::string shortened(std::string_view text, std::size_t width);

// Passes text on line by line, each shortened to `max_columns`.
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
