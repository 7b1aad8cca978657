#include "state/rules/addressing.hpp"

#include <doctest/doctest.h>

using namespace cvm::state;

namespace {

Cidr block(std::string_view text) { return parse_cidr(text).value(); }

std::vector<std::string> free_texts(const Cidr& subnet, std::vector<std::uint32_t> used, std::int64_t count)
{
    std::vector<std::string> texts;
    const auto found = free_addresses(subnet, std::move(used), count);
    for (const std::uint32_t address : found.value())
        texts.push_back(ipv4_text(address));
    return texts;
}

} // namespace

TEST_CASE("addresses and blocks are parsed only in their usual form")
{
    CHECK(parse_ipv4("10.0.0.1") == 0x0a000001U);
    CHECK(parse_ipv4("255.255.255.255") == 0xffffffffU);
    for (const char* text : {"", "10", "10.0.0", "10.0.0.0.1", "10.0.0.256", "10.0.0.01", "10.0.0.-1", "10.0.0.+1",
                             " 10.0.0.1", "10.0.0.1 ", "10..0.1", "4294967297.0.0.1"})
        CHECK_FALSE(parse_ipv4(text));
    CHECK(block("10.0.0.0/8") == Cidr{0x0a000000U, 8});
    CHECK(block("0.0.0.0/0") == Cidr{0, 0});
    for (const char* text : {"", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/8 ", "10.0.0/8"})
        CHECK_FALSE(parse_cidr(text));
    for (const char* text : {"10.0.0.0/16", "0.0.0.0/0", "255.255.255.255/32"})
        CHECK(to_string(block(text)) == text);
}

TEST_CASE("a block contains exactly the addresses with its prefix")
{
    CHECK(is_block(block("10.8.0.0/16")));
    CHECK_FALSE(is_block(block("10.8.0.1/16")));
    CHECK(is_block(block("0.0.0.0/0")));
    CHECK_FALSE(is_block(block("10.0.0.0/0")));
    CHECK(is_block(block("10.0.0.1/32")));
    CHECK(contains(block("10.8.0.0/16"), *parse_ipv4("10.8.255.255")));
    CHECK_FALSE(contains(block("10.8.0.0/16"), *parse_ipv4("10.9.0.0")));
    CHECK(contains(block("10.8.0.0/16"), block("10.8.0.0/16")));
    CHECK_FALSE(contains(block("10.8.0.0/24"), block("10.8.0.0/16")));
}

TEST_CASE("blocks overlap whichever is the larger one")
{
    CHECK(overlap(block("10.0.0.0/16"), block("10.0.5.0/24")));
    CHECK(overlap(block("10.0.5.0/24"), block("10.0.0.0/16")));
    CHECK_FALSE(overlap(block("10.0.4.0/24"), block("10.0.5.0/24")));
}

TEST_CASE("a VPC has a block of private addresses")
{
    for (const char* text :
         {"10.0.0.0/12", "10.200.0.0/16", "172.16.0.0/12", "172.31.0.0/16", "192.168.0.0/16", "192.168.1.16/28"})
        CHECK(fits_vpc(block(text)));
    for (const char* text :
         {"10.0.0.0/8", "172.32.0.0/16", "192.0.0.0/12", "192.168.0.0/29", "10.0.0.1/16", "8.8.0.0/16", "0.0.0.0/0"})
        CHECK_FALSE(fits_vpc(block(text)));
}

TEST_CASE("a subnet lies within its VPC")
{
    const Cidr vpc = block("10.8.0.0/16");
    CHECK(fits_subnet(vpc, vpc));
    CHECK(fits_subnet(block("10.8.255.240/28"), vpc));
    for (const char* text : {"10.8.0.0/15", "10.9.0.0/24", "10.8.0.0/29", "10.8.0.1/24"})
        CHECK_FALSE(fits_subnet(block(text), vpc));
}

TEST_CASE("the first free addresses leave out the ends, the router and what is used")
{
    const Cidr subnet = block("10.0.0.0/28");
    CHECK(address_count(subnet) == 16);
    CHECK(free_texts(subnet, {}, 2) == std::vector<std::string>{"10.0.0.2", "10.0.0.3"});
    const std::vector<std::uint32_t> used{*parse_ipv4("10.0.0.3"), *parse_ipv4("10.0.0.2"), *parse_ipv4("10.0.0.3"),
                                          *parse_ipv4("192.168.0.1"), *parse_ipv4("1.1.1.1")};
    CHECK(free_texts(subnet, used, 1) == std::vector<std::string>{"10.0.0.4"});
    CHECK(free_addresses(subnet, {}, 13)->back() == *parse_ipv4("10.0.0.14"));
    CHECK_FALSE(free_addresses(subnet, {}, 14));
    CHECK_FALSE(free_addresses(subnet, used, 12));
    CHECK(free_addresses(subnet, used, 11));
    CHECK(address_count(subnet) - reserved_addresses == 13);

    CHECK_FALSE(is_usable(subnet, *parse_ipv4("10.0.0.0")));
    CHECK_FALSE(is_usable(subnet, *parse_ipv4("10.0.0.1")));
    CHECK(is_usable(subnet, *parse_ipv4("10.0.0.2")));
    CHECK(is_usable(subnet, *parse_ipv4("10.0.0.14")));
    CHECK_FALSE(is_usable(subnet, *parse_ipv4("10.0.0.15")));
    CHECK_FALSE(is_usable(subnet, *parse_ipv4("10.0.0.16")));
}
