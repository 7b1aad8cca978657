#pragma once

#include "state/model/calendar.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The networks of an account. A well-formed id of a network that nobody created is accepted, but nothing is stored for
// it.

namespace cvm::state {

// A block of IPv4 addresses: those that begin with the first `bits` bits of `address`.
struct Cidr {
    std::uint32_t address = 0; // in host order
    int bits = 0;              // 0 to 32

    friend bool operator==(const Cidr&, const Cidr&) = default;
};

// "10.0.0.0/16"; nullopt for any other form. Host bits may be set.
std::optional<Cidr> parse_cidr(std::string_view text);
std::string to_string(const Cidr& cidr);

// "10.0.0.1", in host order; nullopt for any other form.
std::optional<std::uint32_t> parse_ipv4(std::string_view text);
std::string ipv4_text(std::uint32_t address);

struct Vpc {
    std::string id;
    std::string region;
    std::string name;
    Cidr cidr{};
    bool is_default = false;
    bool multicast = false;
    // EnableRouteVpcPublish: the VPC's own block is published to cloud connect networks, not its subnets
    bool publishes_cidr = false;
    bool publishes_ipv6_cidr = false; // likewise
    std::vector<std::string> dns_servers{};
    std::string domain_name{};
    Instant created_at{};

    friend bool operator==(const Vpc&, const Vpc&) = default;
};

struct Subnet {
    std::string id;
    std::string region;
    std::string vpc_id;
    std::string name;
    std::string zone;
    Cidr cidr{};
    bool is_default = false;
    bool broadcast = false;
    Instant created_at{};

    friend bool operator==(const Subnet&, const Subnet&) = default;
};

struct SecurityGroup {
    std::string id;
    std::string region;
    std::string name;
    std::string description;
    std::int64_t project_id = 0;
    bool is_default = false;
    Instant created_at{};
    Instant updated_at{};

    friend bool operator==(const SecurityGroup&, const SecurityGroup&) = default;
};

// The networks of one account, ordered by region and, within a region, by creation.
struct Networks {
    std::vector<Vpc> vpcs;
    std::vector<Subnet> subnets;
    std::vector<SecurityGroup> security_groups;

    friend bool operator==(const Networks&, const Networks&) = default;
};

} // namespace cvm::state
