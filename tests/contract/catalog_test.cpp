#include "server/api/action.hpp"
#include "server/api/instance_filters.hpp"
#include "server/api/instance_json.hpp"
#include "server/base/error.hpp"
#include "server/document/fixtures.hpp"
#include "state/model/instance.hpp"
#include "tests/support/catalogue.hpp"
#include "tests/support/difference.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

// Claims about the real service are data in fixtures/; these tests compare the code with them.

namespace fs = std::filesystem;
namespace json = boost::json;

using namespace cvm;

namespace {

using Words = std::set<std::string>;

constexpr state::Instant wall = std::chrono::sys_days{std::chrono::year{2026} / 3 / 31} + std::chrono::hours{8};

// The words of a list, or the names of an object.
Words words(const json::value& list)
{
    Words set;
    if (const auto* object = list.if_object()) {
        for (const auto& [name, value] : *object)
            set.insert(std::string{name});
        return set;
    }
    for (const json::value& word : list.as_array())
        set.insert(word.is_null() ? "null" : std::string{word.as_string()});
    CHECK(set.size() == list.as_array().size()); // no duplicates
    return set;
}

template <class Range>
Words words_of(const Range& range)
{
    return {range.begin(), range.end()};
}

// The codes of a list that are not in the other one.
Words without(Words codes, const Words& taken)
{
    for (const std::string& code : taken)
        codes.erase(code);
    return codes;
}

bool is_url(const json::value& v) { return v.is_string() && v.get_string().starts_with("https://"); }

// Collects every member of this name, at any depth, by its path.
void collect(const json::value& v, std::string_view name, const std::string& path,
             std::map<std::string, json::value>& found)
{
    if (const auto* o = v.if_object())
        for (const auto& [key, member] : *o) {
            const std::string at = path + "/" + std::string{key};
            if (key == name || key.ends_with("_" + std::string{name}))
                found.emplace(at, member);
            collect(member, name, at, found);
        }
    if (const auto* a = v.if_array())
        for (std::size_t i = 0; i < a->size(); ++i)
            collect((*a)[i], name, path + "/" + std::to_string(i), found);
}

// An action with its version, which is empty in the legacy API without one.
std::string name_of(const json::value& entry)
{
    return std::string{entry.at("action").as_string()} + " " + std::string{entry.at("version").as_string()};
}

// RenewInstances -> renew_instances, as CMakeLists.txt makes the name of the file.
std::string snake_case(const std::string& name)
{
    const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    std::string out;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char c = name[i];
        const bool starts_word = is_upper(c) && i > 0 && !is_upper(name[i - 1]);
        out += starts_word ? "_" : "";
        out += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return out;
}

const Words evidence_words{"observed", "documented", "assumed"};

} // namespace

TEST_CASE("the table of actions is sorted by name, CVM's first, and holds none twice")
{
    const auto actions = api::all_actions();
    CHECK(std::ranges::is_sorted(actions, {}, [](const api::Action* action) {
        return std::pair{action->name, action->product != "cvm"};
    }));
    Words seen;
    for (const api::Action* action : actions) {
        CAPTURE(action->name);
        CHECK(seen.insert(std::string{action->name} + " " + std::string{action->version}).second);
        CHECK(api::find_action(action->name, action->version) == action);
        CHECK((action->handle != nullptr));
    }
}

TEST_CASE("the actions in the code are the actions of the catalog")
{
    const json::array actions = test::catalogue_actions();
    std::map<std::string, const json::value*> entries;
    for (const json::value& entry : actions)
        CHECK(entries.emplace(name_of(entry), &entry).second);

    Words in_code;
    for (const api::Action* action : api::all_actions()) {
        const std::string name = std::string{action->name} + " " + std::string{action->version};
        CAPTURE(name);
        in_code.insert(name);
        REQUIRE(entries.contains(name));
        const json::value& entry = *entries.at(name);
        CHECK(entry.at("product").as_string() == action->product);
        CHECK(entry.at("version").as_string() == action->version);
        CHECK(entry.at("region").as_string() == (action->region == api::Region::required ? "required" : "unused"));
        CHECK(entry.as_object().contains("legacy_codes") == action->legacy);
    }
    Words in_catalog;
    for (const auto& [name, entry] : entries)
        in_catalog.insert(name);
    CHECK(test::difference(in_code, in_catalog) == "");
}

