#pragma once

#include "state/store.hpp"

#include <string_view>

namespace cvm::api {

// Ends every operation of the account that its clock has made due, in one transaction.
void settle(state::Store& store, std::string_view uin, state::Instant now);

// Saves an instance, or, once its termination has ended, lets it go: with the disks that go with it, while the data
// disks that do not are on no instance from then on (facts: actions 3.12).
void save_or_release(state::Store& store, std::string_view uin, const state::Instance& instance);

} // namespace cvm::api
