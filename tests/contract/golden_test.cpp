// What the golden cases of fixtures/cases/ cover. golden_tests runs them.

#include "server/api/action.hpp"
#include "tests/support/catalogue.hpp"
#include "tests/support/golden.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace cvm;
namespace json = boost::json;

namespace {

std::string text_of(const json::value& entry, std::string_view name) { return std::string{entry.at(name).as_string()}; }

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
