// Generates the table of ready-made failing instances in the documentation from the default fixtures and the golden
// cases. CVM_UPDATE_DOCS=1 in the environment writes it.

#include "tests/support/emulator.hpp"
#include "tests/support/golden.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace cvm;
namespace json = boost::json;

namespace {

constexpr std::string_view begin_mark = "<!-- generated: begin -->\n";
constexpr std::string_view end_mark = "<!-- generated: end -->\n";
const std::string page_path = CVM_SOURCE_DIR "/docs/reference/failing-instances.md";

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

// The one instance or disk that a request names; empty if it names none or several.
std::string only_resource(const json::object& request)
{
    const auto* params = request.if_contains("params");
    for (const std::string_view name : {"InstanceIds", "InstanceId", "DiskIds", "DiskId"}) {
        const auto* ids = params != nullptr ? params->as_object().if_contains(name) : nullptr;
        if (ids == nullptr)
            continue;
        if (ids->is_string())
            return std::string{ids->get_string()};
        const bool one = ids->is_array() && ids->get_array().size() == 1 && ids->get_array()[0].is_string();
        return one ? std::string{ids->get_array()[0].get_string()} : std::string{};
    }
    return {};
}

using Codes = std::map<std::string, std::string>; // action -> code

// SecretId and resource -> codes, from the API 3.0 cases that fail because of the instance, the disk or the account. A
// case that names no resource has the SecretId and a space as its key.
std::map<std::string, Codes> failures()
{
    std::map<std::string, Codes> found;
    for (const test::Golden& golden : test::golden_cases()) {
        const json::object& request = golden.content.at("request").as_object();
        const std::string code = golden.code();
        if (golden.way() == "header" || request.contains("dialect") || request.contains("language") || code.empty() ||
            code.starts_with("AuthFailure"))
            continue;
        const std::string secret_id = secret_id_of(request);
        found[secret_id + " " + only_resource(request)].emplace(golden.action, code);
    }
    return found;
}

constexpr std::array<std::string_view, 2> renewing{"RenewInstances", "ModifyInstancesRenewFlag"};

// The cells with the codes. The last one names another action only if the two renewal actions do not fail.
std::string cells(const Codes& codes)
{
    std::string text;
    bool fails = false;
    for (const std::string_view action : renewing) {
        const auto at = codes.find(std::string{action});
        fails = fails || at != codes.end();
        text += " | " + (at != codes.end() ? "`" + at->second + "`" : "");
    }
    text += " | ";
    if (!fails && !codes.empty())
        text += "`" + codes.begin()->first + "`: `" + codes.begin()->second + "`";
    return text + " |\n";
}

// The resources of an account for the table: ids with what is wrong with each.
std::vector<std::pair<std::string, std::string>> resources_of(const json::object& account)
{
    std::vector<std::pair<std::string, std::string>> list;
    const auto add = [&](std::string_view name, std::string_view id, std::string_view what) {
        if (const auto* entries = account.if_contains(name))
            for (const json::value& entry : entries->as_array()) {
                const auto* text = entry.as_object().if_contains(what);
                list.emplace_back(std::string{entry.at(id).as_string()},
                                  text != nullptr ? std::string{text->as_string()} : "an elastic disk");
            }
    };
    add("Instances", "InstanceId", "InstanceName");
    add("Disks", "DiskId", "DiskName");
    return list;
}

// Rows of one account: its instances and disks that fail, then its keys that may not do everything.
std::string rows(const json::object& account, const std::map<std::string, Codes>& failing)
{
    const json::array& credentials = account.at("Credentials").as_array();
    const std::string first{credentials.front().at("SecretId").as_string()};
    const bool is_default = account.contains("Default");
    const auto pair_of = [](const json::value& credential) {
        return "`" + std::string{credential.at("SecretId").as_string()} + "` `" +
               std::string{credential.at("SecretKey").as_string()} + "`";
    };
    std::string text;
    bool first_resource = true;
    for (const auto& [id, what] : resources_of(account)) {
        // Usable instances, and one that is to be looked up in the wrong region.
        const std::set<std::string> usable{"ins-r8hr2upy",   "ins-5d8a23rs",   "disk-looseone",
                                           "lhins-ruy9d2tw", "lhins-rusdke45", "ins-shanghai"};
        if (usable.contains(id))
            continue;
        Codes codes;
        if (const auto at = failing.find(first + " " + id); at != failing.end())
            codes = at->second;
        // Failures of an account that name no resource are listed with its first resource.
        if (const auto at = failing.find(first + " "); at != failing.end() && first_resource && !is_default)
            codes.insert(at->second.begin(), at->second.end());
        first_resource = false;
        if (!codes.empty())
            text += "| `" + id + "` | " + what + " | " + (is_default ? "default" : pair_of(credentials.front())) +
                    cells(codes);
    }
    for (const json::value& credential : credentials) {
        const auto* allowed = credential.as_object().if_contains("Actions");
        if (allowed == nullptr)
            continue;
        std::string may;
        for (const json::value& pattern : allowed->as_array())
            may += " `" + std::string{pattern.as_string()} + "`";
        Codes codes;
        for (const auto& [key, found] : failing)
            if (key.starts_with(std::string{credential.at("SecretId").as_string()} + " "))
                codes.insert(found.begin(), found.end());
        text += "| any | the key may do " + (may.empty() ? "nothing" : "only" + may) + " | " + pair_of(credential) +
                cells(codes);
    }
    return text;
}

std::string table()
{
    const auto failing = failures();
    std::string text =
        "| instance or disk | what is wrong | key pair | RenewInstances | ModifyInstancesRenewFlag | elsewhere |\n"
        "|---|---|---|---|---|---|\n";
    const json::value fixtures = json::parse(read_text(CVM_SOURCE_DIR "/fixtures/default.json"));
    for (const json::value& account : fixtures.at("accounts").as_array())
        text += rows(account.as_object(), failing);
    return text;
}

} // namespace

TEST_CASE("the documentation's table of failing instances is that of the fixtures")
{
    std::string page = read_text(page_path);
    const auto begin = page.find(begin_mark);
    const auto end = page.find(end_mark);
    REQUIRE(begin != std::string::npos);
    REQUIRE(end != std::string::npos);
    const auto body = begin + begin_mark.size();
    const std::string wanted = "\n" + table() + "\n";
    if (std::getenv("CVM_UPDATE_DOCS") != nullptr) {
        page.replace(body, end - body, wanted);
        std::ofstream{page_path} << page;
        return;
    }
    INFO("stale: run CVM_UPDATE_DOCS=1 tests/run contract documentation");
    CHECK(page.substr(body, end - body) == wanted);
}
