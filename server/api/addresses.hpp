#pragma once

#include "state/model/account.hpp"

#include <cstdint>
#include <string>
#include <vector>

// Addresses that the server gives to instances. They count through networks as ids do, by Account::resources.

namespace cvm::api {

// In 10.1.0.0/16.
std::string private_address(const state::Account& account);

// In 198.18.0.0/16, which is set aside for tests (RFC 2544).
std::string public_address(const state::Account& account);

// So many, at most 255, of a /64 of its own in 2001:db8::/32, the network of documentation (RFC 3849).
std::vector<std::string> ipv6_addresses(const state::Account& account, std::int64_t count);

} // namespace cvm::api