TEST_CASE("each action is a line of CMakeLists.txt, a file, a page of the catalog and a folder of cases")
{
    const auto names_in = [](const std::string& folder) {
        Words names;
        for (const auto& entry : fs::directory_iterator{CVM_SOURCE_DIR "/" + folder})
            names.insert(entry.path().stem().string());
        return names;
    };
    // A page is named after its action. The prefix is "Legacy" for actions of the legacy API without a Version, and the
    // product for actions of other products than cvm and cbs, some of which have the same names: "RegionDescribeZones".
    const auto prefix_of = [](const api::Action& action) -> std::string {
        if (action.version.empty())
            return "Legacy";
        const auto is_short = [](std::string_view product) { return product == "cvm" || product == "cbs"; };
        const bool shared =
            !is_short(action.product) && std::ranges::any_of(api::all_actions(), [&](const auto* other) {
                return other->name == action.name && is_short(other->product);
            });
        std::string product = shared ? std::string{action.product} : "";
        if (shared)
            product.front() = static_cast<char>(product.front() - 'a' + 'A');
        return product;
    };
    Words names;
    Words pages;
    Words sources;
    for (const api::Action* action : api::all_actions()) {
        const std::string name{action->name};
        names.insert(name);
        const std::string page = prefix_of(*action) + name;
        pages.insert(page);
        sources.insert(snake_case(page));
    }
    CHECK(test::difference(names_in("server/api/actions"), sources) == "");
    CHECK(test::difference(names_in("fixtures/catalog/actions"), pages) == "");
    CHECK(test::difference(names_in("fixtures/cases"), names) == "");
}

TEST_CASE("every action has a source and evidence for its rate limit")
{
    const json::array actions = test::catalogue_actions();
    const json::value common = test::fixture("catalog/common_codes.json");
    CHECK(is_url(common.at("common_codes").at("source")));
    CHECK(is_url(common.at("legacy_common_codes").at("source")));
    for (const json::value& entry : actions) {
        CAPTURE(entry.at("action").as_string());
        CHECK(is_url(entry.at("source")));
        CHECK(entry.at("rate_limit").as_int64() > 0);
        CHECK(evidence_words.contains(std::string{entry.at("rate_limit_evidence").as_string()}));
        for (const json::value& assumption : entry.at("assumptions").as_array())
            CHECK_FALSE(assumption.as_string().empty());
    }
}

TEST_CASE("the generated codes of an action are those of the catalog")
{
    const json::array actions = test::catalogue_actions();
    const json::value common = test::fixture("catalog/common_codes.json");
    CHECK(test::difference(words_of(common_codes()), words(common.at("common_codes").at("codes"))) == "");
    CHECK(test::difference(words_of(legacy_common_codes()), words(common.at("legacy_common_codes").at("codes"))) == "");
    for (const json::value& entry : actions) {
        const std::string name = name_of(entry);
        CAPTURE(name);
        const DocumentedCodes* documented =
            documented_codes(entry.at("action").as_string(), entry.at("version").as_string());
        REQUIRE(documented != nullptr);
        CHECK(documented->rate_limit == entry.at("rate_limit").as_int64());
        CHECK(test::difference(words_of(documented->codes), words(entry.at("codes"))) == "");
        const auto* legacy = entry.as_object().if_contains("legacy_codes");
        CHECK(test::difference(words_of(documented->legacy_codes), (legacy != nullptr ? words(*legacy) : Words{})) ==
              "");
    }
}

TEST_CASE("the vocabulary holds every documented code and no code without a use")
{
    // Codes that are on none of the quoted pages, each with the reason.
    const std::map<std::string, std::string> on_no_page{
        {"InvalidRequest.ReplayAttack", "a common code of the legacy API alone: a Nonce that was used before"},
    };
    const json::array actions = test::catalogue_actions();
    const json::value common = test::fixture("catalog/common_codes.json");
    Words used = words(common.at("common_codes").at("codes"));
    Words legacy = words(common.at("legacy_common_codes").at("codes"));
    for (const json::value& entry : actions) {
        used.merge(words(entry.at("codes")));
        if (const auto* codes = entry.as_object().if_contains("legacy_codes")) {
            used.merge(words(*codes));
            legacy.merge(words(*codes));
        }
    }
    Words vocabulary;
    for (const ErrorEntry& e : all_errors())
        vocabulary.emplace(e.code);

    CHECK(test::difference(without(used, vocabulary), Words{}) == "");
    Words listed;
    for (const auto& [code, reason] : on_no_page) {
        const std::string shown{code};
        CAPTURE(shown);
        CHECK_FALSE(reason.empty());
        CHECK_FALSE(used.contains(code));
        listed.insert(code);
    }
    CHECK(test::difference(without(vocabulary, used), listed) == "");

    // The code that the legacy API uses instead must be one of its own.
    for (const ErrorEntry& e : all_errors()) {
        CAPTURE(e.code);
        if (e.legacy_code != e.code)
            CHECK(legacy.contains(std::string{e.legacy_code}));
    }
}

