#include "server/document/schema.hpp"

#include "server/base/embedded.hpp"
#include "server/base/json_text.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <limits>
#include <stdexcept>
#include <tuple>

namespace cvm {

namespace json = boost::json;

namespace {

constexpr std::size_t any_number = std::numeric_limits<std::size_t>::max();

[[noreturn]] void unknown(std::string_view what)
{
    throw std::invalid_argument{"a schema that Schema cannot read: " + std::string{what}};
}

std::size_t index_of(char c) { return static_cast<unsigned char>(c); }

// Removes the first character; after a backslash it returns the next one.
char take_character(std::string_view& rest)
{
    if (rest.empty())
        unknown("a pattern that breaks off");
    char c = rest.front();
    rest.remove_prefix(1);
    if (c != '\\')
        return c;
    if (rest.empty())
        unknown("a pattern that breaks off");
    c = rest.front();
    rest.remove_prefix(1);
    if (c == 'n')
        return '\n';
    if (std::string_view{".\\-[]{}()^$|?*+/"}.find(c) == std::string_view::npos)
        unknown("an escape in a pattern");
    return c;
}

// Parses the text between [ and ].
std::bitset<256> take_class(std::string_view& rest)
{
    const bool inverted = rest.starts_with('^');
    if (inverted)
        rest.remove_prefix(1);
    std::bitset<256> allowed;
    while (!rest.starts_with(']')) {
        const char first = take_character(rest);
        char last = first;
        if (rest.size() > 1 && rest[0] == '-' && rest[1] != ']') {
            rest.remove_prefix(1);
            last = take_character(rest);
        }
        for (std::size_t at = index_of(first); at <= index_of(last); ++at)
            allowed[at] = true;
    }
    rest.remove_prefix(1);
    return inverted ? ~allowed : allowed;
}

std::size_t take_number(std::string_view& rest)
{
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (error != std::errc{})
        unknown("a count in a pattern");
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    return number;
}

// Parses a quantifier: the minimum and maximum number of repetitions.
std::pair<std::size_t, std::size_t> take_count(std::string_view& rest)
{
    const char next = rest.empty() ? ' ' : rest.front();
    if (std::string_view{"?*+{"}.find(next) == std::string_view::npos)
        return {1, 1};
    rest.remove_prefix(1);
    if (next == '?')
        return {0, 1};
    if (next != '{')
        return {next == '+' ? 1 : 0, any_number};
    const std::size_t least = take_number(rest);
    std::size_t most = least;
    if (rest.starts_with(',')) {
        rest.remove_prefix(1);
        most = rest.starts_with('}') ? any_number : take_number(rest);
    }
    if (!rest.starts_with('}'))
        unknown("a count in a pattern");
    rest.remove_prefix(1);
    return {least, most};
}

unsigned bit_of(json::kind kind) { return 1U << static_cast<unsigned>(kind); }

unsigned kinds_of(std::string_view type)
{
    if (type == "string")
        return bit_of(json::kind::string);
    if (type == "boolean")
        return bit_of(json::kind::bool_);
    if (type == "null")
        return bit_of(json::kind::null);
    if (type == "array")
        return bit_of(json::kind::array);
    if (type == "object")
        return bit_of(json::kind::object);
    if (type == "integer")
        return bit_of(json::kind::int64);
    if (type == "number")
        return bit_of(json::kind::int64) | bit_of(json::kind::double_);
    unknown("the type " + std::string{type});
}

// A value for an error message.
std::string shown(const json::value& value)
{
    constexpr std::size_t longest = 60;
    // Not the text of a whole list or object, which may be the whole document.
    if (const auto* object = value.if_object())
        return object->empty() ? "{}" : "an object";
    if (const auto* list = value.if_array())
        return list->empty() ? "[]" : "a list";
    const std::string text = json_text(value);
    return text.size() > longest ? text.substr(0, longest) + "..." : text;
}

// The bounds of the schema are whole numbers.
std::string bound(double number) { return std::to_string(static_cast<std::int64_t>(number)); }

std::string counted(std::size_t number, std::string_view what)
{
    return std::to_string(number) + " " + std::string{what} + (number == 1 ? "" : "s");
}

std::string joined(const std::string& path, std::string_view name)
{
    return path.empty() ? std::string{name} : path + "." + std::string{name};
}

// Counts the bytes that begin a UTF-8 character.
std::size_t count_characters(std::string_view text)
{
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (index_of(c) & 0xC0U) != 0x80U; }));
}

} // namespace

SchemaPattern::SchemaPattern(std::string_view pattern)
{
    if (pattern.size() < 2 || !pattern.starts_with('^') || !pattern.ends_with('$'))
        unknown("a pattern without ^ and $");
    std::string_view rest = pattern.substr(1, pattern.size() - 2);
    if (!rest.starts_with('(')) {
        alternatives_.push_back(parse(rest));
        return;
    }
    if (!rest.ends_with(')'))
        unknown("a group in a pattern");
    rest = rest.substr(1, rest.size() - 2);
    for (;;) {
        const auto bar = rest.find('|');
        alternatives_.push_back(parse(rest.substr(0, bar)));
        if (bar == std::string_view::npos)
            return;
        rest.remove_prefix(bar + 1);
    }
}

