// What the golden cases of fixtures/cases/ cover. golden_tests runs them.

#include "server/api/action.hpp"
#include "tests/support/catalogue.hpp"
#include "tests/support/golden.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>
#include <utility>

using namespace cvm;
namespace json = boost::json;

namespace {

std::string text_of(const json::value& entry, std::string_view name) { return std::string{entry.at(name).as_string()}; }

using Words = std::set<std::string>;

void add(const json::value& names, Words& words)
{
    if (const auto* list = names.if_array())
        for (const json::value& name : *list)
            words.emplace(name.as_string());
    if (const auto* o = names.if_object())
        for (const auto& [name, how] : *o)
            words.emplace(name);
}

// The pages of the catalogue by action and whether they are those of the legacy API without a Version.
std::map<std::pair<std::string, bool>, json::object> pages()
{
    std::map<std::pair<std::string, bool>, json::object> found;
    for (const json::value& page : test::catalogue_actions())
        found.emplace(std::pair{text_of(page, "action"), page.at("version").as_string().empty()}, page.as_object());
    return found;
}

// The codes of an action's page that a dialect answers with.
Words codes_of(const json::object& page, wire::Dialect dialect)
{
    Words words;
    add(page.at(dialect == wire::Dialect::legacy ? "legacy_codes" : "codes"), words);
    return words;
}

} // namespace

TEST_CASE("there are more than a thousand golden cases") { CHECK(test::golden_cases().size() > 1000); }

TEST_CASE("every documented code of every action has a golden case that reaches it as the catalogue says")
{
    std::set<std::string> reached;
    for (const test::Golden& golden : test::golden_cases()) {
        const auto dialect = test::dialect_of(golden);
        const std::string version = dialect == wire::Dialect::legacy_numeric ? "without Version" : "with Version";
        if (!golden.code().empty() && dialect != wire::Dialect::legacy)
            reached.insert(golden.action + " " + version + " " + golden.code() + " " + golden.way());
    }
    for (const json::value& action : test::catalogue_actions())
        for (const auto& [code, how] : action.at("codes").as_object()) {
            const std::string version = action.at("version").as_string().empty() ? "without Version" : "with Version";
            const std::string wanted = text_of(action, "action") + " " + version + " " + std::string{code} + " " +
                                       std::string{how.as_string()};
            CAPTURE(wanted);
            CHECK(reached.contains(wanted));
        }
}

TEST_CASE("every action has a golden case that succeeds")
{
    std::set<std::string> succeeds;
    for (const test::Golden& golden : test::golden_cases()) {
        const auto dialect = test::dialect_of(golden);
        if (golden.code().empty())
            succeeds.insert(golden.action + (dialect == wire::Dialect::legacy_numeric ? " without Version" : ""));
    }
    for (const api::Action* action : api::all_actions()) {
        const std::string wanted = std::string{action->name} + (action->version.empty() ? " without Version" : "");
        CAPTURE(wanted);
        CHECK(succeeds.contains(wanted));
    }
}

TEST_CASE("each error of a golden answer stands on the page of its action or is common to all")
{
    // Where the pages are silent and the answer is assumed, with the reason.
    const std::map<std::string, std::string> on_no_page{
        {"RenewInstance InvalidInstanceId.NotFound", "the legacy page says nothing of an instance that does not exist"},
    };
    const json::value catalogue = test::fixture("catalog/common_codes.json");
    Words common;
    add(catalogue.at("common_codes").at("codes"), common);
    Words legacy_common = common; // checks that the legacy API shares with API 3.0 answer alike
    add(catalogue.at("legacy_common_codes").at("codes"), legacy_common);
    const auto by_action = pages();
    Words silent;
    for (const test::Golden& golden : test::golden_cases()) {
        const std::string code = golden.code();
        const auto dialect = test::dialect_of(golden);
        if (code.empty() || (wire::is_legacy(dialect) ? legacy_common : common).contains(code))
            continue;
        const auto page = by_action.find({golden.action, dialect == wire::Dialect::legacy_numeric});
        const bool documented = page != by_action.end() && codes_of(page->second, dialect).contains(code);
        if (documented)
            continue;
        const std::string shown = golden.name() + ": " + code;
        CAPTURE(shown);
        CHECK(on_no_page.contains(golden.action + " " + code));
        CHECK(golden.content.at("evidence").as_string() == "assumed");
        silent.insert(golden.action + " " + code);
    }
    CHECK(silent.size() == on_no_page.size());
}
