#include "server/wire/form.hpp"

#include "tests/fuzz/server.hpp"
#include "tests/fuzz/target.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace cvm::fuzz {

namespace json = boost::json;

namespace {

std::string written(const wire::Form& form, bool lower_hex, bool plus_for_blank)
{
    std::string text;
    for (const auto& [name, value] : form)
        text += (text.empty() ? "" : "&") + wire::percent_encoded(name, lower_hex, plus_for_blank) + "=" +
                wire::percent_encoded(value, lower_hex, plus_for_blank);
    return text;
}

void collect(const json::value& tree, int depth, std::vector<std::string>& leaves)
{
    expect(depth <= 16, "a tree is not deeper than 16");
    if (const auto* members = tree.if_object()) {
        for (const auto& member : *members)
            collect(member.value(), depth + 1, leaves);
    } else if (const auto* items = tree.if_array()) {
        for (const json::value& item : *items)
            collect(item, depth + 1, leaves);
    } else {
        leaves.emplace_back(tree.as_string());
    }
}

} // namespace

// A query or form. Writing and reading it again gives the same result, and its tree contains each of its values once.
void form(std::string_view input)
{
    wire::peek(input, "Version");
    const auto read = wire::parse_form(input);
    if (!read)
        return expect_told(read.error());
    for (const bool lower_hex : {false, true})
        for (const bool plus_for_blank : {false, true}) {
            const auto again = wire::parse_form(written(*read, lower_hex, plus_for_blank));
            expect(again.has_value() && *again == *read, "what is read can be read again");
        }
    const std::string text = written(*read, false, false);
    for (const auto& [name, value] : *read)
        if (wire::percent_encoded(name) == name)
            expect(wire::peek(text, name) == value, "a look at one parameter tells what reading tells", name);

    const auto tree = wire::to_tree(*read);
    if (!tree)
        return expect_told(tree.error());
    std::vector<std::string> leaves;
    collect(*tree, 0, leaves);
    std::vector<std::string> values;
    for (const auto& parameter : *read)
        values.push_back(parameter.second);
    std::ranges::sort(leaves);
    std::ranges::sort(values);
    expect(leaves == values, "a tree holds the values of its form");
}

} // namespace cvm::fuzz