TEST_CASE("every entry of the vocabulary tells in both languages whether its text was observed, and where")
{
    const json::value catalog = test::fixture("catalog/errors.json");
    CHECK(catalog.at("codes").as_array().size() == all_errors().size());
    for (const json::value& entry : catalog.at("codes").as_array()) {
        const json::object& e = entry.as_object();
        CAPTURE(e.at("code").as_string());
        Words seen;
        for (const std::string language : {"en", "zh"}) {
            CAPTURE(language);
            CHECK_FALSE(e.at(language).as_string().empty());
            const std::string word{e.at("text").at(language).as_string()};
            CHECK((word == "observed" || word == "assumed"));
            if (word == "observed")
                seen.insert(language);
        }
        CHECK(e.at("text").as_object().size() == 2);
        const auto* source = e.if_contains("source");
        CHECK(test::difference(source != nullptr ? words(*source) : Words{}, seen) == "");
        for (const auto& [language, where] : source != nullptr ? source->as_object() : json::object{})
            CHECK_FALSE(where.as_string().empty());
        // If a text is the same in both languages, that was observed; our own texts are translated.
        CHECK((e.at("en") != e.at("zh") || seen.contains("zh")));
        CHECK(e.at("legacy").at("number").is_int64());
        for (const auto& [name, value] : e)
            CHECK(Words{"code", "enumerator", "variant", "en", "zh", "places", "text", "source", "legacy"}.contains(
                std::string{name}));
    }
}

TEST_CASE("an action with Filters lists each of them with how it matches and how that is known")
{
    const Words ways{"whole", "part", "from", "until", "sort"};
    for (const json::value& entry : test::catalogue_actions()) {
        const std::string name = name_of(entry);
        CAPTURE(name);
        const auto fields = api::find_action(entry.at("action").as_string(), entry.at("version").as_string())->fields;
        const bool filtered = std::ranges::find(fields, "Filters", &api::Field::name) != fields.end();
        const auto* filters = entry.as_object().if_contains("filters");
        REQUIRE((filters != nullptr) == filtered);
        if (filters == nullptr)
            continue;
        Words names;
        for (const json::value& filter : filters->as_array()) {
            CAPTURE(filter.at("name").as_string());
            CHECK(names.emplace(filter.at("name").as_string()).second);
            CHECK(ways.contains(std::string{filter.at("match").as_string()}));
            const std::string evidence{filter.at("evidence").as_string()};
            CHECK(evidence_words.contains(evidence));
            if (evidence == "observed")
                CHECK(is_url(filter.at("source")));
        }
        if (name != "DescribeInstances 2017-03-12")
            continue;
        CHECK(names.erase("tag:<key>") == 1);
        names.insert("tag:");
        CHECK(test::difference(names, words_of(api::filter_names())) == "");
        CHECK(api::filter_names().size() == filters->as_array().size());
    }
}

