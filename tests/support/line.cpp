#include "tests/support/line.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace cvm::test {

namespace {

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// The width of one UTF-8 character. Characters from U+3000 on are treated as wide.
std::size_t width_of(std::string_view character)
{
    return character.size() >= 3 && static_cast<unsigned char>(character.front()) > 0xE2U ? 2 : 1;
}

std::vector<std::string_view> characters(std::string_view text)
{
    std::vector<std::string_view> list;
    for (std::size_t begin = 0, end = 0; begin < text.size(); begin = end) {
        end = begin + 1;
        while (end < text.size() && continues(text[end]))
            ++end;
        list.push_back(text.substr(begin, end - begin));
    }
    return list;
}

// The length in bytes of the longest prefix that fits into `width` columns.
template <class Iterator>
std::size_t fitting(Iterator begin, Iterator end, std::size_t width)
{
    std::size_t bytes = 0;
    for (std::size_t used = 0; begin != end; ++begin) {
        used += width_of(*begin);
        if (used > width)
            break;
        bytes += begin->size();
    }
    return bytes;
}

} // namespace

std::size_t columns(std::string_view text)
{
    std::size_t sum = 0;
    for (const std::string_view character : characters(text))
        sum += width_of(character);
    return sum;
}

std::string shortened(std::string_view text, std::size_t width)
{
    constexpr std::string_view gap = "...";
    if (text.size() <= width || columns(text) <= width)
        return std::string{text};
    const std::size_t room = std::max(width, gap.size()) - gap.size();
    const auto list = characters(text);
    const std::size_t head = fitting(list.begin(), list.end(), room - room / 2);
    const std::size_t tail = fitting(list.rbegin(), list.rend(), room / 2);
    return std::string{text.substr(0, head)} + std::string{gap} + std::string{text.substr(text.size() - tail)};
}

ShortLines::~ShortLines()
{
    out_ << shortened(line_, max_columns);
    out_.flush();
}

void ShortLines::put(std::string_view text)
{
    for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        line_ += text.substr(0, end);
        out_ << shortened(line_, max_columns) << '\n';
        line_.clear();
        text.remove_prefix(end + 1);
    }
    line_ += text;
}

ShortLines::int_type ShortLines::overflow(int_type c)
{
    if (traits_type::eq_int_type(c, traits_type::eof()))
        return traits_type::not_eof(c);
    const char one = traits_type::to_char_type(c);
    put({&one, 1});
    return c;
}

std::streamsize ShortLines::xsputn(const char* text, std::streamsize size)
{
    put({text, static_cast<std::size_t>(size)});
    return size;
}

// An unfinished line is kept, since its final length is unknown.
int ShortLines::sync()
{
    out_.flush();
    return out_.good() ? 0 : -1;
}

} // namespace cvm::test
