#pragma once

#include "state/model/calendar.hpp"

#include <boost/json/value.hpp>

#include <optional>
#include <string>

namespace cvm::control {

// null for an empty text or a missing instant.

inline boost::json::value or_null(const std::string& text)
{
    return text.empty() ? boost::json::value(nullptr) : boost::json::value(text);
}

inline boost::json::value or_null(const std::optional<state::Instant>& instant)
{
    return instant ? boost::json::value(state::format_instant(*instant)) : boost::json::value(nullptr);
}

} // namespace cvm::control
