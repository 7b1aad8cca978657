#include "server/base/json_text.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace cvm {

namespace json = boost::json;

namespace {

constexpr std::size_t first_size = 1024;

constexpr double max_safe_integer = 9007199254740991; // 2^53 - 1

// The longest text of a number: -1.7976931348623157e+308.
constexpr std::size_t max_number = 32;

constexpr std::string_view hex = "0123456789abcdef";

// Characters that never need an escape, whatever the AnswerText.
constexpr auto plain = [] {
    std::array<bool, 256> table{};
    for (std::size_t c = ' '; c < 0x80; ++c)
        table[c] = c != '"' && c != '\\' && c != '/';
    return table;
}();

bool is_plain(char c) { return plain[static_cast<unsigned char>(c)]; }

// The first character of `rest`, which is UTF-8, and its length in bytes. A truncated character ends before the next
// one, so that no character escapes the escaping.
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
    std::size_t at = 1;
    for (; at < bytes && at < rest.size() && (byte(at) & 0xc0U) == 0x80; ++at)
        code = code << 6U | (byte(at) & 0x3fU);
    return {code, at};
}

// Writes \uXXXX for one UTF-16 code unit.
void write_unit(char* out, std::uint32_t unit)
{
    *out++ = '\\';
    *out++ = 'u';
    for (const unsigned shift : {12U, 8U, 4U, 0U})
        *out++ = hex[unit >> shift & 15U];
}

constexpr std::size_t unit_size = 6;

// Returns how many of the max_number bytes were used.
template <class Number>
std::size_t write_number(char* out, Number number)
{
    return static_cast<std::size_t>(std::to_chars(out, out + max_number, number).ptr - out);
}

} // namespace

void JsonWriter::enlarge(std::size_t bytes)
{
    buffer_.resize(std::max({first_size, buffer_.size() * 2, size_ + bytes}));
}

void JsonWriter::separate()
{
    if (comma_)
        append(text_.white_space ? ", " : ",");
    comma_ = true;
}

void JsonWriter::begin(char bracket)
{
    separate();
    *grow(1) = bracket;
    comma_ = false;
}

void JsonWriter::end(char bracket)
{
    *grow(1) = bracket;
    comma_ = true;
}

// Written in one piece, because names are the most frequent part of an answer.
void JsonWriter::name(MemberName name)
{
    const std::string_view text = name.text();
    char* const begin = grow(text.size() + 6);
    char* out = begin;
    if (comma_)
        *out++ = ',';
    if (comma_ && text_.white_space)
        *out++ = ' ';
    *out++ = '"';
    std::memcpy(out, text.data(), text.size());
    out += text.size();
    *out++ = '"';
    *out++ = ':';
    if (text_.white_space)
        *out++ = ' ';
    size_ -= text.size() + 6 - static_cast<std::size_t>(out - begin);
    comma_ = false;
}

void JsonWriter::any_name(std::string_view name)
{
    separate();
    quote(name);
    append(text_.white_space ? ": " : ":");
    comma_ = false;
}

void JsonWriter::value(std::nullptr_t)
{
    separate();
    append("null");
}

void JsonWriter::value(bool flag)
{
    separate();
    append(flag ? "true" : "false");
}

void JsonWriter::value(std::int64_t number)
{
    separate();
    size_ -= max_number - write_number(grow(max_number), number);
}

void JsonWriter::value(std::uint64_t number)
{
    separate();
    size_ -= max_number - write_number(grow(max_number), number);
}

void JsonWriter::value(double number)
{
    if (std::abs(number) <= max_safe_integer && std::trunc(number) == number)
        return value(static_cast<std::int64_t>(number));
    separate();
    size_ -= max_number - write_number(grow(max_number), number);
}

void JsonWriter::value(std::string_view text)
{
    separate();
    quote(text);
}

void JsonWriter::value(const json::value& tree)
{
    switch (tree.kind()) {
    case json::kind::null:
        return value(nullptr);
    case json::kind::bool_:
        return value(tree.get_bool());
    case json::kind::int64:
        return value(tree.get_int64());
    case json::kind::uint64:
        return value(tree.get_uint64());
    case json::kind::double_:
        return value(tree.get_double());
    case json::kind::string:
        return value(std::string_view{tree.get_string()});
    case json::kind::array:
        begin_array();
        for (const json::value& item : tree.get_array())
            value(item);
        return end_array();
    case json::kind::object:
        begin_object();
        for (const auto& [key, member] : tree.get_object()) {
            any_name(std::string_view{key});
            value(member);
        }
        return end_object();
    }
}

void JsonWriter::written(std::string_view json)
{
    separate();
    append(json);
}

void JsonWriter::quote(std::string_view text)
{
    *grow(1) = '"';
    while (!text.empty()) {
        const auto special = std::find_if_not(text.begin(), text.end(), is_plain);
        const auto before = static_cast<std::size_t>(special - text.begin());
        append(text.substr(0, before));
        text.remove_prefix(before);
        if (text.empty())
            break;
        const bool ascii = static_cast<unsigned char>(text.front()) < 0x80;
        const Character character = ascii ? Character{static_cast<std::uint32_t>(text.front()), 1} : character_of(text);
        escape(text.substr(0, character.bytes));
        text.remove_prefix(character.bytes);
    }
    *grow(1) = '"';
}

void JsonWriter::escape(std::string_view character)
{
    const char c = character.front();
    if (c == '"' || c == '\\' || (c == '/' && text_.escaped_slash)) {
        char* const out = grow(2);
        out[0] = '\\';
        out[1] = c;
    } else if (c == '\n') {
        append("\\n");
    } else if (static_cast<unsigned char>(c) < ' ') {
        write_unit(grow(unit_size), static_cast<std::uint32_t>(c));
    } else if (static_cast<unsigned char>(c) < 0x80 || !text_.ascii) {
        append(character);
    } else if (const std::uint32_t code = character_of(character).code; code < 0x10000) {
        write_unit(grow(unit_size), code);
    } else {
        write_unit(grow(unit_size), 0xd800 + ((code - 0x10000) >> 10U));
        write_unit(grow(unit_size), 0xdc00 + ((code - 0x10000) & 0x3ffU));
    }
}

std::string JsonWriter::take()
{
    buffer_.resize(size_);
    size_ = 0;
    comma_ = false;
    return std::move(buffer_);
}

std::string json_text(const json::value& value, const AnswerText& text)
{
    JsonWriter writer{text};
    writer.value(value);
    return writer.take();
}

} // namespace cvm
