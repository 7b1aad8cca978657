// Every file fixtures/cases/<Action>/<case>.json: a request, the exact answer, and the state afterwards.

#include "server/api/action.hpp"
#include "server/wire/json_text.hpp"
#include "tests/support/catalogue.hpp"
#include "tests/support/emulator.hpp"
#include "tests/support/golden.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>

using namespace cvm;
namespace json = boost::json;

namespace {

std::string text(const json::object& o, std::string_view name, std::string otherwise)
{
    const auto* v = o.if_contains(name);
    return v != nullptr ? std::string{v->as_string()} : otherwise;
}

wire::Dialect dialect_of(std::string_view name)
{
    if (name == "v1")
        return wire::Dialect::v1;
    if (name == "legacy")
        return wire::Dialect::legacy;
    if (name == "legacy_numeric")
        return wire::Dialect::legacy_numeric;
    REQUIRE(name == "tc3");
    return wire::Dialect::tc3;
}

test::Call call_of(const json::object& request)
{
    const std::set<std::string, std::less<>> known{"action",     "params",  "version",    "region",
                                                   "language",   "dialect", "method",     "secret_id",
                                                   "secret_key", "token",   "force_error"};
    for (const auto& member : request)
        REQUIRE_MESSAGE(known.contains(std::string_view{member.key()}), member.key());
    test::Call call;
    call.action = text(request, "action", "");
    if (const auto* params = request.if_contains("params"))
        call.params = params->as_object();
    call.version = text(request, "version", call.version);
    call.region = text(request, "region", call.region);
    call.language = text(request, "language", "");
    call.dialect = dialect_of(text(request, "dialect", "tc3"));
    call.method = text(request, "method", call.method);
    call.secret_id = text(request, "secret_id", call.secret_id);
    call.secret_key = text(request, "secret_key", call.secret_key);
    call.token = text(request, "token", "");
    call.force_error = text(request, "force_error", "");
    return call;
}

// Changes the members of `target` that `patch` names, at any depth.
void apply(const json::object& patch, json::object& target)
{
    for (const auto& [name, value] : patch) {
        json::value& old = target[name];
        if (value.is_object() && old.is_object())
            apply(value.get_object(), old.get_object());
        else
            old = value;
    }
}

std::string text_of(const json::value& entry, std::string_view name) { return std::string{entry.at(name).as_string()}; }

// Changes the entries of a list by the value of `key`: a patch for one that is there, null takes it away, and what is
// not there is added whole. The list stays sorted by `order`.
void apply_by_key(const json::object& patches, std::string_view key, std::initializer_list<std::string_view> order,
                  json::array& list)
{
    for (const auto& [id, patch] : patches) {
        const std::string_view wanted{id};
        const auto at =
            std::ranges::find_if(list, [&](const json::value& entry) { return entry.at(key).as_string() == wanted; });
        if (patch.is_null())
            list.erase(at);
        else if (at != list.end())
            apply(patch.as_object(), at->as_object());
        else
            list.push_back(patch);
    }
    std::ranges::stable_sort(list, [&](const json::value& a, const json::value& b) {
        for (const std::string_view name : order)
            if (text_of(a, name) != text_of(b, name))
                return text_of(a, name) < text_of(b, name);
        return false;
    });
}

// The state that the case expects: that of before, with what "after" says. Its "Instances" and "Orders" are keyed by
// id, and its "Ledger" are the lines that were added.
json::value expected_state(json::value before, const json::object& after)
{
    for (const auto& [uin, change] : after) {
        json::object patch = change.as_object();
        const auto take = [&](std::string_view name) {
            const auto* given = patch.if_contains(name);
            json::object taken = given != nullptr ? given->as_object() : json::object{};
            patch.erase(name);
            return taken;
        };
        const json::object instances = take("Instances");
        const json::object orders = take("Orders");
        const auto* given = patch.if_contains("Ledger");
        const json::array lines = given != nullptr ? given->as_array() : json::array{};
        patch.erase("Ledger");
        for (json::value& account : before.at("accounts").as_array()) {
            if (account.at("Uin").as_string() != uin)
                continue;
            apply(patch, account.as_object());
            json::array& ledger = account.at("Ledger").as_array();
            ledger.insert(ledger.end(), lines.begin(), lines.end());
            apply_by_key(instances, "InstanceId", {"InstanceId"}, account.at("Instances").as_array());
            apply_by_key(orders, "OrderId", {"CreateTime", "OrderId"}, account.at("Orders").as_array());
        }
    }
    return before;
}

} // namespace

TEST_CASE("every golden case gives its exact answer and leaves exactly its state")
{
    const auto cases = test::golden_cases();
    REQUIRE(cases.size() > 1000);
    const json::value fresh = test::Emulator{}.state();
    std::unique_ptr<test::Emulator> emulator;
    for (const test::Golden& one : cases) {
        const auto& [name, action, golden] = one;
        const std::string shown{name};
        CAPTURE(shown);
        const json::object& request = golden.at("request").as_object();
        CHECK(action == text(request, "action", ""));
        const std::set<std::string, std::less<>> evidence{"documented", "observed", "assumed"};
        CHECK(evidence.contains(std::string_view{golden.at("evidence").as_string()}));
        CHECK((one.way() == "header") == request.contains("force_error"));

        // A server that a case has left as it was serves the next one too; a legacy Nonce is good once.
        if (!emulator || wire::is_legacy(call_of(request).dialect))
            emulator = std::make_unique<test::Emulator>();
        CHECK(emulator->call(call_of(request)) == wire::json_text(golden.at("answer")));
        const auto* after = golden.as_object().if_contains("after");
        const json::value expected = after != nullptr ? expected_state(fresh, after->as_object()) : fresh;
        const json::value state = emulator->state();
        CHECK(state == expected);
        if (state != fresh)
            emulator.reset();
    }
}

TEST_CASE("every documented code of every action has a golden case that reaches it as the catalogue says")
{
    std::set<std::string> reached;
    for (const test::Golden& golden : test::golden_cases()) {
        const auto dialect = dialect_of(text(golden.content.at("request").as_object(), "dialect", "tc3"));
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
        const auto dialect = dialect_of(text(golden.content.at("request").as_object(), "dialect", "tc3"));
        if (golden.code().empty())
            succeeds.insert(golden.action + (dialect == wire::Dialect::legacy_numeric ? " without Version" : ""));
    }
    for (const api::Action* action : api::all_actions()) {
        const std::string wanted = std::string{action->name} + (action->version.empty() ? " without Version" : "");
        CAPTURE(wanted);
        CHECK(succeeds.contains(wanted));
    }
}
