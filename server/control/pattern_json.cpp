#include "server/control/pattern_json.hpp"

#include "server/control/body.hpp"
#include "server/control/control.hpp"
#include "server/text.hpp"

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
    return names + "instance and params";
}

std::string pointer_of(std::string_view key)
{
    boost::system::error_code ec;
    json::value(nullptr).find_pointer(key, ec);
    if (!key.starts_with('/') || ec == json::error::invalid_escape)
        throw Problem{400, "`params` must have JSON pointers such as /InstanceChargePrepaid/Period for names, not `" +
                               std::string{key} + "`"};
    return std::string{key};
}

bool points_to_secret(std::string_view pointer) { return names_secret(pointer.substr(pointer.rfind('/') + 1)); }

} // namespace

calls::Pattern read_pattern(const json::value& value, Known known)
{
    calls::Pattern pattern;
    for (const auto& [name, wanted] : object(value, "match")) {
        const auto trait =
            std::ranges::find(calls::traits(), std::string_view{name.data(), name.size()}, &calls::Trait::name);
        if (trait != calls::traits().end() && may_ask_for(*trait, known)) {
            pattern.texts.emplace_back(&*trait, text(wanted, name));
        } else if (name == "instance") {
            pattern.instance = text(wanted, name);
            if (pattern.instance.empty())
                throw Problem{400, "`instance` must be an id"};
        } else if (name == "params") {
            for (const auto& [pointer, param] : object(wanted, name))
                pattern.params.emplace_back(pointer_of(pointer), param);
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
    if (!pattern.instance.empty())
        o["instance"] = pattern.instance;
    if (!pattern.params.empty()) {
        json::object params;
        for (const auto& [pointer, wanted] : pattern.params)
            params[pointer] = points_to_secret(pointer) ? json::value(masked) : wanted;
        o["params"] = std::move(params);
    }
    return o;
}

} // namespace cvm::control
