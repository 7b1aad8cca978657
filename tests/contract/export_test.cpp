// Whatever the state of a server, its export can be imported and gives the same state.

#include "tests/support/emulator.hpp"
#include "tests/support/property.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <limits>
#include <random>
#include <string>
#include <vector>

using namespace cvm;
namespace json = boost::json;
namespace bhttp = boost::beast::http;

namespace {

json::value read_file(const std::string& path)
{
    std::ifstream in{path};
    return json::parse(std::string{std::istreambuf_iterator<char>{in}, {}});
}

const json::value& schema()
{
    static const json::value read = read_file(CVM_SOURCE_DIR "/fixtures/state.schema.json");
    return read;
}

class Draw {
public:
    explicit Draw(std::uint64_t seed) : random_{seed} {}

    std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
    bool once_in(std::uint64_t number) { return below(number) == 0; }

    template <class List>
    const auto& from(const List& list)
    {
        return list[below(std::size(list))];
    }

private:
    std::mt19937_64 random_;
};

// Generates a text for a pattern of the schema: ^...$ with characters, classes and quantifiers. Its length is often
// minimal or maximal.
std::string text_for(std::string_view pattern, Draw& draw)
{
    std::string text;
    const bool longest = draw.once_in(2);
    for (std::size_t at = 1; at + 1 < pattern.size();) {
        std::string allowed;
        if (pattern[at] == '[') {
            for (++at; pattern[at] != ']';) {
                if (pattern[at] == '\\')
                    ++at;
                const char first = pattern[at++];
                char last = first;
                if (pattern[at] == '-' && pattern[at + 1] != ']') {
                    last = pattern[at + 1];
                    at += 2;
                }
                for (int c = first; c <= last; ++c)
                    allowed += static_cast<char>(c);
            }
            ++at;
        } else {
            if (pattern[at] == '\\')
                ++at;
            allowed = pattern[at++];
        }
        std::size_t count = 1;
        if (pattern[at] == '{') {
            const auto end = pattern.find('}', at);
            const std::string counts{pattern.substr(at + 1, end - at - 1)};
            const auto comma = counts.find(',');
            count = std::stoul(longest && comma != std::string::npos ? counts.substr(comma + 1) : counts);
            at = end + 1;
        } else if (pattern[at] == '?') {
            count = longest ? 1 : 0;
            ++at;
        }
        for (std::size_t i = 0; i < count; ++i)
            text += draw.from(allowed);
    }
    return text;
}

constexpr std::array times{"0001-01-01T00:00:00Z",
                           "9999-12-31T23:59:59Z",
                           "2026-03-31T08:30:00Z",
                           "2026-03-31T08:29:59Z",
                           "2016-01-01T00:00:00Z",
                           "2024-02-29T12:00:00Z",
                           "+P1M",
                           "-P1M",
                           "+PT1S",
                           "-P20Y",
                           "+P7900Y"};
constexpr std::array offsets{
    "PT0S",           "P1M", "-P1M", "P7973Y", "-P2025Y", "P10000Y", "-P10000Y", "PT315360000000S", "-PT315360000000S",
    "-PT63000000000S"};
constexpr std::array strings{"", "x", "two words", "\xc3\xbc\xe4\xb8\xad \"\\/\n\t\x01", " ", "0"};

// Texts that a document uses with a special meaning.
const std::map<std::string, std::vector<std::string>, std::less<>>& words()
{
    static const std::map<std::string, std::vector<std::string>, std::less<>> known{
        {"Zone", {"ap-guangzhou-3", "ap-guangzhou-9", "ap-singapore-1"}},
        {"InstanceType", {"S5.MEDIUM2", "S2.SMALL1", "X1.UNKNOWN"}},
        {"Code", {"InternalError", "UnauthorizedOperation", "ResourceInsufficient.CloudDiskUnavailable"}},
        {"Lifecycle", {"", "intl"}},
        {"Resource", {"qcs::cam::uin/1:uin/2", "qcs::clb:ap-guangzhou:uin/100000000001:clb/lb-aaaaaaaa"}},
        {"Offset", {offsets.begin(), offsets.end()}},
    };
    return known;
}

const json::object& resolved(const json::object& of)
{
    const auto* ref = of.if_contains("$ref");
    return ref == nullptr ? of
                          : resolved(schema().at_pointer(std::string_view{ref->as_string()}.substr(1)).as_object());
}

bool may_be(const json::object& node, std::string_view type)
{
    const auto* given = node.if_contains("type");
    if (given == nullptr)
        return false;
    if (given->is_string())
        return given->as_string() == type;
    return std::ranges::find(given->as_array(), json::value(type)) != given->as_array().end();
}

json::value draw_value(const json::object& given, std::string_view name, Draw& draw);

json::value draw_object(const json::object& node, Draw& draw)
{
    json::object made;
    json::array required;
    if (const auto* names = node.if_contains("required"))
        required = names->as_array();
    for (const auto& [name, member] : node.at("properties").as_object())
        if (draw.once_in(3) || std::ranges::find(required, json::value(name)) != required.end())
            made[name] = draw_value(member.as_object(), name, draw);
    return made;
}

// Often one of the limits.
std::int64_t draw_integer(const json::object& node, Draw& draw)
{
    const auto limit = [&](const char* name, std::int64_t otherwise) {
        const auto* given = node.if_contains(name);
        return given != nullptr ? given->to_number<std::int64_t>() : otherwise;
    };
    const std::int64_t least = limit("minimum", std::numeric_limits<std::int64_t>::min());
    const std::int64_t most = limit("maximum", std::numeric_limits<std::int64_t>::max());
    return draw.from(std::array{least, most, most - 1, least + 1, std::clamp<std::int64_t>(12'345, least, most)});
}

json::value draw_value(const json::object& given, std::string_view name, Draw& draw)
{
    const json::object& node = resolved(given);
    if (const auto known = words().find(name); known != words().end())
        return json::value(draw.from(known->second));
    if (const auto* any = node.if_contains("anyOf"))
        return draw_value(draw.from(any->as_array()).as_object(), name, draw);
    if (const auto* words = node.if_contains("enum"))
        return draw.from(words->as_array());
    if (may_be(node, "null") && (draw.once_in(2) || node.at("type").is_string()))
        return nullptr;
    if (may_be(node, "object"))
        return draw_object(node, draw);
    if (may_be(node, "array")) {
        json::array items;
        for (std::uint64_t left = draw.below(3); left > 0; --left)
            items.push_back(draw_value(node.at("items").as_object(), name, draw));
        return items;
    }
    if (may_be(node, "integer"))
        return draw_integer(node, draw);
    if (may_be(node, "number"))
        return draw.once_in(2) ? json::value(0.5) : json::value(7);
    if (may_be(node, "boolean"))
        return draw.once_in(2);
    if (const auto* pattern = node.if_contains("pattern")) {
        const std::string_view of = pattern->as_string();
        return json::value(of.starts_with("^(") ? std::string{draw.from(times)} : text_for(of, draw));
    }
    std::string text = draw.from(strings);
    if (const auto* shortest = node.if_contains("minLength"); shortest != nullptr && text.empty())
        text = "x";
    return json::value(text);
}

// Replaces a member of the object, or of one inside it, by a random value.
void change(json::value& value, const json::object& given, std::string_view name, Draw& draw)
{
    const json::object& node = resolved(given);
    if (value.is_object() && !draw.once_in(20)) {
        const auto& members = node.at("properties").as_object();
        const auto& [member, of] = *(members.begin() + static_cast<std::ptrdiff_t>(draw.below(members.size())));
        json::value& inner = value.get_object()[member];
        if (inner.is_null())
            inner = draw_value(of.as_object(), member, draw);
        else
            change(inner, of.as_object(), member, draw);
        return;
    }
    if (value.is_array() && !value.get_array().empty() && !draw.once_in(4)) {
        json::array& items = value.get_array();
        change(items[draw.below(items.size())], node.at("items").as_object(), name, draw);
        return;
    }
    if (value.is_array() && draw.once_in(2)) {
        value.get_array().push_back(draw_value(node.at("items").as_object(), name, draw));
        return;
    }
    value = draw_value(given, name, draw);
}

struct Exports {
    http::Response ask(std::string_view method, std::string_view target, std::string_view body = {})
    {
        http::Request request{
            bhttp::string_to_verb({method.data(), method.size()}), {target.data(), target.size()}, 11};
        request.body() = body;
        return emulator.send(request);
    }

    bool import(std::string_view document) { return ask("PUT", "/_emulator/state", document).result_int() == 200; }

    // Two accounts with all kinds of data, from the default fixtures.
    json::value start()
    {
        json::value document = emulator.state();
        json::array& accounts = document.at("accounts").as_array();
        json::array kept{accounts.at(0)};
        for (const json::value& account : accounts)
            if (kept.size() < 2 && account.at("Uin") != accounts.at(0).at("Uin") &&
                !account.at("Instances").as_array().empty())
                kept.push_back(account);
        document.at("accounts") = std::move(kept);
        return document;
    }

    // Exports, imports and exports again: both documents must be equal. Returns what is wrong; empty if nothing is.
    std::string why_not_taken()
    {
        const http::Response exported = ask("GET", "/_emulator/state");
        if (exported.result_int() != 200)
            return "not exported: " + exported.body();
        const http::Response taken = ask("PUT", "/_emulator/state", exported.body());
        if (taken.result_int() != 200)
            return taken.body();
        const http::Response again = ask("GET", "/_emulator/state");
        return again.body() == exported.body() ? "" : "not the same: " + exported.body() + "\n" + again.body();
    }

    test::Emulator emulator;
};

// A key pair of the document, and a few of its instances.
struct Owner {
    std::string secret_id;
    std::string secret_key;
    std::string uin;
    json::array instances;
};

Owner draw_owner(const json::value& document, Draw& draw)
{
    const json::object& account = draw.from(document.at("accounts").as_array()).as_object();
    Owner owner;
    owner.uin = account.at("Uin").as_string();
    for (const json::value& pair : account.at("Credentials").as_array())
        if (!pair.as_object().contains("Token")) {
            owner.secret_id = pair.at("SecretId").as_string();
            owner.secret_key = pair.at("SecretKey").as_string();
        }
    for (const json::value& instance : account.at("Instances").as_array())
        if (owner.instances.size() < 2 && draw.once_in(3))
            owner.instances.push_back(instance.at("InstanceId"));
    return owner;
}

void act(Exports& server, const json::value& document, Draw& draw)
{
    const Owner owner = draw_owner(document, draw);
    const auto call = [&](const std::string& action, json::object params, const std::string& version = "2017-03-12") {
        params.emplace("InstanceIds", owner.instances);
        server.emulator.nonces.clear();
        server.emulator.send(test::sign({.action = action,
                                         .params = std::move(params),
                                         .version = version,
                                         .secret_id = owner.secret_id,
                                         .secret_key = owner.secret_key},
                                        server.emulator.wall.now()));
    };
    const auto control = [&](std::string_view target, const json::object& body) {
        server.ask("POST", std::string{target} + "?account=" + owner.uin, json::serialize(body));
    };
    const json::object prepaid{
        {"Period", draw.from(std::array{1, 12, 36, 60})},
        {"RenewFlag", draw.from(std::array{"NOTIFY_AND_AUTO_RENEW", "NOTIFY_AND_MANUAL_RENEW"})}};
    switch (draw.below(14)) {
    case 0:
        return call("RenewInstances", {{"InstanceChargePrepaid", prepaid}, {"RenewPortableDataDisk", true}});
    case 1:
        return call("TerminateInstances", {});
    case 2:
        return call("StopInstances", {{"StoppedMode", "STOP_CHARGING"}});
    case 3:
        return call("StartInstances", {});
    case 4:
        return call("ModifyInstancesChargeType",
                    {{"InstanceChargeType", draw.once_in(2) ? "PREPAID" : "POSTPAID_BY_HOUR"},
                     {"InstanceChargePrepaid", prepaid}});
    case 5:
        return call("ModifyInstancesAttribute", {{"InstanceName", draw.from(strings)}});
    case 6: {
        json::object params{{"Placement", json::object{{"Zone", "ap-guangzhou-3"}}},
                            {"ImageId", "img-487zeit5"},
                            {"InstanceType", "S5.MEDIUM2"},
                            {"ClientToken", "token " + std::to_string(draw.below(3))},
                            {"InstanceChargeType", draw.once_in(2) ? "PREPAID" : "POSTPAID_BY_HOUR"}};
        if (params.at("InstanceChargeType").as_string() == "PREPAID")
            params["InstanceChargePrepaid"] = prepaid;
        http::Request request = test::sign({.action = "RunInstances",
                                            .params = std::move(params),
                                            .secret_id = owner.secret_id,
                                            .secret_key = owner.secret_key},
                                           server.emulator.wall.now());
        server.emulator.send(request);
        return;
    }
    case 7:
        return control("/_emulator/clock",
                       {{"advance", draw.from(std::array{"PT1H", "P1D", "P1M", "P1Y", "P11Y", "P50Y", "P7000Y"})}});
    case 8:
        return control("/_emulator/clock", {{"advance_to", "next_event"}});
    case 9:
        return control("/_emulator/clock", {{"frozen", draw.once_in(2)}});
    case 10:
        return control(
            "/_emulator/clock",
            {{"set", draw.from(std::array{"9999-12-31T23:59:59Z", "9999-12-01T00:00:00Z", "2030-01-01T00:00:00Z"})}});
    case 11:
        return control("/_emulator/ledger",
                       {{"deposit", draw.from(std::array<std::int64_t, 3>{1, 1'000'000, 1'000'000'000'000'000})},
                        {"to", draw.from(std::array{"cash", "income", "present"})}});
    case 12:
        return control("/_emulator/accounts/credentials",
                       {{"expires_in", "P1D"}, {"Actions", {"cvm:*"}}, {"MFA", "EXPIRED"}});
    case 13:
        server.ask("POST", "/_emulator/accounts", R"({"from":"empty"})");
        return;
    }
}

} // namespace

TEST_CASE_FIXTURE(Exports, "any export can be imported and then gives the same export")
{
    Draw draw{test::property_seed()};
    const json::value first = start();
    int imported = 0;
    for (int sequence = test::property_sequences(10); sequence > 0; --sequence) {
        CAPTURE(sequence);
        json::value document = first;
        REQUIRE(import(json::serialize(document)));
        for (std::uint64_t left = 1 + draw.below(30); left > 0; --left) {
            json::value changed = document;
            change(changed, schema().as_object(), "", draw);
            if (!import(json::serialize(changed)))
                continue;
            document = std::move(changed);
            ++imported;
        }
        REQUIRE(import(json::serialize(document)));
        std::string why = why_not_taken();
        CHECK_MESSAGE(why.empty(), why.substr(0, 2000), "\nof ", json::serialize(document).substr(0, 6000));
        REQUIRE(import(json::serialize(document)));
        const json::value state = json::parse(ask("GET", "/_emulator/state").body());
        for (std::uint64_t left = draw.below(10); left > 0 && why.empty() && state.is_object(); --left)
            act(*this, state, draw);
        why = why_not_taken();
        CHECK_MESSAGE(why.empty(), why.substr(0, 2000), "\nafter calls, of ",
                      json::serialize(document).substr(0, 6000));
    }
    CHECK(imported > 0);
}

TEST_CASE_FIXTURE(Exports, "an export with extreme values can be imported")
{
    struct Row {
        std::string what;
        std::string members; // of the only account
        bool taken = true;
        std::string_view control{}; // "POST /target body" afterwards
    };
    const Row rows[] = {
        {"an order with the last number", R"("Orders":[{"OrderId":"20260331719999999999999","Status":4}])"},
        {"the last number of orders", R"("OrderCount":9999999999999)"},
        {"the last number of resources", R"("ResourceCount":9007199254740991)"},
        {"a ledger that is further from the balance than a line can move",
         R"("Ledger":[{"Time":"+PT0S","Cause":"deposit","From":"outside","To":"cash","Amount":1000000000000000000},
                      {"Time":"+PT0S","Cause":"deposit","From":"outside","To":"cash","Amount":1000000000000000000}])",
         false},
        {"a clock before the calendar", R"("Clock":{"Offset":"-PT315360000000S"})", false},
        {"a clock at the end of the calendar", R"("Clock":{"Offset":"PT315360000000S"})"},
        {"a clock at the beginning of the calendar", R"("Clock":{"FrozenAt":"0001-01-01T00:00:00Z"})"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        const std::string document = R"({"format_version":1,"accounts":[{"Uin":"100000000001",)" + row.members + "}]}";
        CHECK(import(document) == row.taken);
        CHECK(why_not_taken() == "");
    }
}

TEST_CASE_FIXTURE(Exports, "no call and no passing of time leads to a state that cannot be imported")
{
    json::value document = start();
    json::object& account = document.at("accounts").at(0).as_object();
    const auto renew = [&] {
        test::Call call{
            .action = "RenewInstances",
            .params = {{"InstanceIds", {"ins-r8hr2upy"}}, {"InstanceChargePrepaid", json::object{{"Period", 1}}}}};
        return emulator.code(call);
    };
    account["OrderCount"] = 9'999'999'999'998;
    REQUIRE(import(json::serialize(document)));
    CHECK(renew() == "OK");
    CHECK(why_not_taken() == "");
    CHECK(renew() == "InternalServerError"); // there is no number for it
    CHECK(why_not_taken() == "");

    // The balance is at its maximum, so a refund is impossible.
    account["OrderCount"] = 0;
    account["Balance"] = {{"Cash", 1'000'000'000'000'000}, {"Credit", 1'000'000'000'000'000}};
    account.erase("Ledger");
    REQUIRE(import(json::serialize(document)));
    emulator.code({.action = "TerminateInstances", .params = {{"InstanceIds", {"ins-r8hr2upy"}}}});
    CHECK(why_not_taken() == "");

    // A debt that is too large is reduced to the maximum.
    json::value owing = document;
    json::object& debtor = owing.at("accounts").at(0).as_object();
    debtor["Balance"] = {{"Owe", 999'999'999'999'999}, {"Credit", 1'000'000'000'000'000}};
    debtor["Instances"] = json::array{json::object{{"InstanceId", "ins-aaaaaaaa"},
                                                   {"Placement", json::object{{"Zone", "ap-guangzhou-3"}}},
                                                   {"InstanceType", "S5.MEDIUM2"},
                                                   {"InstanceChargeType", "POSTPAID_BY_HOUR"}}};
    REQUIRE(import(json::serialize(owing)));
    emulator.control("POST", "/_emulator/clock", R"({"advance":"P10D"})");
    CHECK(emulator.control("GET", "/_emulator/ledger").at("balance").at("owed") == json::value(1'000'000'000'000'000));
    CHECK(emulator.control("GET", "/_emulator/invariants").at("ok") == json::value(true));
    CHECK(why_not_taken() == "");
}
