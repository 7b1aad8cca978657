#pragma once

#include "state/model/account.hpp"

#include <string>

// Addresses that the server gives to instances. They count through networks as ids do, by Account::resources.

namespace cvm::api {

// In 10.1.0.0/16.
std::string private_address(const state::Account& account);

// In 198.18.0.0/16, which is set aside for tests (RFC 2544).
std::string public_address(const state::Account& account);

} // namespace cvm::api
