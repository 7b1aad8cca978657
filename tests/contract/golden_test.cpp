// Checks what the golden cases of fixtures/cases/ cover. golden_tests runs them.

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

// The action with the version of its product: "DescribeZones 2022-06-27". For the legacy API without a Version, the
// name ends with the space.
std::string named(std::string_view action, std::string_view version)
{
    return std::string{action} + " " + std::string{version};
}

std::string named(const json::value& page) { return named(text_of(page, "action"), text_of(page, "version")); }

std::string named(const api::Action& action) { return named(action.name, action.version); }

std::string named(const test::Golden& golden)
{
    return named(golden.action, test::dialect_of(golden) == wire::Dialect::legacy_numeric
                                    ? ""
                                    : test::call_of(golden.content.at("request").as_object()).version);
}

// The pages of the catalogue.
std::map<std::string, json::object> pages()
{
    std::map<std::string, json::object> found;
    for (const json::value& page : test::catalogue_actions())
        found.emplace(named(page), page.as_object());
    return found;
}

// The codes of an action's page that a dialect uses.
Words codes_of(const json::object& page, wire::Dialect dialect)
{
    Words words;
    add(page.at(dialect == wire::Dialect::legacy ? "legacy_codes" : "codes"), words);
    return words;
}

} // namespace

TEST_CASE("there are more than a thousand golden cases") { CHECK(test::golden_cases().size() > 1000); }

// For all other codes see tests/contract/asked_errors_test.cpp.
TEST_CASE("every code that an action returns without a forced error has a golden case")
{
    std::set<std::string> reached;
    for (const test::Golden& golden : test::golden_cases()) {
        if (!golden.code().empty() && test::dialect_of(golden) != wire::Dialect::legacy)
            reached.insert(named(golden) + " " + golden.code() + " " + golden.way());
    }
    for (const json::value& action : test::catalogue_actions())
        for (const auto& [code, how] : action.at("codes").as_object()) {
            if (how.as_string() != "natural")
                continue;
            const std::string wanted = named(action) + " " + std::string{code} + " " + std::string{how.as_string()};
            CAPTURE(wanted);
            CHECK(reached.contains(wanted));
        }
}

TEST_CASE("every action has a golden case that succeeds")
{
    std::set<std::string> succeeds;
    for (const test::Golden& golden : test::golden_cases()) {
        if (golden.code().empty())
            succeeds.insert(named(golden));
    }
    for (const api::Action* action : api::all_actions()) {
        const std::string wanted = named(*action);
        CAPTURE(wanted);
        CHECK(succeeds.contains(wanted));
    }
}

TEST_CASE("each error of a golden answer stands on the page of its action or is common to all")
{
    // Codes for which the pages are silent and the answer is assumed, with the reason.
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
        const auto page = by_action.find(named(golden));
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
