#include "server/calls/pattern.hpp"

#include "server/base/text.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace cvm::calls {

namespace json = boost::json;

namespace {

constexpr std::array all_traits{
    Trait{"action", &CallRecord::action, false},        Trait{"version", &CallRecord::version, false},
    Trait{"region", &CallRecord::region, false},        Trait{"dialect", &CallRecord::dialect, false},
    Trait{"method", &CallRecord::method, false},        Trait{"secret_id", &CallRecord::secret_id, false},
    Trait{"request_id", &CallRecord::request_id, true}, Trait{"code", &CallRecord::code, true},
    Trait{"fault", &CallRecord::fault, true},
};

// Parameters of a query or form are texts, those of a JSON body have types; a pattern must match both.
std::string as_text(const json::value& value)
{
    return value.is_string() ? std::string{value.get_string()} : json::serialize(value);
}

bool same(const json::value& wanted, const json::value& was)
{
    if (const auto* a = wanted.if_array()) {
        const auto* b = was.if_array();
        return b != nullptr && std::equal(a->begin(), a->end(), b->begin(), b->end(), same);
    }
    if (const auto* a = wanted.if_object()) {
        const auto* b = was.if_object();
        return b != nullptr && a->size() == b->size() && std::ranges::all_of(*a, [&](const auto& member) {
                   const auto* other = b->if_contains(member.key());
                   return other != nullptr && same(member.value(), *other);
               });
    }
    if (wanted.is_double() && was.is_number())
        return wanted.get_double() == was.to_number<double>();
    if (was.is_double() && wanted.is_number())
        return was.get_double() == wanted.to_number<double>();
    return !was.is_structured() && as_text(wanted) == as_text(was);
}

bool holds(const json::value& params, std::string_view id)
{
    if (const auto* o = params.if_object())
        return std::ranges::any_of(*o, [&](const auto& member) { return holds(member.value(), id); });
    if (const auto* a = params.if_array())
        return std::ranges::any_of(*a, [&](const auto& item) { return holds(item, id); });
    return params.is_string() && params.get_string() == id;
}

const json::value* at_pointer(const json::value& params, std::string_view pointer)
{
    boost::system::error_code ec;
    const json::value* found = params.find_pointer(pointer, ec);
    return ec ? nullptr : found;
}

bool param_fits(const std::pair<std::string, json::value>& wanted, const json::value& params)
{
    const json::value* was = at_pointer(params, wanted.first);
    return was != nullptr && same(wanted.second, *was);
}

bool done_fits(const Pattern& pattern, const CallRecord& call) { return !pattern.done || call.done == *pattern.done; }

// All that can be known without the parameters.
bool rest_fits(const Pattern& pattern, const CallRecord& call)
{
    return done_fits(pattern, call) && std::ranges::all_of(pattern.texts, [&](const auto& wanted) {
               return glob_match(wanted.second, call.*wanted.first->text);
           });
}

bool is_plain(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    });
}

json::value parsed_params(const CallRecord& call)
{
    return call.params.empty() ? json::value(nullptr) : json::parse(call.params);
}

} // namespace

std::span<const Trait> traits() noexcept { return all_traits; }

bool matches(const Pattern& pattern, const CallRecord& call, const json::value& params)
{
    return rest_fits(pattern, call) && (pattern.instance.empty() || holds(params, pattern.instance)) &&
           std::ranges::all_of(pattern.params, [&](const auto& wanted) { return param_fits(wanted, params); });
}

std::vector<Difference> differences(const Pattern& pattern, const CallRecord& call, const json::value& params)
{
    std::vector<Difference> all;
    for (const auto& [trait, wanted] : pattern.texts)
        if (!glob_match(wanted, call.*trait->text))
            all.push_back({std::string{trait->name}, json::value(wanted), json::value(call.*trait->text)});
    if (!done_fits(pattern, call))
        all.push_back({"done", json::value(*pattern.done), json::value(call.done)});
    if (!pattern.instance.empty() && !holds(params, pattern.instance))
        all.push_back({"instance", json::value(pattern.instance), nullptr});
    for (const auto& wanted : pattern.params)
        if (!param_fits(wanted, params)) {
            const json::value* was = at_pointer(params, wanted.first);
            all.push_back({"params" + wanted.first, wanted.second, was != nullptr ? *was : json::value(nullptr)});
        }
    return all;
}

bool matches(const Pattern& pattern, const CallRecord& call)
{
    if (!rest_fits(pattern, call))
        return false;
    if (pattern.instance.empty() && pattern.params.empty())
        return true;
    // In JSON an id is written unchanged, so most calls can be excluded without parsing them.
    if (is_plain(pattern.instance) && call.params.find(pattern.instance) == std::string::npos)
        return false;
    return matches(pattern, call, parsed_params(call));
}

Distance distance(const Pattern& pattern, const CallRecord& call)
{
    Distance far;
    for (const auto& [trait, wanted] : pattern.texts)
        if (!glob_match(wanted, call.*trait->text)) {
            ++far.differences;
            far.other_action = far.other_action || trait == &all_traits.front();
        }
    if (!done_fits(pattern, call))
        ++far.differences;
    if (pattern.instance.empty() && pattern.params.empty())
        return far;
    const json::value params = parsed_params(call);
    if (!pattern.instance.empty() && !holds(params, pattern.instance))
        ++far.differences;
    far.differences += static_cast<std::size_t>(
        std::ranges::count_if(pattern.params, [&](const auto& wanted) { return !param_fits(wanted, params); }));
    return far;
}

bool may_match(const Pattern& pattern, const CallRecord& call)
{
    return call.params_lost && !(pattern.instance.empty() && pattern.params.empty()) && rest_fits(pattern, call);
}

std::vector<Difference> differences(const Pattern& pattern, const CallRecord& call)
{
    return differences(pattern, call, parsed_params(call));
}

} // namespace cvm::calls
