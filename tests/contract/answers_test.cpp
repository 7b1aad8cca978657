// Only error codes listed in the catalogue are returned: golden cases that succeed are repeated for every instance,
// disk and account of the default fixtures, and any error must be on the page of the action.

#include "server/base/error.hpp"
#include "tests/support/emulator.hpp"
#include "tests/support/golden.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace cvm;
namespace json = boost::json;

namespace {

struct Key {
    std::string secret_id;
    std::string secret_key;
};

// An account's keys, and the ids that a call can name.
struct Owner {
    std::vector<Key> keys;
    std::vector<std::string> instances;
    std::vector<std::string> disks;
};

std::string text_of(const json::value& object, std::string_view name)
{
    return std::string{object.at(name).as_string()};
}

std::vector<Owner> owners(test::Emulator& emulator)
{
    std::vector<Owner> found;
    const json::value state = emulator.state();
    for (const json::value& account : state.at("accounts").as_array()) {
        Owner owner;
        for (const json::value& key : account.at("Credentials").as_array())
            owner.keys.push_back({text_of(key, "SecretId"), text_of(key, "SecretKey")});
        for (const json::value& instance : account.at("Instances").as_array())
            owner.instances.push_back(text_of(instance, "InstanceId"));
        for (const json::value& disk : account.at("Disks").as_array())
            owner.disks.push_back(text_of(disk, "DiskId"));
        found.push_back(std::move(owner));
    }
    return found;
}

// Copies of a golden case's call, one for each resource that its parameters can name; the call itself if they name
// none.
std::vector<json::object> about_each(const json::object& params, const Owner& owner)
{
    std::vector<json::object> calls;
    const auto add = [&](const char* name, const std::vector<std::string>& ids) {
        const auto* given = params.if_contains(name);
        if (given == nullptr)
            return;
        for (const std::string& id : ids) {
            json::object changed = params;
            changed[name] = given->is_array() ? json::value(json::array{json::value(id)}) : json::value(id);
            calls.push_back(std::move(changed));
        }
    };
    add("InstanceIds", owner.instances);
    add("InstanceId", owner.instances);
    add("DiskIds", owner.disks);
    if (calls.empty())
        calls.push_back(params);
    return calls;
}

bool listed(std::string_view action, std::string_view version, const std::string& code)
{
    return code == "OK" || std::ranges::binary_search(common_codes(), code) ||
           contains(documented_codes(action, version)->codes, code);
}

} // namespace

TEST_CASE("no action answers with a code that its page does not list")
{
    std::set<std::string> unlisted;
    std::size_t calls = 0;
    const std::vector<Owner> all = [] {
        test::Emulator emulator;
        return owners(emulator);
    }();
    test::Emulator emulator;
    for (const test::Golden& golden : test::golden_cases()) {
        const json::object& request = golden.content.at("request").as_object();
        const auto* params = request.if_contains("params");
        if (!golden.code().empty() || request.contains("dialect") || params == nullptr)
            continue;
        const auto* version = request.if_contains("version");
        for (const Owner& owner : all)
            for (const Key& key : owner.keys)
                for (const json::object& changed : about_each(params->as_object(), owner)) {
                    test::Call call{.action = golden.action, .params = changed};
                    if (version != nullptr)
                        call.version = std::string{version->as_string()};
                    call.secret_id = key.secret_id;
                    call.secret_key = key.secret_key;
                    const std::string code = emulator.code(call);
                    ++calls;
                    if (!listed(golden.action, call.version, code))
                        unlisted.insert(golden.action + ": " + code + " (" + golden.name() + ", " +
                                        json::serialize(changed).substr(0, 100) + ")");
                }
        emulator.control("POST", "/_emulator/reset");
    }
    CHECK(calls > 1000);
    for (const std::string& one : unlisted)
        FAIL_CHECK(one);
}

TEST_CASE("answers have the bytes that were recorded of the real service")
{
    struct Case {
        std::string_view action;
        std::string_view params;
        std::string_view expected; // with the RequestId of the tests
    };
    const std::string id{test::FixedRequestIds::value};
    const Case cases[] = {
        {"StopInstances", R"({"InstanceIds":["ins-r8hr2upy"]})", R"({"Response": {"RequestId": "ID"}})"},
        {"DescribeInstances", R"({"Filters":[{"Name":"instance-name","Values":["there is none such"]}]})",
         R"({"Response": {"TotalCount": 0, "InstanceSet": [], "RequestId": "ID"}})"},
        {"DescribeDisks", R"({"DiskIds":["disk-5d8a23r1"],"Offset":20})",
         R"({"Response": {"TotalCount": 1, "RequestId": "ID", "DiskSet": []}})"},
        // Errors of the gateway are compact.
        {"StopInstances", "{}",
         R"({"Response":{"Error":{"Code":"MissingParameter","Message":"The request is missing a required parameter )"
         R"(`InstanceIds`."},"RequestId":"ID"}})"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.action);
        test::Emulator emulator;
        std::string expected{c.expected};
        expected.replace(expected.find("ID\"", expected.find("RequestId\"") + 10), 2, id);
        CHECK(emulator.call({.action = std::string{c.action},
                             .params = json::parse({c.params.data(), c.params.size()}).as_object()}) == expected);
    }
    // As long as those that were recorded.
    CHECK(test::Emulator{}
              .call({.action = "StopInstances", .params = {{"InstanceIds", json::array{"ins-r8hr2upy"}}}})
              .size() == 67);
}
