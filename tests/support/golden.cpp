#include "tests/support/golden.hpp"

#include "server/base/json_text.hpp"
#include "tests/support/difference.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <stdexcept>

namespace cvm::test {

namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

using Words = std::set<std::string, std::less<>>;

std::string text(const json::object& o, std::string_view name, std::string otherwise)
{
    const auto* v = o.if_contains(name);
    return v != nullptr ? std::string{v->as_string()} : otherwise;
}

std::string text_of(const json::value& entry, std::string_view name) { return std::string{entry.at(name).as_string()}; }

wire::Dialect dialect(std::string_view name)
{
    if (name == "v1")
        return wire::Dialect::v1;
    if (name == "legacy")
        return wire::Dialect::legacy;
    if (name == "legacy_numeric")
        return wire::Dialect::legacy_numeric;
    if (name == "tc3")
        return wire::Dialect::tc3;
    throw std::runtime_error{"there is no dialect " + std::string{name}};
}

// --- request -----------------------------------------------------------------

bool is_number_of_ids(const json::object& o)
{
    return o.contains("ids") && (o.size() == 1 || (o.size() == 2 && o.contains("prefix")));
}

json::array made_ids(std::int64_t count, const std::string& prefix)
{
    constexpr std::size_t digits = 8;
    json::array ids;
    for (std::int64_t i = 0; i < count; ++i) {
        const std::string number = std::to_string(i);
        ids.emplace_back(prefix + std::string(digits - std::min(digits, number.size()), '0') + number);
    }
    return ids;
}

json::value expanded(const json::value& params)
{
    if (const auto* list = params.if_array()) {
        json::array entries;
        for (const json::value& entry : *list)
            entries.push_back(expanded(entry));
        return entries;
    }
    const auto* o = params.if_object();
    if (o == nullptr)
        return params;
    if (is_number_of_ids(*o))
        return made_ids(o->at("ids").as_int64(), text(*o, "prefix", "ins-"));
    json::object members;
    for (const auto& [name, value] : *o)
        members.emplace(name, expanded(value));
    return members;
}

// --- state afterwards --------------------------------------------------------

// A list of an account whose entries have an id, and its sort key.
struct KeyedList {
    std::string_view name;
    std::string_view key;
    std::array<std::string_view, 2> order;
};

constexpr std::array<KeyedList, 2> keyed_lists{{
    {"Orders", "OrderId", {"CreateTime", "OrderId"}},
    {"Instances", "InstanceId", {"InstanceId", "InstanceId"}},
}};

// Applies `patch` to the members of `target`, at any depth.
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

json::array::iterator find_entry(json::array& list, std::string_view key, std::string_view id)
{
    return std::ranges::find_if(list, [&](const json::value& entry) { return entry.at(key).as_string() == id; });
}

// Changes the entries of a list by id: a patch changes an existing entry, null removes it, and a new entry is added as
// a whole. The list stays sorted.
void apply_by_key(const json::object& patches, const KeyedList& of, json::array& list)
{
    for (const auto& [id, patch] : patches) {
        const auto at = find_entry(list, of.key, std::string_view{id});
        if (at == list.end())
            list.push_back(patch);
        else if (patch.is_null())
            list.erase(at);
        else
            apply(patch.as_object(), at->as_object());
    }
    std::ranges::stable_sort(list, {}, [&](const json::value& entry) {
        return std::array{text_of(entry, of.order[0]), text_of(entry, of.order[1])};
    });
}

// Removes a member and returns it; null if it does not exist.
json::value taken(json::object& from, std::string_view name)
{
    const auto* given = from.if_contains(name);
    json::value value = given != nullptr ? *given : json::value{};
    from.erase(name);
    return value;
}

void apply_to_account(json::object patch, json::object& account)
{
    if (const json::value lines = taken(patch, "Ledger"); lines.is_array()) {
        json::array& ledger = account.at("Ledger").as_array();
        ledger.insert(ledger.end(), lines.get_array().begin(), lines.get_array().end());
    }
    for (const KeyedList& of : keyed_lists)
        if (const json::value patches = taken(patch, of.name); patches.is_object())
            apply_by_key(patches.get_object(), of, account.at(of.name).as_array());
    apply(patch, account);
}

// The account in a state, which may be const; null if it does not exist.
template <class State>
auto find_account(State& state, std::string_view uin)
{
    for (auto& account : state.at("accounts").as_array())
        if (account.at("Uin").as_string() == uin)
            return &account.as_object();
    return static_cast<decltype(&state.as_object())>(nullptr);
}

// The members of `now` that differ from `before`; for objects, recursively.
json::object patch_between(const json::object& before, const json::object& now)
{
    json::object patch;
    for (const auto& [name, value] : now) {
        const auto* old = before.if_contains(name);
        if (old != nullptr && *old == value)
            continue;
        if (old != nullptr && old->is_object() && value.is_object())
            patch.emplace(name, patch_between(old->get_object(), value.get_object()));
        else
            patch.emplace(name, value);
    }
    return patch;
}

// The entries of a list by id, in the order of the list.
json::object by_key(const json::array& list, std::string_view key)
{
    json::object entries;
    for (const json::value& entry : list)
        entries.emplace(entry.at(key).as_string(), entry);
    return entries;
}

json::object patches_between(const json::object& before, const json::object& now)
{
    json::object patches = patch_between(before, now);
    for (const auto& [id, entry] : before)
        if (!now.contains(id))
            patches.emplace(id, nullptr);
    return patches;
}

json::array added_lines(const json::array& before, const json::array& now)
{
    if (now.size() < before.size())
        throw std::runtime_error{"the ledger has lost lines, which \"after\" cannot say"};
    return json::array(std::next(now.begin(), static_cast<std::ptrdiff_t>(before.size())), now.end());
}

// The patch for apply_to_account(), with the long lists last.
json::object account_patch(const json::object& before, const json::object& now)
{
    json::object patch = patch_between(before, now);
    const auto put_last = [&](std::string_view name, const json::value& value) {
        if (patch.if_contains(name) == nullptr)
            return;
        patch.stable_erase(patch.find(name));
        patch.emplace(name, value);
    };
    put_last("Ledger", added_lines(before.at("Ledger").as_array(), now.at("Ledger").as_array()));
    for (const auto& [name, key, order] : keyed_lists)
        put_last(name, patches_between(by_key(before.at(name).as_array(), key), by_key(now.at(name).as_array(), key)));
    return patch;
}

// --- differences -------------------------------------------------------------

// The account with its lists converted to objects by id, so that a path names the entry.
json::object with_keys(json::object account)
{
    for (const auto& [name, key, order] : keyed_lists)
        if (auto* list = account.if_contains(name); list != nullptr && list->is_array())
            *list = by_key(list->get_array(), key);
    return account;
}

Words uins(const json::value& state)
{
    Words names;
    for (const json::value& account : state.at("accounts").as_array())
        names.insert(text_of(account, "Uin"));
    return names;
}

std::optional<json::value> account_of(const json::value& state, std::string_view uin)
{
    const json::object* account = find_account(state, uin);
    return account != nullptr ? std::optional<json::value>{with_keys(*account)} : std::nullopt;
}

// --- files -------------------------------------------------------------------

json::value read(const fs::path& path)
{
    std::ifstream in{path};
    return json::parse(std::string{std::istreambuf_iterator<char>{in}, {}});
}

void write(const json::value& value, std::size_t depth, std::string& out);

// Writes brackets around entries; `each` writes an entry.
template <class List, class Write>
void write_list(const List& list, const char* brackets, std::size_t depth, std::string& out, Write each)
{
    out += brackets[0];
    std::string_view separator = "\n";
    for (const auto& entry : list) {
        out += separator;
        out.append(depth + 1, ' ');
        each(entry);
        separator = ",\n";
    }
    if (!list.empty())
        out.append("\n").append(depth, ' ');
    out += brackets[1];
}

void write(const json::value& value, std::size_t depth, std::string& out)
{
    if (const auto* list = value.if_array())
        write_list(*list, "[]", depth, out, [&](const json::value& entry) { write(entry, depth + 1, out); });
    else if (const auto* o = value.if_object())
        write_list(*o, "{}", depth, out, [&](const json::key_value_pair& member) {
            out += json_text(json::value(member.key())) + ": ";
            write(member.value(), depth + 1, out);
        });
    else
        out += json_text(value);
}

// * matches any characters.
bool globs(std::string_view pattern, std::string_view text)
{
    const auto star = pattern.find('*');
    if (star == std::string_view::npos)
        return pattern == text;
    if (!text.starts_with(pattern.substr(0, star)))
        return false;
    const std::string_view rest = pattern.substr(star + 1);
    for (std::size_t from = star; from <= text.size(); ++from)
        if (globs(rest, text.substr(from)))
            return true;
    return false;
}

} // namespace

