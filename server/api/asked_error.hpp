#pragma once

#include "server/api/action.hpp"
#include "server/base/error.hpp"

#include <boost/json/object.hpp>

#include <string_view>

// Errors that somebody asks for: by the header X-Emulator-Force-Error, a fault rule or a rule of a fixture. Nothing was
// found to be wrong, so the places of the text are filled with what the call says.

namespace cvm::api {

// What a call says of itself.
struct CallFacts {
    std::string_view product; // cvm, billing, ...
    std::string_view action;
    std::string_view version;
    std::string_view region; // empty: none
    std::string_view request_id;
    std::string_view uin;
    const boost::json::object& params;  // as they were given
    const Action* definition = nullptr; // nullptr: there is no such action
};

CallFacts facts_of(const Context& context, const boost::json::object& params);

// The error with this code. A place that is named after a parameter takes the first value that the call has in a
// parameter of this name or of its plural, at any depth; other places take the count of ids, the documented limit and
// so on. A place of which the call says nothing takes the example of fixtures/catalog/errors.json, "places".
Error asked_error(Errc code, const CallFacts& facts);

} // namespace cvm::api
