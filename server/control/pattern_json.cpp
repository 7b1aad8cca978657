#include "server/control/pattern_json.hpp"

#include "server/base/text.hpp"
#include "server/control/body.hpp"
#include "server/control/control.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace cvm::control {

namespace json = boost::json;

namespace {

bool may_ask_for(const calls::Trait& trait, Known known) { return known == Known::at_last || !trait.outcome; }

std::string known_names(Known known)
{
    std::string names;
    for (const calls::Trait& trait : calls::traits())
        if (may_ask_for(trait, known))
            names += std::string{trait.name} + ", ";
    return names + (known == Known::at_last ? "done, " : "") + "instance and params";
}

// A longer text would make comparisons slow, and no stored text of a call is longer.
constexpr std::size_t max_text = 256;

// Each of them is searched for in each call of the journal.
constexpr std::size_t max_params_asked = 64;

std::string short_text(const json::value& value, std::string_view name)
{
    std::string wanted = text(value, name);
    if (wanted.size() > max_text)
        throw Problem{400, "`" + std::string{name} + "` may have " + std::to_string(max_text) + " bytes"};
    return wanted;
}

// Whether the text is a JSON pointer (RFC 6901).
bool is_pointer(std::string_view text)
{
    for (auto at = text.find('~'); at != std::string_view::npos; at = text.find('~', at + 1))
        if (at + 1 == text.size() || (text[at + 1] != '0' && text[at + 1] != '1'))
            return false;
    return text.starts_with('/');
}

bool asks_for_secret(std::string_view pointer, const json::value& wanted)
{
    for (std::string_view rest = pointer; !rest.empty();) {
        rest.remove_prefix(1);
        if (names_secret(rest.substr(0, rest.find('/'))))
            return true;
        rest.remove_prefix(std::min(rest.find('/'), rest.size()));
    }
    return calls::holds_secret(wanted);
}

std::string pointer_of(std::string_view key, const json::value& wanted, Known known)
{
    std::string pointer{key};
    if (key.size() > max_text)
        throw Problem{400, "a JSON pointer may have at most " + std::to_string(max_text) + " bytes"};
    if (json::serialize(wanted).size() > calls::max_params)
        throw Problem{400, "a value in `params` may have at most " + std::to_string(calls::max_params) + " bytes"};
    if (!is_pointer(key))
        throw Problem{400, "`params` must have JSON pointers such as /InstanceChargePrepaid/Period for names, not `" +
                               pointer + "`"};
    if (known == Known::at_last && asks_for_secret(key, wanted))
        throw Problem{400, "the request log keeps no secrets, so `" + pointer + "` cannot be matched"};
    return pointer;
}

} // namespace

calls::Pattern read_pattern(const json::value& value, Known known)
{
    calls::Pattern pattern;
    for (const auto& [name, wanted] : object(value, "match")) {
        const auto trait =
            std::ranges::find(calls::traits(), std::string_view{name.data(), name.size()}, &calls::Trait::name);
        if (trait != calls::traits().end() && may_ask_for(*trait, known)) {
            pattern.texts.emplace_back(&*trait, short_text(wanted, name));
        } else if (name == "done" && known == Known::at_last) {
            pattern.done = flag(wanted, name);
        } else if (name == "instance") {
            pattern.instance = short_text(wanted, name);
            if (pattern.instance.empty())
                throw Problem{400, "`instance` must be an id"};
        } else if (name == "params") {
            const json::object& params = object(wanted, name);
            if (params.size() > max_params_asked)
                throw Problem{400, "`params` may have at most " + std::to_string(max_params_asked) + " members"};
            for (const auto& [pointer, param] : params)
                pattern.params.emplace_back(pointer_of(pointer, param, known), param);
        } else {
            throw Problem{400, "unknown member `" + std::string{name} + "` to match; there are " + known_names(known)};
        }
    }
    return pattern;
}

json::object to_json(const calls::Pattern& pattern)
{
    json::object o;
    for (const auto& [trait, wanted] : pattern.texts)
        o[trait->name] = wanted;
    if (pattern.done)
        o["done"] = *pattern.done;
    if (!pattern.instance.empty())
        o["instance"] = pattern.instance;
    if (!pattern.params.empty()) {
        json::object params;
        for (const auto& [pointer, wanted] : pattern.params)
            params[pointer] = asks_for_secret(pointer, wanted) ? json::value(masked) : wanted;
        o["params"] = std::move(params);
    }
    return o;
}

} // namespace cvm::control
