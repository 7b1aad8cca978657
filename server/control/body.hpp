#pragma once

#include "state/model/calendar.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

// Access to members of JSON bodies and parameters of queries. Each function throws Problem 400 that names the member.

namespace cvm::control {

struct Request;

// The largest whole number that every JSON reader preserves.
inline constexpr std::int64_t max_json_integer = (std::int64_t{1} << 53U) - 1;

// Refuses unknown members; the text lists the known ones.
void expect_members(const boost::json::object& body, std::initializer_list<std::string_view> known);

std::string text(const boost::json::value& value, std::string_view name);
bool flag(const boost::json::value& value, std::string_view name);
std::int64_t integer(const boost::json::value& value, std::string_view name, std::int64_t min, std::int64_t max);
const boost::json::object& object(const boost::json::value& value, std::string_view name);

// A query parameter, from 0 to `max`; `usual` is the default.
std::int64_t number_of(const Request& request, std::string_view name, std::int64_t usual, std::int64_t max);

// `from` plus a duration such as "PT10M".
state::Instant after(state::Instant from, const boost::json::value& duration, std::string_view name);

} // namespace cvm::control
