// Every file fixtures/cases/<Action>/<case>.json: a request, the exact answer, and the state afterwards.

#include "server/wire/json_text.hpp"
#include "tests/support/emulator.hpp"
#include "tests/support/golden.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
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

// Changes the members of `target` that `patch` names, at any depth; "Orders" are appended.
void apply(const json::object& patch, json::object& target)
{
    for (const auto& [name, value] : patch) {
        json::value& old = target[name];
        if (value.is_object() && old.is_object()) {
            apply(value.get_object(), old.get_object());
        } else if (name == "Orders") {
            for (const json::value& order : value.as_array())
                old.as_array().push_back(order);
        } else {
            old = value;
        }
    }
}

// The state that the case expects: that of before, with what "after" says. Its "Instances" are keyed by id.
json::value expected_state(json::value before, const json::object& after)
{
    for (const auto& [uin, change] : after) {
        json::object account_patch = change.as_object();
        json::object instances;
        if (const auto* named = account_patch.if_contains("Instances"))
            instances = named->as_object();
        account_patch.erase("Instances");
        for (json::value& account : before.at("accounts").as_array()) {
            if (account.at("Uin").as_string() != uin)
                continue;
            apply(account_patch, account.as_object());
            for (json::value& instance : account.at("Instances").as_array())
                if (const auto* patch = instances.if_contains(instance.at("InstanceId").as_string()))
                    apply(patch->as_object(), instance.as_object());
        }
    }
    return before;
}

} // namespace

TEST_CASE("every golden case gives its exact answer and leaves exactly its state")
{
    const auto cases = test::golden_cases();
    REQUIRE(cases.size() > 150);
    for (const test::Golden& one : cases) {
        const auto& [name, action, golden] = one;
        const std::string shown{name};
        CAPTURE(shown);
        const json::object& request = golden.at("request").as_object();
        CHECK(action == text(request, "action", ""));
        const std::set<std::string, std::less<>> evidence{"documented", "observed", "assumed"};
        CHECK(evidence.contains(std::string_view{golden.at("evidence").as_string()}));
        CHECK((one.way() == "header") == request.contains("force_error"));

        test::Emulator emulator;
        const json::value before = emulator.state();
        CHECK(emulator.call(call_of(request)) == wire::json_text(golden.at("answer")));
        const auto* after = golden.as_object().if_contains("after");
        const json::value expected = after != nullptr ? expected_state(before, after->as_object()) : before;
        CHECK(json::serialize(emulator.state()) == json::serialize(expected));
    }
}

TEST_CASE("every documented code of every action has a golden case that reaches it as the catalogue says")
{
    std::set<std::string> reached;
    for (const test::Golden& golden : test::golden_cases()) {
        const json::object& request = golden.content.at("request").as_object();
        if (!golden.code().empty() && !wire::is_legacy(dialect_of(text(request, "dialect", "tc3"))))
            reached.insert(golden.action + " " + golden.code() + " " + golden.way());
    }
    std::ifstream in{CVM_SOURCE_DIR "/fixtures/catalog/actions.json"};
    const json::value catalog = json::parse(std::string{std::istreambuf_iterator<char>{in}, {}});
    for (const json::value& action : catalog.at("actions").as_array())
        for (const auto& [code, how] : action.at("codes").as_object()) {
            const std::string wanted = std::string{action.at("action").as_string()} + " " + std::string{code} + " " +
                                       std::string{how.as_string()};
            CAPTURE(wanted);
            CHECK(reached.contains(wanted));
        }
}