std::string Golden::name() const { return number == 0 ? file : file + " " + std::to_string(number); }

std::string Golden::way() const { return text(content.as_object(), "how", "natural"); }

std::string Golden::code() const
{
    const auto* answer = content.at("answer").if_object();
    if (answer == nullptr)
        return {};
    if (const auto* description = answer->if_contains("codeDesc"))
        return description->as_string() == "Success" ? std::string{} : std::string{description->as_string()};
    const auto* response = answer->if_contains("Response");
    const auto* problem = response != nullptr ? response->as_object().if_contains("Error") : nullptr;
    return problem != nullptr ? text_of(*problem, "Code") : std::string{};
}

std::vector<Golden> cases_in(const std::string& file, const json::value& content)
{
    const std::string action = fs::path{file}.parent_path().filename().string();
    const auto* several = content.as_object().if_contains("cases");
    if (several == nullptr)
        return {{.file = file, .action = action, .content = content}};
    std::vector<Golden> cases;
    for (const json::value& one : several->as_array())
        cases.push_back({.file = file, .number = cases.size() + 1, .action = action, .content = one});
    return cases;
}

std::vector<Golden> golden_cases()
{
    const fs::path root{golden_path("")};
    std::set<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator{root})
        if (entry.path().extension() == ".json")
            files.insert(entry.path());
    std::vector<Golden> cases;
    for (const fs::path& file : files)
        std::ranges::move(cases_in(fs::relative(file, root).string(), read(file)), std::back_inserter(cases));
    return cases;
}

