// The table of ready-made failing instances in README.md, made from the default fixtures and the golden cases.
// CVM_UPDATE_README=1 in the environment writes it anew.

#include "tests/support/emulator.hpp"
#include "tests/support/golden.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>

using namespace cvm;
namespace json = boost::json;

namespace {

constexpr std::string_view begin_mark = "<!-- generated from the fixtures: begin -->\n";
constexpr std::string_view end_mark = "<!-- generated from the fixtures: end -->\n";
const std::string readme_path = CVM_SOURCE_DIR "/README.md";

std::string read_text(const std::string& path)
{
    std::ifstream in{path};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::string secret_id_of(const json::object& request)
{
    const auto* id = request.if_contains("secret_id");
    return id != nullptr ? std::string{id->as_string()} : test::Call{}.secret_id;
}

// The one instance that a request names; empty if it names none or several.
std::string only_instance(const json::object& request)
{
    const auto* params = request.if_contains("params");
    const auto* ids = params != nullptr ? params->as_object().if_contains("InstanceIds") : nullptr;
    if (ids == nullptr || !ids->is_array() || ids->get_array().size() != 1 || !ids->get_array()[0].is_string())
        return {};
    return std::string{ids->get_array()[0].get_string()};
}

// SecretId and instance -> action -> code, from the cases in API 3.0 that fail by the instance's or the account's own
// nature.
std::map<std::string, std::map<std::string, std::string>> failures()
{
    std::map<std::string, std::map<std::string, std::string>> found;
    for (const test::Golden& golden : test::golden_cases()) {
        const json::object& request = golden.content.at("request").as_object();
        if (golden.way() == "header" || request.contains("dialect") || request.contains("language"))
            continue;
        const std::string code = golden.code();
        const std::string instance = only_instance(request);
        if (!code.empty() && !instance.empty() && !code.starts_with("AuthFailure"))
            found[secret_id_of(request) + " " + instance].emplace(golden.action, code);
    }
    return found;
}

std::string table()
{
    const auto failing = failures();
    std::string text =
        "| instance | what is wrong | key pair | RenewInstances | ModifyInstancesRenewFlag |\n|---|---|---|---|---|\n";
    const json::value fixtures = json::parse(read_text(CVM_SOURCE_DIR "/fixtures/default.json"));
    for (const json::value& account : fixtures.at("accounts").as_array()) {
        const json::value& credential = account.at("Credentials").as_array().at(0);
        const bool is_default = account.as_object().contains("Default");
        const std::string pair = is_default ? "default"
                                            : "`" + std::string{credential.at("SecretId").as_string()} + "` `" +
                                                  std::string{credential.at("SecretKey").as_string()} + "`";
        for (const json::value& instance : account.at("Instances").as_array()) {
            const std::string id{instance.at("InstanceId").as_string()};
            const auto codes = failing.find(std::string{credential.at("SecretId").as_string()} + " " + id);
            // The first two are there to be renewed, the last to be looked for in the wrong region.
            const bool usable = id == "ins-r8hr2upy" || id == "ins-5d8a23rs" || id == "ins-shanghai";
            const bool fails = codes != failing.end() && (codes->second.contains("RenewInstances") ||
                                                          codes->second.contains("ModifyInstancesRenewFlag"));
            if (usable || !fails)
                continue;
            text += "| `" + id + "` | " + std::string{instance.at("InstanceName").as_string()} + " | " + pair;
            for (const std::string action : {"RenewInstances", "ModifyInstancesRenewFlag"})
                text += " | " + (codes->second.contains(action) ? "`" + codes->second.at(action) + "`" : "");
            text += " |\n";
        }
    }
    return text;
}

} // namespace

TEST_CASE("the README's table of failing instances is that of the fixtures")
{
    std::string readme = read_text(readme_path);
    const auto begin = readme.find(begin_mark);
    const auto end = readme.find(end_mark);
    REQUIRE(begin != std::string::npos);
    REQUIRE(end != std::string::npos);
    const auto body = begin + begin_mark.size();
    const std::string wanted = table();
    if (std::getenv("CVM_UPDATE_README") != nullptr) {
        readme.replace(body, end - body, wanted);
        std::ofstream{readme_path} << readme;
        return;
    }
    INFO("stale: run CVM_UPDATE_README=1 ctest --preset release -R README");
    CHECK(readme.substr(body, end - body) == wanted);
}
