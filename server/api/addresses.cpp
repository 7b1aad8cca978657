#include "server/api/addresses.hpp"

#include <boost/asio/ip/address_v6.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace cvm::api {

namespace {

// The last byte is from 2 to 251, which excludes the addresses of the network, the router and the broadcast.
std::string address(std::string_view network, std::int64_t number)
{
    return std::string{network} + std::to_string(number / 250 % 250) + "." + std::to_string(number % 250 + 2);
}

} // namespace

std::string private_address(const state::Account& account) { return address("10.1.", account.resources); }

std::string public_address(const state::Account& account) { return address("198.18.", account.resources); }

std::vector<std::string> ipv6_addresses(const state::Account& account, std::int64_t count)
{
    constexpr std::array<std::uint8_t, 4> network{0x20, 0x01, 0x0d, 0xb8};
    boost::asio::ip::address_v6::bytes_type bytes{};
    std::ranges::copy(network, bytes.begin());
    std::int64_t number = account.resources;
    for (std::size_t at = 7; at >= network.size(); --at, number /= 256)
        bytes.at(at) = static_cast<std::uint8_t>(number % 256);
    std::vector<std::string> addresses;
    for (std::int64_t host = 1; host <= count; ++host) {
        bytes.back() = static_cast<std::uint8_t>(host);
        addresses.push_back(boost::asio::ip::address_v6{bytes}.to_string());
    }
    return addresses;
}

} // namespace cvm::api
