#pragma once

#include "server/document/state_document.hpp"
#include "state/model/calendar.hpp"
#include "state/model/names.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Access to members of a document. The schema has checked types and words, so there are no checks here. `otherwise` is
// the value of a member that is omitted or null.

namespace cvm::members {

// A place in a document, for messages.
struct JsonPath {
    std::string origin;
    std::string path;

    JsonPath member(std::string_view name) const
    {
        return {origin, path.empty() ? std::string{name} : path + "." + std::string{name}};
    }
    JsonPath item(std::size_t index) const { return {origin, path + "[" + std::to_string(index) + "]"}; }

    [[noreturn]] void fail(const std::string& what) const
    {
        throw BadDocument{origin + ": " + (path.empty() ? "" : path + ": ") + what};
    }
};

// nullptr if the member is omitted or null.
const boost::json::value* find_non_null(const boost::json::object& o, std::string_view name);

std::string text(const boost::json::object& o, std::string_view name, std::string_view otherwise);
std::int64_t integer(const boost::json::object& o, std::string_view name, std::int64_t otherwise);
bool boolean(const boost::json::object& o, std::string_view name, bool otherwise);

// Empty if the member is omitted.
const boost::json::object& object(const boost::json::object& o, std::string_view name);
const boost::json::array& list(const boost::json::object& o, std::string_view name);
std::vector<std::string> texts(const boost::json::object& o, std::string_view name);

// An instant, or a duration counted from `now`. Throws, naming `place`, for another text and for a time outside the
// calendar.
state::Instant time_of(std::string_view spelled, const JsonPath& place, state::Instant now);

std::optional<state::Instant> maybe_time(const boost::json::object& o, std::string_view name, const JsonPath& place,
                                         state::Instant now);

// The time in a member, or the default `otherwise` ("-P1M").
state::Instant time_or(const boost::json::object& o, std::string_view name, std::string_view otherwise,
                       const JsonPath& place, state::Instant now);

template <class E>
E word(const boost::json::object& o, std::string_view name, E otherwise)
{
    const boost::json::value* v = find_non_null(o, name);
    return v != nullptr ? state::parse<E>(v->as_string()).value() : otherwise;
}

template <class E>
std::optional<E> maybe_word(const boost::json::object& o, std::string_view name)
{
    const boost::json::value* v = find_non_null(o, name);
    return v != nullptr ? state::parse<E>(v->as_string()) : std::nullopt;
}

} // namespace cvm::members
