#include "server/api/action.hpp"
#include "server/base/near.hpp"
#include "server/base/text.hpp"
#include "server/cli/answer.hpp"
#include "server/cli/show.hpp"
#include "server/cli/table.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace cvm::cli {

namespace json = boost::json;

namespace {

void add_fault(Table& table, const json::value& rule)
{
    table.add({shown_in(rule, "id"), in_words(member(rule, "match")), in_words(member(rule, "when")),
               in_words(member(rule, "then")), shown_in(rule, "matched"), shown_in(rule, "applied"),
               shown_in(rule, "spent"), shown_in(rule, "ends_at")});
}

Table fault_table()
{
    return {{"id"}, {"match"}, {"when"}, {"then"}, {"matched", true}, {"applied", true}, {"spent"}, {"ends"}};
}

std::string dropped_note(const json::value& answer)
{
    const std::string dropped = shown_in(answer, "dropped");
    return dropped.empty() || dropped == "0" ? "" : "older calls that are no longer kept: " + dropped + "\n";
}

// The nearest calls, with one line for each difference.
std::string nearest_table(const json::value& answer)
{
    const json::value* nearest = member(answer, "nearest");
    if (nearest == nullptr || !nearest->is_array() || nearest->get_array().empty())
        return {};
    Table table{{"RequestId"}, {"action"}, {"code"}, {"differs in"}, {"wanted"}, {"was"}};
    for (const json::value& call : nearest->get_array()) {
        std::string id = shown_in(call, "RequestId");
        std::string action = shown_in(call, "action");
        std::string code = shown_in(call, "code");
        for (const json::value& differs : list_in(call, "differs"))
            table.add({std::exchange(id, ""), std::exchange(action, ""), std::exchange(code, ""),
                       shown_in(differs, "what"), shown_in(differs, "wanted"), shown_in(differs, "was")});
        if (!id.empty())
            table.add({id, action, code});
    }
    return "\nthe nearest calls\n" + table.text();
}

// The code in the answer, or what was sent instead.
std::string told_to_client(const json::value& call)
{
    const std::string code = shown_in(call, "code");
    const std::string status = shown_in(call, "status");
    return !code.empty() ? code : !status.empty() ? "status " + status : "no answer";
}

// Formats mistakes or notes: name, what happened, advice.
std::string diagnoses(const json::value& answer, std::string_view list)
{
    std::string text;
    if (const json::value* all = member(answer, list); all != nullptr && all->is_array())
        for (const json::value& one : all->get_array())
            text += "\n" + std::string{list == "notes" ? "note: " : ""} + shown_in(one, "name") + ": " +
                    shown_in(one, "what") + "\n  " + shown_in(one, "advice") + "\n";
    return text;
}

// Appends a name such as "string_to_sign" and its value: on one line, or indented below if the value has several lines.
void add_signed(std::string& text, std::string_view name, const json::value& value)
{
    std::string words = one_line(name);
    std::ranges::replace(words, '_', ' ');
    const auto* lines = value.if_string();
    if (lines != nullptr && lines->find('\n') != json::string::npos)
        text += "  " + words + ":\n" + indented({lines->data(), lines->size()}) + "\n";
    else
        text += "  " + words + ": " + shown(&value) + "\n";
}

void add_part(std::string& text, const std::string& heading, const json::value* part)
{
    if (part == nullptr || !part->is_object() || part->get_object().empty())
        return;
    text += "\n" + heading + "\n";
    for (const auto& [name, value] : part->get_object())
        add_signed(text, name, value);
}

// A rule for an action that is not served never takes a call: its name may be misspelt.
std::string note_on_action(const json::value& rule)
{
    const json::value* match = member(rule, "match");
    const std::string wanted = match != nullptr ? shown_in(*match, "action") : std::string{};
    if (wanted.empty() || wanted.find_first_of("*?") != std::string::npos)
        return {};
    std::vector<std::string> names;
    for (const api::Action* action : api::all_actions())
        names.emplace_back(action->name);
    if (std::ranges::find(names, wanted) != names.end())
        return {};
    return "note: there is no action " + printable(wanted) + near_hint(wanted, names) + "\n";
}

} // namespace

Shown show_faults(const Given&, const json::value& answer)
{
    Table table = fault_table();
    for (const json::value& rule : list_in(answer, "faults"))
        add_fault(table, rule);
    return {table.empty() ? "no faults\n" : table.text()};
}

Shown show_fault(const Given&, const json::value& answer)
{
    if (member(answer, "id") == nullptr)
        throw BadAnswer{"has no `id`"};
    Table table = fault_table();
    add_fault(table, answer);
    return {table.text() + note_on_action(answer)};
}

Shown show_faults_cleared(const Given& given, const json::value& answer)
{
    const std::string number = required_in(answer, "deleted");
    return {given.has("ID") ? "fault " + given.text("ID") + " cleared\n" : "faults cleared: " + number + "\n"};
}

Shown show_requests(const Given&, const json::value& answer)
{
    Table table{{"time"}, {"clock"},    {"action"}, {"region"},   {"code"},
                {"done"}, {"ms", true}, {"fault"},  {"RequestId"}};
    for (const json::value& call : list_in(answer, "calls"))
        table.add({shown_in(call, "time"), shown_in(call, "clock"), shown_in(call, "action"), shown_in(call, "region"),
                   told_to_client(call), shown_in(call, "done"), milliseconds_in(call, "duration_us"),
                   in_words(member(call, "fault")), shown_in(call, "RequestId")});
    const std::string left_out = shown_in(answer, "left_out");
    return {(table.empty() ? "no calls\n" : table.text()) +
            (left_out.empty() || left_out == "0" ? "" : "older calls that are not shown: " + left_out + "\n") +
            dropped_note(answer)};
}

Shown show_requests_cleared(const Given&, const json::value& answer)
{
    return {"calls forgotten: " + required_in(answer, "deleted") + "\n"};
}

Shown show_verdict(const Given&, const json::value& answer)
{
    const bool ok = flag_in(answer, "ok");
    std::string text = (ok ? "ok" : "no") + std::string{", calls that match: "} + shown_in(answer, "matched") + "\n";
    if (!ok) {
        if (const std::string why = shown_in(answer, "why"); !why.empty())
            text += why + "\n";
        text += nearest_table(answer) + dropped_note(answer);
    }
    return {text, ok ? 0 : 1};
}

Shown show_signature(const Given&, const json::value& answer)
{
    const std::string finding = shown_in(answer, "finding");
    if (finding.empty())
        throw BadAnswer{"has no `finding`"};
    std::string text = finding + "\n" + shown_in(answer, "summary") + "\n" + diagnoses(answer, "mistakes") +
                       diagnoses(answer, "notes");
    add_part(text, "what the server signed", member(answer, "signed"));
    add_part(text, "what the client gave", member(answer, "given"));
    return {text};
}

} // namespace cvm::cli
