#pragma once

#include "state/rules/simulation.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <span>

namespace cvm::control {

// Events of the simulation in the answers of the control API: amounts in cents, the balance is RealBalance.
boost::json::object to_json(const state::Event& event);
boost::json::array to_json(std::span<const state::Event> events);

} // namespace cvm::control
