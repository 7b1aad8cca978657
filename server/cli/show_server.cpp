#include "server/base/near.hpp"
#include "server/base/text.hpp"
#include "server/cli/answer.hpp"
#include "server/cli/show.hpp"
#include "server/cli/table.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace cvm::cli {

namespace json = boost::json;

namespace {

// The version; the legacy API without a version has its own actions.
std::string version_in(const json::value& action)
{
    const std::string version = shown_in(action, "version");
    return version.empty() ? "legacy" : version;
}

std::string codes_reached(const json::array& codes, std::string_view how)
{
    return std::to_string(
        std::ranges::count_if(codes, [&](const json::value& code) { return shown_in(code, "reached") == how; }));
}

void add_parameters(Table& table, const json::array& parameters, const std::string& prefix)
{
    for (const json::value& parameter : parameters) {
        std::string limits;
        for (const std::string_view name : {"min", "max", "max_items", "values"})
            if (const std::string value = shown_in(parameter, name); !value.empty())
                limits += (limits.empty() ? "" : ", ") + std::string{name} + " " + value;
        const std::string name = prefix + shown_in(parameter, "name");
        table.add({name, shown_in(parameter, "type"), shown_in(parameter, "required"), limits});
        if (const json::value* members = member(parameter, "members"); members != nullptr && members->is_array())
            add_parameters(table, members->get_array(), name + ".");
    }
}

// "answer: members observed (2022-10-08), text observed", and the differences from the recording.
std::string answer_evidence(const json::value& action)
{
    const json::value* answer = member(action, "answer");
    if (answer == nullptr || !answer->is_object())
        return {};
    const std::string recorded = shown_in(*answer, "recorded");
    std::string text = "\nanswer: members " + shown_in(*answer, "members") +
                       (recorded.empty() ? "" : " (" + recorded + ")") + ", text " + shown_in(*answer, "text") + "\n";
    for (const json::value& unlike : list_in(*answer, "unlike_recording"))
        text += "  " + shown_in(unlike, "member") + ": " + shown_in(unlike, "why") + "\n";
    return text;
}

// One line for each entry, if there are any.
std::string listed(const std::string& heading, const json::array& entries)
{
    std::string text;
    for (const json::value& entry : entries)
        text += "  " + shown(&entry) + "\n";
    return text.empty() ? text : "\n" + heading + "\n" + text;
}

std::string one_action(const json::value& action)
{
    Table parameters{{"parameter"}, {"type"}, {"required"}, {"limits"}};
    add_parameters(parameters, list_in(action, "parameters"), "");
    Table codes{{"code"}, {"reached"}, {"text"}, {"text in Chinese"}};
    for (const json::value& code : list_in(action, "codes"))
        codes.add(
            {shown_in(code, "code"), shown_in(code, "reached"), shown_in(code, "text"), shown_in(code, "text_zh")});
    return shown_in(action, "product") + " " + version_in(action) + " " + shown_in(action, "action") + "\n\n" +
           (parameters.empty() ? "no parameters\n" : parameters.text()) + "\n" +
           (codes.empty() ? "no codes\n" : codes.text()) + answer_evidence(action) +
           listed("assumed:", list_in(action, "assumptions"));
}

} // namespace

Shown show_coverage(const Given& given, const json::value& answer)
{
    const json::array& actions = list_in(answer, "actions");
    const std::string wanted = given.text("ACTION");
    if (!wanted.empty()) {
        std::string text;
        std::vector<std::string> names;
        for (const json::value& action : actions) {
            names.push_back(shown_in(action, "action"));
            if (names.back() == wanted)
                text += (text.empty() ? "" : "\n") + one_action(action);
        }
        if (text.empty())
            throw UsageError{"there is no action " + printable(one_line(wanted)) + near_hint(wanted, names) +
                             "; `coverage` lists them"};
        return {text};
    }
    Table table{{"product"}, {"version"}, {"action"}, {"natural", true}, {"rule", true}, {"header", true}};
    for (const json::value& action : actions) {
        const json::array& codes = list_in(action, "codes");
        table.add({shown_in(action, "product"), version_in(action), shown_in(action, "action"),
                   codes_reached(codes, "natural"), codes_reached(codes, "rule"), codes_reached(codes, "header")});
    }
    return {table.text()};
}

Shown show_health(const Given&, const json::value& answer)
{
    const std::string status = required_in(answer, "status");
    return {status + " " + shown_in(answer, "version") + "\n", status == "ok" ? 0 : 1};
}

} // namespace cvm::cli
