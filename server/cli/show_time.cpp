#include "server/cli/answer.hpp"
#include "server/cli/events.hpp"
#include "server/cli/show.hpp"
#include "server/cli/table.hpp"

namespace cvm::cli {

namespace json = boost::json;

namespace {

// "2026-12-15T03:23:52Z reminded ins-12345678 expires_soon".
std::string event_in_words(const json::value* event)
{
    if (event == nullptr || event->is_null())
        return "none in sight";
    std::string words;
    for (const std::string_view name : {"time", "event", "resource", "why"})
        if (const std::string word = shown_in(*event, name); !word.empty())
            words += (words.empty() ? "" : " ") + word;
    return words;
}

std::string clock_table(const json::value& answer)
{
    if (member(answer, "now") == nullptr)
        throw BadAnswer{"has no `now`"};
    Table table{{}, {}};
    table.add({"account", shown_in(answer, "account")});
    table.add({"now", shown_in(answer, "now")});
    table.add({"frozen", shown_in(answer, "frozen")});
    table.add({"next event", event_in_words(member(answer, "next_event"))});
    return table.text();
}

} // namespace

std::string event_table(const json::value& answer)
{
    Table table{{"time"}, {"event"}, {"resource"}, {"why"}, {"price", true}, {"balance after", true}};
    for (const json::value& event : list_in(answer, "events"))
        table.add({shown_in(event, "time"), shown_in(event, "event"), shown_in(event, "resource"),
                   shown_in(event, "why"), yuan_in(event, "price"), yuan_in(event, "balance_after")});
    return table.empty() ? "" : table.text() + "\n";
}

Shown show_clock(const Given&, const json::value& answer) { return {clock_table(answer)}; }

Shown show_passage(const Given& given, const json::value& answer)
{
    std::string text = event_table(answer);
    if (text.empty())
        text = "no events\n\n";
    if (const std::string left_out = shown_in(answer, "left_out"); !left_out.empty() && left_out != "0")
        text += "later events that are not shown: " + left_out + "\n\n";
    if (const json::value* hours = member(answer, "hours"))
        if (const std::string charged = shown_in(*hours, "charged"); charged != "0")
            text += "hours charged: " + charged + ", " + yuan_in(*hours, "total") + " yuan in all\n\n";
    if (given.has("--dry-run"))
        text += "dry run: nothing was changed; this is how the account would be\n";
    return {text + clock_table(answer)};
}

} // namespace cvm::cli
