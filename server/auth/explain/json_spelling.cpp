#include "server/auth/explain/json_spelling.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <numeric>

namespace cvm::auth {

namespace json = boost::json;

namespace {

using Node = JsonText::Node;

constexpr std::size_t max_depth = 32;

// Parses a text that is known to be valid JSON, so there are no checks.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_{text} {}

    Node read()
    {
        skip_blanks();
        switch (rest_.front()) {
        case '{':
            return read_list('{', '}');
        case '[':
            return read_list('[', ']');
        case '"':
            return read_string();
        default:
            return Node{0, take(std::min(rest_.find_first_of(",]} \t\r\n"), rest_.size())), {}, {}, {}};
        }
    }

private:
    void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size())); }

    std::string take(std::size_t count)
    {
        std::string taken{rest_.substr(0, count)};
        rest_.remove_prefix(count);
        return taken;
    }

    Node read_string()
    {
        std::size_t end = 1;
        while (rest_[end] != '"')
            end += rest_[end] == '\\' ? 2U : 1U;
        Node node{'"', take(end + 1), {}, {}, {}};
        node.decoded = std::string_view{json::parse(node.written).as_string()};
        return node;
    }

    Node read_list(char open, char close)
    {
        Node node{open, {}, {}, {}, {}};
        take(1);
        for (skip_blanks(); rest_.front() != close; skip_blanks()) {
            if (rest_.front() == ',') {
                take(1);
                skip_blanks();
            }
            if (open == '{') {
                node.names.push_back(read_string());
                skip_blanks();
                take(1); // the colon
            }
            node.items.push_back(read());
        }
        take(1);
        return node;
    }

    std::string_view rest_;
};

void append_unit(std::string& out, unsigned unit)
{
    constexpr std::string_view digits = "0123456789abcdef";
    out += "\\u";
    for (unsigned shift = 16; shift > 0; shift -= 4)
        out += digits[(unit >> (shift - 4U)) & 15U];
}

// Removes a code point, a valid UTF-8 sequence, from the front of `text`.
unsigned take_code_point(std::string_view& text)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(text[i])); };
    const std::size_t length = byte(0) < 0x80U ? 1 : byte(0) < 0xE0U ? 2 : byte(0) < 0xF0U ? 3 : 4;
    constexpr std::array<unsigned, 5> first_mask{0, 0x7FU, 0x1FU, 0x0FU, 0x07U};
    unsigned point = byte(0) & first_mask.at(length);
    for (std::size_t i = 1; i < length && i < text.size(); ++i)
        point = (point << 6U) | (byte(i) & 0x3FU);
    text.remove_prefix(std::min(length, text.size()));
    return point;
}

void append_escaped(std::string& out, std::string_view text, JsonStrings strings)
{
    constexpr std::string_view named = "\"\\\b\f\n\r\t";
    constexpr std::string_view letters = "\"\\bfnrt";
    const bool ascii = strings == JsonStrings::ascii || strings == JsonStrings::ascii_slashes;
    out += '"';
    while (!text.empty()) {
        const std::string_view before = text;
        const unsigned point = take_code_point(text);
        const char c = before.front();
        if (const auto at = named.find(c); at != std::string_view::npos) {
            out += '\\';
            out += letters[at];
        } else if (point < 0x20U || (strings == JsonStrings::html && (c == '<' || c == '>' || c == '&')) ||
                   (strings == JsonStrings::html && (point == 0x2028U || point == 0x2029U)) ||
                   (ascii && point >= 0x80U && point < 0x10000U)) {
            append_unit(out, point);
        } else if (ascii && point >= 0x10000U) {
            append_unit(out, 0xD800U + ((point - 0x10000U) >> 10U));
            append_unit(out, 0xDC00U + ((point - 0x10000U) & 0x3FFU));
        } else {
            if (strings == JsonStrings::ascii_slashes && c == '/')
                out += '\\';
            out += before.substr(0, before.size() - text.size());
        }
    }
    out += '"';
}

class Writer {
public:
    Writer(const JsonSpelling& spelling, JsonStrings strings, bool sorted, std::size_t max_bytes)
        : spelling_{spelling}, strings_{strings}, sorted_{sorted}, max_bytes_{max_bytes}
    {
    }

    // Returns false if the text became too long.
    bool write(const Node& node, std::size_t depth)
    {
        if (out.size() > max_bytes_)
            return false;
        if (node.kind == '{' || node.kind == '[')
            return write_list(node, depth);
        if (node.kind == '"' && strings_ != JsonStrings::as_written)
            append_escaped(out, node.decoded, strings_);
        else
            out += node.written;
        return true;
    }

    std::string out{};

private:
    void new_line(std::size_t depth)
    {
        if (spelling_.indent.empty())
            return;
        out += '\n';
        for (std::size_t i = 0; i < depth; ++i)
            out += spelling_.indent;
    }

    bool write_list(const Node& node, std::size_t depth)
    {
        std::vector<std::size_t> order(node.items.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        if (sorted_ && node.kind == '{')
            std::ranges::stable_sort(
                order, [&](std::size_t a, std::size_t b) { return node.names[a].decoded < node.names[b].decoded; });
        out += node.kind;
        for (std::size_t i = 0; i < order.size(); ++i) {
            if (i > 0)
                out += spelling_.item;
            new_line(depth + 1);
            if (node.kind == '{') {
                write(node.names[order[i]], depth);
                out += spelling_.colon;
            }
            if (!write(node.items[order[i]], depth + 1))
                return false;
        }
        if (!order.empty())
            new_line(depth);
        out += node.kind == '{' ? '}' : ']';
        return true;
    }

    const JsonSpelling& spelling_;
    JsonStrings strings_;
    bool sorted_;
    std::size_t max_bytes_;
};

} // namespace

std::optional<JsonText> JsonText::parse(std::string_view text)
{
    json::parse_options options;
    options.max_depth = max_depth;
    boost::system::error_code ec;
    json::parse(text, ec, {}, options);
    if (ec)
        return std::nullopt;
    JsonText parsed;
    parsed.root_ = Reader{text}.read();
    return parsed;
}

std::optional<std::string> JsonText::spelled(const JsonSpelling& spelling, JsonStrings strings, bool sorted,
                                             std::size_t max_bytes) const
{
    Writer writer{spelling, strings, sorted, max_bytes};
    if (!writer.write(root_, 0))
        return std::nullopt;
    return std::move(writer.out);
}

} // namespace cvm::auth
