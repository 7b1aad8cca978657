#include "server/wire/json_text.hpp"

#include <boost/json.hpp>

#include <array>
#include <charconv>

namespace cvm::wire {

namespace json = boost::json;

namespace {

template <class Number>
void append_number(std::string& out, Number number)
{
    std::array<char, 32> digits{};
    out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

void append_string(std::string& out, json::string_view text)
{
    constexpr std::string_view hex = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (static_cast<unsigned char>(c) < ' ') {
            out += "\\u00";
            out += hex[static_cast<unsigned char>(c) >> 4U];
            out += hex[static_cast<unsigned char>(c) & 15U];
        } else {
            out += c;
        }
    }
    out += '"';
}

void append(std::string& out, const json::value& value)
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
        return append_string(out, value.get_string());
    case json::kind::array: {
        char separator = '[';
        for (const json::value& item : value.get_array()) {
            out += separator;
            append(out, item);
            separator = ',';
        }
        out += separator == '[' ? "[]" : "]";
        return;
    }
    case json::kind::object: {
        char separator = '{';
        for (const auto& [name, member] : value.get_object()) {
            out += separator;
            append_string(out, name);
            out += ':';
            append(out, member);
            separator = ',';
        }
        out += separator == '{' ? "{}" : "}";
        return;
    }
    }
}

} // namespace

std::string json_text(const json::value& value)
{
    std::string out;
    append(out, value);
    return out;
}

} // namespace cvm::wire
