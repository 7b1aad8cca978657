#pragma once

#include "state/model/account.hpp"

#include <cstdint>
#include <string>
#include <vector>

// Addresses that the server assigns to instances. Like ids, they are derived from the counter Account::resources.

namespace cvm::api {

// In 10.1.0.0/16.
std::string private_address(const state::Account& account);

// In 198.18.0.0/16, which is reserved for tests (RFC 2544).
std::string public_address(const state::Account& account);

// `count` addresses, at most 255, of a new /64 in 2001:db8::/32, the network for documentation (RFC 3849).
std::vector<std::string> ipv6_addresses(const state::Account& account, std::int64_t count);

} // namespace cvm::api
