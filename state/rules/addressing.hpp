#pragma once

#include "state/model/network.hpp"

#include <cstdint>
#include <optional>
#include <vector>

// Which address blocks networks may have, and the addresses in them.

namespace cvm::state {

// Whether all bits after the first `bits` are 0.
bool is_block(const Cidr& cidr) noexcept;

// The arguments must be blocks: is_block().
bool contains(const Cidr& cidr, std::uint32_t address) noexcept;
bool contains(const Cidr& outer, const Cidr& inner) noexcept;
bool overlap(const Cidr& one, const Cidr& other) noexcept;

// Prefix lengths of the smallest VPC or subnet (assumed), and of the largest VPC in 10.0.0.0/8.
inline constexpr int max_network_bits = 28;
inline constexpr int min_network_bits = 12;

// Whether a VPC may have this block: in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, with a prefix of 12 to 28 bits.
// https://cloud.tencent.com/document/api/215/15774 says 10.0.0.0/12, which is read as the size of the largest one.
bool fits_vpc(const Cidr& cidr) noexcept;

// Whether a subnet of a VPC may have this block: within the block of the VPC, with a prefix of 28 bits at most.
bool fits_subnet(const Cidr& cidr, const Cidr& vpc) noexcept;

// How many addresses a subnet has, and how many of these no resource gets: the first, the next one for the router, and
// the last (in the example of CreateSubnet 1021 of 1024 addresses are available).
std::int64_t address_count(const Cidr& subnet) noexcept;
inline constexpr std::int64_t reserved_addresses = 3;

// Whether a resource may get this address of the subnet.
bool is_usable(const Cidr& subnet, std::uint32_t address) noexcept;

// The first `count` usable addresses of a subnet that are not in `used`; nullopt if there are fewer. `used` may also
// hold addresses outside the subnet.
std::optional<std::vector<std::uint32_t>> free_addresses(const Cidr& subnet, std::vector<std::uint32_t> used,
                                                         std::int64_t count);

} // namespace cvm::state
