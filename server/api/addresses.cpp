#include "server/api/addresses.hpp"

#include <string_view>

namespace cvm::api {

namespace {

// No network address, no broadcast, no router: the last byte is from 2 to 251.
std::string address(std::string_view network, std::int64_t number)
{
    return std::string{network} + std::to_string(number / 250 % 250) + "." + std::to_string(number % 250 + 2);
}

} // namespace

std::string private_address(const state::Account& account) { return address("10.1.", account.resources); }

std::string public_address(const state::Account& account) { return address("198.18.", account.resources); }

} // namespace cvm::api