std::vector<SchemaPattern::Item> SchemaPattern::parse(std::string_view sequence)
{
    std::vector<Item> items;
    while (!sequence.empty()) {
        Item item;
        if (sequence.starts_with('[')) {
            sequence.remove_prefix(1);
            item.allowed = take_class(sequence);
        } else if (std::string_view{"().^$|?*+{}"}.find(sequence.front()) != std::string_view::npos) {
            unknown("the pattern " + std::string{sequence});
        } else {
            item.allowed[index_of(take_character(sequence))] = true;
        }
        std::tie(item.least, item.most) = take_count(sequence);
        items.push_back(item);
    }
    return items;
}

bool SchemaPattern::matches(const Item* item, const Item* end, std::string_view text)
{
    if (item == end)
        return text.empty();
    std::size_t length = 0;
    while (length < text.size() && length < item->most && item->allowed[index_of(text[length])])
        ++length;
    for (; length >= item->least; --length) {
        if (matches(item + 1, end, text.substr(length)))
            return true;
        if (length == 0)
            break;
    }
    return false;
}

bool SchemaPattern::matches(std::string_view text) const
{
    return std::ranges::any_of(alternatives_, [&](const std::vector<Item>& items) {
        return matches(items.data(), items.data() + items.size(), text);
    });
}

Schema::Schema(const json::value& schema)
{
    if (const json::value* definitions = schema.as_object().if_contains("definitions")) {
        // All nodes are created first, since they may refer to each other.
        for (const auto& member : definitions->as_object())
            definitions_[std::string{member.key()}] = &nodes_.emplace_back();
        for (const auto& [name, definition] : definitions->as_object())
            definitions_.at(name)->same_as = read(definition);
    }
    root_ = read(schema);
}

const Schema::Node* Schema::read(const json::value& schema)
{
    Node& node = nodes_.emplace_back();
    const json::object& words = schema.as_object();
    if (const json::value* reference = words.if_contains("$ref")) {
        constexpr std::string_view prefix = "#/definitions/";
        const std::string_view path = reference->as_string();
        const auto at =
            path.starts_with(prefix) ? definitions_.find(std::string{path.substr(prefix.size())}) : definitions_.end();
        if (at == definitions_.end())
            unknown("the reference " + std::string{path});
        node.same_as = at->second;
        return &node;
    }
    for (const auto& [word, value] : words)
        read_word(word, value, node);
    if (node.has_members != words.contains("additionalProperties"))
        unknown("members without additionalProperties");
    std::ranges::sort(node.members);
    return &node;
}

void Schema::read_word(std::string_view word, const json::value& value, Node& node)
{
    const auto size = [&] { return value.to_number<std::size_t>(); };
    if (word == "type") {
        node.kinds = 0;
        if (value.is_string())
            node.kinds = kinds_of(value.as_string());
        else
            for (const json::value& type : value.as_array())
                node.kinds |= kinds_of(type.as_string());
    } else if (word == "enum") {
        node.words.assign(value.as_array().begin(), value.as_array().end());
    } else if (word == "anyOf") {
        for (const json::value& schema : value.as_array())
            node.any_of.push_back(read(schema));
    } else if (word == "pattern") {
        node.pattern.emplace(value.as_string());
    } else if (word == "minLength") {
        node.shortest = size();
    } else if (word == "maxLength") {
        node.longest = size();
    } else if (word == "minimum") {
        node.minimum = value.to_number<double>();
    } else if (word == "maximum") {
        node.maximum = value.to_number<double>();
    } else if (word == "items") {
        node.items = read(value);
    } else if (word == "minItems") {
        node.fewest = size();
    } else if (word == "maxItems") {
        node.most = size();
    } else if (word == "properties") {
        node.has_members = true;
        for (const auto& [name, schema] : value.as_object())
            node.members.emplace_back(name, read(schema));
    } else if (word == "required") {
        for (const json::value& name : value.as_array())
            node.required.emplace_back(name.as_string());
    } else if (word == "additionalProperties") {
        if (value != json::value(false))
            unknown("additionalProperties that are allowed");
    } else if (word != "description" && word != "title" && word != "$schema" && word != "definitions") {
        unknown("the word " + std::string{word});
    }
}

bool Schema::Node::allows_text(std::string_view text) const
{
    if (shortest > 0 || longest) {
        const std::size_t length = count_characters(text);
        if (length < shortest || (longest && length > *longest))
            return false;
    }
    return !pattern || pattern->matches(text);
}

bool Schema::Node::allows_number(double number) const
{
    return (!minimum || number >= *minimum) && (!maximum || number <= *maximum);
}