std::string golden_path(const std::string& file) { return CVM_SOURCE_DIR "/fixtures/cases/" + file; }

Call call_of(const json::object& request)
{
    const Words known{"action", "params",    "version",    "region",      "language", "dialect", "method",
                      "token",  "secret_id", "secret_key", "force_error", "host",     "service"};
    for (const auto& member : request)
        if (!known.contains(std::string_view{member.key()}))
            throw std::runtime_error{"a request has no member " + std::string{member.key()}};
    Call call;
    call.action = text(request, "action", "");
    if (const auto* params = request.if_contains("params"))
        call.params = expanded(*params).as_object();
    call.version = text(request, "version", call.version);
    call.region = text(request, "region", call.region);
    call.language = text(request, "language", "");
    call.dialect = dialect(text(request, "dialect", "tc3"));
    call.method = text(request, "method", call.method);
    call.secret_id = text(request, "secret_id", call.secret_id);
    call.secret_key = text(request, "secret_key", call.secret_key);
    call.token = text(request, "token", "");
    call.force_error = text(request, "force_error", "");
    call.host = text(request, "host", call.host);
    call.service = text(request, "service", call.service);
    return call;
}

std::string answer_text(const Golden& golden)
{
    const Call call = call_of(golden.content.at("request").as_object());
    const AnswerPage* page = answer_page(call.action, call.version);
    const bool own = page != nullptr && golden.code().empty() && !wire::is_legacy(call.dialect);
    return json_text(golden.content.at("answer"), own ? page->text : AnswerText{});
}

