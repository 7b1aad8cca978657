#include "server/wire/json_text.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace cvm::wire {

namespace json = boost::json;

namespace {

template <class Number>
void append_number(std::string& out, Number number)
{
    std::array<char, 32> digits{};
    out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

constexpr std::string_view hex = "0123456789abcdef";

// \uXXXX, for one unit of UTF-16.
void append_unit(std::string& out, std::uint32_t unit)
{
    out += "\\u";
    for (const unsigned shift : {12U, 8U, 4U, 0U})
        out += hex[unit >> shift & 15U];
}

// The character at the beginning of `rest`, which is UTF-8, and how many bytes it has.
struct Character {
    std::uint32_t code;
    std::size_t bytes;
};

Character character_of(std::string_view rest)
{
    const auto byte = [&](std::size_t at) { return static_cast<std::uint32_t>(static_cast<unsigned char>(rest[at])); };
    const std::uint32_t first = byte(0);
    const std::size_t bytes = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    std::uint32_t code = first & (0xffU >> (bytes + 1));
    for (std::size_t at = 1; at < bytes && at < rest.size(); ++at)
        code = code << 6U | (byte(at) & 0x3fU);
    return {code, std::min(bytes, rest.size())};
}

void append_escaped(std::string& out, std::uint32_t code)
{
    if (code < 0x10000)
        return append_unit(out, code);
    append_unit(out, 0xd800 + ((code - 0x10000) >> 10U));
    append_unit(out, 0xdc00 + ((code - 0x10000) & 0x3ffU));
}

class Writer {
public:
    explicit Writer(const AnswerText& text) : text_{text} {}

    void append(const json::value& value)
    {
        switch (value.kind()) {
        case json::kind::null:
            out += "null";
            return;
        case json::kind::bool_:
            out += value.get_bool() ? "true" : "false";
            return;
        case json::kind::int64:
            return append_number(out, value.get_int64());
        case json::kind::uint64:
            return append_number(out, value.get_uint64());
        case json::kind::double_:
            return append_number(out, value.get_double());
        case json::kind::string:
            return append_string(value.get_string());
        case json::kind::array:
            return append_array(value.get_array());
        case json::kind::object:
            return append_object(value.get_object());
        }
    }

    std::string out;

private:
    void append_array(const json::array& items)
    {
        out += '[';
        bool first = true;
        for (const json::value& item : items) {
            separate(first);
            append(item);
        }
        out += ']';
    }

    void append_object(const json::object& members)
    {
        out += '{';
        bool first = true;
        for (const auto& [name, member] : members) {
            separate(first);
            append_string(name);
            out += text_.white_space ? ": " : ":";
            append(member);
        }
        out += '}';
    }

    void separate(bool& first)
    {
        if (!first)
            out += text_.white_space ? ", " : ",";
        first = false;
    }

    void append_string(std::string_view text)
    {
        out += '"';
        for (std::size_t at = 0; at < text.size(); ++at) {
            const char c = text[at];
            const auto byte = static_cast<unsigned char>(c);
            if (c == '"' || c == '\\' || (c == '/' && text_.escaped_slash)) {
                out += '\\';
                out += c;
            } else if (c == '\n') {
                out += "\\n";
            } else if (byte < ' ') {
                append_unit(out, byte);
            } else if (byte >= 0x80 && text_.ascii) {
                const auto [code, bytes] = character_of(text.substr(at));
                append_escaped(out, code);
                at += bytes - 1;
            } else {
                out += c;
            }
        }
        out += '"';
    }

    const AnswerText& text_;
};

} // namespace

std::string json_text(const json::value& value, const AnswerText& text)
{
    Writer writer{text};
    writer.append(value);
    return std::move(writer.out);
}

} // namespace cvm::wire
