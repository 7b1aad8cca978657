#include "state/rules/addressing.hpp"

#include <algorithm>
#include <array>

namespace cvm::state {

namespace {

// A shift by 32 would be undefined.
std::uint32_t mask(int bits) noexcept { return bits == 0 ? 0U : ~0U << (32 - bits); }

std::uint32_t last_of(const Cidr& cidr) noexcept { return cidr.address | ~mask(cidr.bits); }

constexpr std::array private_blocks{Cidr{0x0a000000U, 8}, Cidr{0xac100000U, 12}, Cidr{0xc0a80000U, 16}};

} // namespace

bool is_block(const Cidr& cidr) noexcept { return (cidr.address & ~mask(cidr.bits)) == 0; }

bool contains(const Cidr& cidr, std::uint32_t address) noexcept { return (address & mask(cidr.bits)) == cidr.address; }

bool contains(const Cidr& outer, const Cidr& inner) noexcept
{
    return inner.bits >= outer.bits && contains(outer, inner.address);
}

bool overlap(const Cidr& one, const Cidr& other) noexcept { return contains(one, other) || contains(other, one); }

bool fits_vpc(const Cidr& cidr) noexcept
{
    return is_block(cidr) && cidr.bits >= min_network_bits && cidr.bits <= max_network_bits &&
           std::ranges::any_of(private_blocks, [&](const Cidr& block) { return contains(block, cidr); });
}

bool fits_subnet(const Cidr& cidr, const Cidr& vpc) noexcept
{
    return is_block(cidr) && cidr.bits <= max_network_bits && contains(vpc, cidr);
}

std::int64_t address_count(const Cidr& subnet) noexcept { return std::int64_t{1} << (32 - subnet.bits); }

bool is_usable(const Cidr& subnet, std::uint32_t address) noexcept
{
    return contains(subnet, address) && address - subnet.address >= 2 && address != last_of(subnet);
}

std::optional<std::vector<std::uint32_t>> free_addresses(const Cidr& subnet, std::vector<std::uint32_t> used,
                                                         std::int64_t count)
{
    std::ranges::sort(used);
    auto next = used.begin();
    std::vector<std::uint32_t> found;
    const std::int64_t end = address_count(subnet) - 1;
    for (std::int64_t at = 2; at < end && std::ssize(found) < count; ++at) {
        const std::uint32_t address = subnet.address + static_cast<std::uint32_t>(at);
        next = std::lower_bound(next, used.end(), address);
        if (next == used.end() || *next != address)
            found.push_back(address);
    }
    return std::ssize(found) == count ? std::optional{std::move(found)} : std::nullopt;
}

} // namespace cvm::state