wire::Dialect dialect_of(const Golden& golden)
{
    return dialect(text(golden.content.at("request").as_object(), "dialect", "tc3"));
}

std::vector<std::string> flaws(const Golden& golden)
{
    std::vector<std::string> found;
    const json::object& request = golden.content.at("request").as_object();
    if (const std::string action = text(request, "action", ""); action != golden.action)
        found.push_back("  /request/action: expected \"" + golden.action + "\" like the folder, got \"" + action +
                        "\"");
    const std::string evidence = text(golden.content.as_object(), "evidence", "");
    if (!Words{"documented", "observed", "assumed"}.contains(evidence))
        found.push_back("  /evidence: expected documented, observed or assumed, got \"" + evidence + "\"");
    if ((golden.way() == "header") != request.contains("force_error"))
        found.push_back("  /how: expected \"header\" where the request has a force_error and only there, got \"" +
                        golden.way() + "\"");
    return found;
}

json::value expected_state(json::value before, const json::object& after)
{
    for (const auto& [uin, patch] : after) {
        json::object* account = find_account(before, std::string_view{uin});
        if (account == nullptr)
            throw std::runtime_error{"\"after\" names the account " + std::string{uin} + ", which there is not"};
        apply_to_account(patch.as_object(), *account);
    }
    return before;
}

json::object after_between(const json::value& before, const json::value& state)
{
    json::object after;
    for (const json::value& account : state.at("accounts").as_array()) {
        const std::string uin = text_of(account, "Uin");
        const json::object* old = find_account(before, uin);
        if (old == nullptr)
            throw std::runtime_error{"the account " + uin + " is new, which \"after\" cannot say"};
        if (json::object patch = account_patch(*old, account.as_object()); !patch.empty())
            after.emplace(uin, std::move(patch));
    }
    if (expected_state(before, after) != state)
        throw std::runtime_error{"something has gone from the state, which \"after\" cannot say"};
    return after;
}

std::vector<std::string> answer_differences(std::string_view expected, std::string_view actual)
{
    if (expected == actual)
        return {};
    boost::system::error_code bad;
    const json::value got = json::parse(actual, bad);
    if (bad)
        return {"  the answer is not JSON, " + text_difference(expected, actual)};
    std::vector<std::string> lines;
    for (const Difference& one : differences(json::parse(expected), got))
        lines.push_back(line_of(one, "  "));
    if (lines.empty())
        lines.push_back("  only the order of members or white space differs, " + text_difference(expected, actual));
    return lines;
}

std::vector<std::string> state_differences(const json::value& expected, const json::value& actual)
{
    if (expected == actual)
        return {};
    std::vector<std::string> lines;
    Words accounts = uins(expected);
    accounts.merge(uins(actual));
    for (const std::string& uin : accounts) {
        const std::string before = "  state of " + uin + " ";
        const auto wanted = account_of(expected, uin);
        const auto got = account_of(actual, uin);
        if (!wanted || !got)
            lines.push_back(line_of({.path = "", .expected = wanted, .actual = got}, before));
        else
            for (const Difference& one : differences(*wanted, *got))
                lines.push_back(line_of(one, before));
    }
    if (lines.empty())
        for (const Difference& one : differences(expected, actual))
            lines.push_back(line_of(one, "  state "));
    return lines;
}

bool matches(std::string_view pattern, const Golden& golden)
{
    return globs(pattern, golden.name()) || globs(pattern, golden.file) || globs(pattern, golden.action);
}

std::string file_text(const json::value& content)
{
    std::string out;
    write(content, 0, out);
    return out + "\n";
}

void record(json::object& golden, json::value answer, json::object after)
{
    golden["answer"] = std::move(answer);
    if (!after.empty())
        golden["after"] = std::move(after);
    else if (const auto at = golden.find("after"); at != golden.end())
        golden.stable_erase(at);
}

} // namespace cvm::test