bool Schema::Node::allows_object(const json::object& object) const
{
    if (!std::ranges::all_of(required, [&](const std::string& name) { return object.contains(name); }))
        return false;
    return !has_members || std::ranges::all_of(object, [&](const json::key_value_pair& inner) {
        const Node* known = member(inner.key());
        return known != nullptr && known->allows(inner.value());
    });
}

const Schema::Node* Schema::Node::member(std::string_view name) const
{
    const auto at =
        std::ranges::lower_bound(members, name, {}, [](const auto& known) -> std::string_view { return known.first; });
    return at != members.end() && at->first == name ? at->second : nullptr;
}

bool Schema::Node::allows(const json::value& value) const
{
    if (same_as != nullptr)
        return same_as->allows(value);
    if ((kinds & bit_of(value.kind())) == 0)
        return false;
    if (!words.empty() && std::ranges::find(words, value) == words.end())
        return false;
    if (!any_of.empty() && std::ranges::none_of(any_of, [&](const Node* node) { return node->allows(value); }))
        return false;
    switch (value.kind()) {
    case json::kind::string:
        return allows_text(value.get_string());
    case json::kind::int64:
        return allows_number(static_cast<double>(value.get_int64()));
    case json::kind::double_:
        return allows_number(value.get_double());
    case json::kind::uint64: // too large for any bound here
        return false;
    case json::kind::object:
        return allows_object(value.get_object());
    case json::kind::array: {
        const json::array& list = value.get_array();
        if (list.size() < fewest || (most && list.size() > *most))
            return false;
        return items == nullptr ||
               std::ranges::all_of(list, [&](const json::value& item) { return items->allows(item); });
    }
    case json::kind::null:
    case json::kind::bool_:
        return true;
    }
    return false;
}

// --- finding the problem ---

// What is wrong with a refused value itself, not with its content.
std::string Schema::Node::why_refused(const json::value& value) const
{
    if ((kinds & bit_of(value.kind())) == 0 || !any_of.empty())
        return shown(value) + " has the wrong type";
    if (!words.empty() && std::ranges::find(words, value) == words.end())
        return shown(value) + " is not one of the words allowed here";
    if (const auto* text = value.if_string()) {
        const std::size_t length = count_characters(*text);
        if (length < shortest)
            return shown(value) + " has fewer than " + counted(shortest, "character");
        if (longest && length > *longest)
            return shown(value) + " has more than " + counted(*longest, "character");
        return shown(value) + " is malformed";
    }
    if (const auto* list = value.if_array())
        return shown(value) + (list->size() < fewest ? " has fewer than " + counted(fewest, "element")
                                                     : " has more than " + counted(most.value_or(0), "element"));
    if (const auto* object = value.if_object()) {
        const auto missing =
            std::ranges::find_if(required, [&](const std::string& name) { return !object->contains(name); });
        return "the member '" + (missing != required.end() ? *missing : std::string{}) + "' is missing";
    }
    const bool small = value.is_number() && minimum && value.to_number<double>() < *minimum;
    return shown(value) + (small ? " is too small; the minimum is " + bound(*minimum)
                                 : " is too large" + (maximum ? "; the maximum is " + bound(*maximum) : ""));
}

// For an object or a list that is valid itself.
std::optional<SchemaProblem> Schema::Node::first_problem_inside(const json::value& value, const std::string& path) const
{
    if (const auto* object = value.if_object(); object != nullptr && has_members) {
        for (const json::key_value_pair& inner : *object) {
            const Node* known = member(inner.key());
            if (known == nullptr)
                return SchemaProblem{path, "unknown member '" + std::string{inner.key()} + "'"};
            if (auto problem = known->first_problem(inner.value(), joined(path, inner.key())))
                return problem;
        }
    }
    if (const auto* list = value.if_array(); list != nullptr && items != nullptr) {
        for (std::size_t i = 0; i < list->size(); ++i)
            if (auto problem = items->first_problem((*list)[i], path + "[" + std::to_string(i) + "]"))
                return problem;
    }
    return std::nullopt;
}

std::optional<SchemaProblem> Schema::Node::first_problem(const json::value& value, const std::string& path) const
{
    if (same_as != nullptr)
        return same_as->first_problem(value, path);
    if (allows(value))
        return std::nullopt;
    // Of the alternatives, takes the one for this kind of value.
    for (const Node* alternative : any_of)
        if ((alternative->target().kinds & bit_of(value.kind())) != 0)
            return alternative->first_problem(value, path);
    if ((kinds & bit_of(value.kind())) != 0)
        if (auto problem = first_problem_inside(value, path))
            return problem;
    return SchemaProblem{path, why_refused(value)};
}

std::optional<SchemaProblem> Schema::first_problem(const json::value& document) const
{
    return root_->first_problem(document, {});
}

const Schema& state_schema()
{
    static const Schema loaded{json::parse(embedded_file("fixtures/state.schema.json"))};
    return loaded;
}

} // namespace cvm