TEST_CASE("every figure and list of the catalog has evidence in one of three words")
{
    for (const std::string name : {"catalog/bundles.json", "catalog/prices.json", "catalog/regions.json",
                                   "catalog/images.json", "catalog/instance_types.json", "catalog/lifecycle.json"}) {
        CAPTURE(name);
        std::map<std::string, json::value> evidence;
        collect(test::fixture(name), "evidence", "", evidence);
        CHECK_FALSE(evidence.empty());
        for (const auto& [path, word] : evidence) {
            const std::string shown{path};
            CAPTURE(shown);
            CHECK(evidence_words.contains(std::string{word.as_string()}));
        }
    }

    for (const std::string name : {"catalog/bundles.json", "catalog/prices.json"}) {
        CAPTURE(name);
        const json::value prices = test::fixture(name);
        std::map<std::string, json::value> figures;
        collect(prices, "cents", "", figures);
        collect(prices, "steps", "", figures);
        CHECK(figures.size() > 10);
        for (const auto& [path, figure] : figures) {
            const std::string shown{path};
            CAPTURE(shown);
            const json::value& owner = prices.at_pointer(path.substr(0, path.rfind('/')));
            REQUIRE(owner.as_object().contains("evidence"));
            if (owner.at("evidence").as_string() == "documented")
                CHECK(is_url(prices.at("sources").at(owner.at("source").as_string())));
            if (figure.is_int64())
                CHECK(figure.get_int64() > 0);
        }
    }

    const json::value lifecycle = test::fixture("catalog/lifecycle.json");
    std::map<std::string, json::value> lengths;
    collect(lifecycle.at("presets"), "value", "", lengths);
    CHECK(lengths.size() == 11 * lifecycle.at("presets").as_array().size());
    for (const auto& [path, length] : lengths) {
        const std::string shown{path};
        CAPTURE(shown);
        const json::value& owner = lifecycle.at("presets").at_pointer(path.substr(0, path.rfind('/')));
        if (owner.at("evidence").as_string() == "documented")
            CHECK(lifecycle.at("sources").as_object().contains(owner.at("source").as_string()));
    }

    const json::value regions = test::fixture("catalog/regions.json");
    for (const std::string list : {"cvm", "other", "legacy"}) {
        CAPTURE(list);
        CHECK(is_url(regions.at(list).at("source")));
        CHECK(regions.at(list).as_object().contains("evidence"));
    }
}

TEST_CASE("discounts begin with the first month and grow with the period")
{
    const json::value prices = test::fixture("catalog/prices.json");
    json::object discounts = prices.at("period_discounts").as_object();
    discounts["lighthouse"] = test::fixture("catalog/bundles.json").at("period_discounts");
    for (const auto& [family, entry] : discounts) {
        const std::string shown{family};
        CAPTURE(shown);
        const json::array& steps = entry.at("steps").as_array();
        REQUIRE_FALSE(steps.empty());
        CHECK(steps.front().at("from_months").as_int64() == 1);
        for (std::size_t i = 1; i < steps.size(); ++i) {
            CHECK(steps[i].at("from_months").as_int64() > steps[i - 1].at("from_months").as_int64());
            CHECK(steps[i].at("percent").as_int64() < steps[i - 1].at("percent").as_int64());
        }
        CHECK(steps.front().at("percent").as_int64() <= 100);
        CHECK(steps.back().at("percent").as_int64() > 0);
    }
}

TEST_CASE("the default fixtures are a good document and survive being exported and read back")
{
    const std::string name = "fixtures/default.json";
    const auto accounts = to_accounts(read_document(test::fixture_text("default.json"), name), name, wall);
    CHECK(test::difference(accounts, Fixtures::built_in().accounts(wall)) == "");

    const std::string exported = to_document(accounts);
    const auto again = to_accounts(read_document(exported, "export"), "export", wall);
    CHECK(again.size() == accounts.size());
    for (std::size_t i = 0; i < std::min(again.size(), accounts.size()); ++i) {
        CAPTURE(accounts[i].account.uin);
        CHECK(test::difference(again[i].account, accounts[i].account) == "");
        CHECK(test::difference(again[i].credentials, accounts[i].credentials) == "");
        CHECK(test::difference(again[i].deals, accounts[i].deals) == "");
        REQUIRE(again[i].instances.size() == accounts[i].instances.size());
        for (std::size_t j = 0; j < accounts[i].instances.size(); ++j) {
            CAPTURE(accounts[i].instances[j].id);
            CHECK(test::difference(again[i].instances[j], accounts[i].instances[j]) == "");
        }
    }
    CHECK(test::json_text_difference(to_document(again), exported) == "");
}

TEST_CASE("the enumerations of the schema are those of the code")
{
    const json::value schema = test::fixture("state.schema.json");
    const json::value& instance = schema.at("definitions").at("instance").at("properties");
    const json::value& disk = instance.at("DataDisks").at("items").at("properties");
    const auto with_null = [](Words set) {
        set.insert("null");
        return set;
    };
    struct Case {
        std::string what;
        const json::value& property;
        Words expected;
    };
    const Case cases[] = {
        {"RenewFlag", instance.at("RenewFlag"), with_null(words_of(state::Names<state::RenewFlag>::all))},
        {"InstanceChargeType", instance.at("InstanceChargeType"), words_of(state::Names<state::ChargeType>::all)},
        {"InstanceState", instance.at("InstanceState"), words_of(state::Names<state::InstanceState>::all)},
        {"RestrictState", instance.at("RestrictState"), words_of(state::Names<state::RestrictState>::all)},
        {"IsolatedSource", instance.at("IsolatedSource"), words_of(state::Names<state::IsolatedSource>::all)},
        {"StopChargingMode", instance.at("StopChargingMode"), words_of(state::Names<state::StopChargingMode>::all)},
        {"LatestOperationState", instance.at("LatestOperationState"),
         with_null(words_of(state::Names<state::OperationState>::all))},
        {"RenewFlag of a disk", disk.at("RenewFlag"), with_null(words_of(state::Names<state::RenewFlag>::all))},
        {"DiskChargeType", disk.at("DiskChargeType"), words_of(state::Names<state::ChargeType>::all)},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(test::difference(words(c.property.at("enum")), c.expected) == "");
    }
}

