#include "server/wire/form.hpp"

#include "server/base/text.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>

namespace cvm::wire {

namespace json = boost::json;

namespace {

constexpr int max_depth = 16;

int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

std::optional<std::string> percent_decoded(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+') {
            out += ' ';
        } else if (text[i] == '%') {
            const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return std::nullopt;
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

// Compares the parts of a name between dots; indices are compared as numbers.
struct NameLess {
    static std::optional<std::uint64_t> number(std::string_view name)
    {
        std::uint64_t value = 0;
        const auto [end, ec] = std::from_chars(name.data(), name.data() + name.size(), value);
        return ec == std::errc{} && end == name.data() + name.size() ? std::optional{value} : std::nullopt;
    }

    bool operator()(const std::string& a, const std::string& b) const
    {
        const auto x = number(a);
        const auto y = number(b);
        if (x && y && *x != *y)
            return *x < *y;
        if (x.has_value() != y.has_value())
            return x.has_value();
        return a < b;
    }
};

struct Node {
    std::optional<std::string> value;
    std::map<std::string, std::unique_ptr<Node>, NameLess> children;
};

json::value to_json(const Node& node)
{
    if (node.value)
        return json::value(*node.value);
    const bool list =
        std::ranges::all_of(node.children, [](const auto& child) { return NameLess::number(child.first).has_value(); });
    if (list) {
        json::array items;
        for (const auto& [name, child] : node.children)
            items.push_back(to_json(*child));
        return items;
    }
    json::object members;
    for (const auto& [name, child] : node.children)
        members.emplace(name, to_json(*child));
    return members;
}

} // namespace

Result<Form> parse_form(std::string_view text)
{
    Form form;
    while (!text.empty()) {
        const std::string_view piece = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(text.size(), piece.size() + 1));
        if (piece.empty())
            continue;
        const auto equals = piece.find('=');
        if (equals == std::string_view::npos)
            return error(Errc::invalid_parameter_form_syntax);
        auto name = percent_decoded(piece.substr(0, equals));
        auto value = percent_decoded(piece.substr(equals + 1));
        if (!name || !value)
            return error(Errc::invalid_parameter_percent_escape, piece);
        form.insert_or_assign(*std::move(name), *std::move(value));
    }
    return form;
}

std::string percent_encoded(std::string_view text, bool lower_hex, bool plus_for_blank)
{
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    const std::string_view digits = lower_hex ? "0123456789abcdef" : "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        if (plain.find(c) != std::string_view::npos) {
            out += c;
        } else if (c == ' ' && plus_for_blank) {
            out += '+';
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += '%';
            out += digits[byte >> 4U];
            out += digits[byte & 15U];
        }
    }
    return out;
}

std::string peek(std::string_view text, std::string_view name)
{
    std::string found;
    while (!text.empty()) {
        const std::string_view piece = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(text.size(), piece.size() + 1));
        if (piece.size() > name.size() && piece.starts_with(name) && piece[name.size()] == '=')
            found = percent_decoded(piece.substr(name.size() + 1)).value_or("");
    }
    return found;
}

Result<json::object> to_tree(const Form& form)
{
    Node root;
    for (const auto& [path, value] : form) {
        if (valid_utf8(path) != path || valid_utf8(value) != value)
            return error(Errc::invalid_parameter, "the parameter " + printable(path) + " is not UTF-8");
        Node* node = &root;
        std::string_view rest = path;
        for (int depth = 0;; ++depth) {
            if (depth == max_depth)
                return error(Errc::invalid_parameter_deep_name, path);
            const auto dot = rest.find('.');
            auto& child = node->children[std::string{rest.substr(0, dot)}];
            if (!child)
                child = std::make_unique<Node>();
            node = child.get();
            if (node->value)
                return error(Errc::invalid_parameter_name_with_value, path);
            if (dot == std::string_view::npos)
                break;
            rest.remove_prefix(dot + 1);
        }
        node->value = value; // it has no children yet: the form is sorted, and a shorter name comes first
    }
    json::object tree;
    for (const auto& [name, child] : root.children)
        tree.emplace(name, to_json(*child));
    return tree;
}

} // namespace cvm::wire
