#pragma once

#include "server/api/action.hpp"
#include "server/base/error.hpp"

#include <boost/json/object.hpp>

#include <string_view>

// Errors that are requested explicitly: by the header X-Emulator-Force-Error, a fault rule or a rule of a fixture.
// Since no actual problem was found, the placeholders of the message are filled from the call.

namespace cvm::api {

// The data of a call that messages may contain.
struct CallFacts {
    std::string_view product; // cvm, billing, ...
    std::string_view action;
    std::string_view version;
    std::string_view region; // empty: none
    std::string_view request_id;
    std::string_view uin;
    const boost::json::object& params;  // as received
    const Action* definition = nullptr; // nullptr: no such action exists
};

CallFacts facts_of(const Context& context, const boost::json::object& params);

// The error with this code. A placeholder that is named after a parameter gets the first value of a parameter with this
// name or its plural, at any depth; other placeholders get the number of ids, the documented limit and so on. A
// placeholder without a value in the call gets the example from fixtures/catalog/errors.json, "places".
Error asked_error(Errc code, const CallFacts& facts);

} // namespace cvm::api