TEST_CASE("the numbers of an order's state in the schema are those of the code")
{
    const json::value schema = test::fixture("state.schema.json");
    std::set<std::int64_t> allowed;
    for (const json::value& number : schema.at("definitions")
                                         .at("account")
                                         .at("properties")
                                         .at("Orders")
                                         .at("items")
                                         .at("properties")
                                         .at("Status")
                                         .at("enum")
                                         .as_array())
        allowed.insert(number.as_int64());
    using state::DealStatus;
    std::set<std::int64_t> known;
    for (const DealStatus status :
         {DealStatus::unpaid, DealStatus::paid, DealStatus::shipped, DealStatus::refunded, DealStatus::closed})
        known.insert(static_cast<std::int64_t>(status));
    CHECK(test::difference(allowed, known) == "");
}

TEST_CASE("the schema allows the members of an instance that are written and no others")
{
    const json::value schema = test::fixture("state.schema.json");
    Words allowed;
    for (const auto& [name, property] : schema.at("definitions").at("instance").at("properties").as_object())
        allowed.emplace(name);
    const auto written = [](const state::Instance& instance) {
        Words names;
        for (const auto& [name, value] : api::to_json(instance))
            names.emplace(name);
        return names;
    };
    state::Instance full;
    full.attributes.operator_uin = "";
    full.latest_operation = state::Operation{"ResetInstance", state::OperationState::failed, "", "no"};
    full.attributes.gpu_info.emplace();
    full.attributes.metadata.emplace();
    full.attributes.cpu_topology.emplace();
    full.attributes.partition_number = 1;
    // The state has more data about a running operation than the API shows.
    for (const std::string member : {"LatestOperationEndTime", "StateAfterLatestOperation"})
        CHECK(allowed.erase(member) == 1);
    // Shown only by billing or DescribeInstancesAttributes, or not at all.
    for (const std::string member : {"Freeze", "RenewPeriod", "UserData", "HourlySince", "ChargedUntil", "ActionTimer"})
        CHECK(allowed.erase(member) == 1);
    CHECK(test::difference(written(full), allowed) == "");

    // Omitted unless a fixture sets them.
    state::Instance plain;
    plain.attributes = api::default_attributes();
    CHECK(without(allowed, written(plain)) ==
          Words{"CpuTopology", "GPUInfo", "LatestOperationErrorMsg", "Metadata", "PartitionNumber"});

    full.attributes.rack_id.emplace();
    full.attributes.dedicated_resource_pack_tenancy.emplace();
    full.attributes.dedicated_resource_pack_ids.emplace();
    Words placement;
    for (const auto& [name, property] :
         schema.at("definitions").at("instance").at("properties").at("Placement").at("properties").as_object())
        placement.emplace(name);
    const json::object shown = api::to_json(full);
    Words shown_placement;
    for (const auto& [name, value] : shown.at("Placement").as_object())
        shown_placement.emplace(name);
    CHECK(shown_placement == placement);
}

TEST_CASE("the top of the tree holds nothing that the architecture does not list")
{
    const Words parts{"CMakeLists.txt", "README.md", "docker", "docs", "fixtures", "server", "state", "tests"};
    const Words usual{"CHANGELOG.md",    "CMakePresets.json", "CONTRIBUTING.md", "LICENSE",
                      "README.zh-CN.md", "SECURITY.md",       "build",           "llms.txt"};
    for (const auto& entry : fs::directory_iterator{CVM_SOURCE_DIR}) {
        const std::string name = entry.path().filename().string();
        CAPTURE(name);
        CHECK((name.starts_with('.') || parts.contains(name) || usual.contains(name)));
    }
}
