#pragma once

#include "state/model/network.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace cvm::state {

// The part of a Store that keeps networks, with the same guarantees. Lists are in order of creation.
class NetworkStore {
public:
    virtual ~NetworkStore() = default;

    virtual std::optional<Vpc> find_vpc(std::string_view uin, std::string_view id) = 0;
    virtual std::vector<Vpc> list_vpcs(std::string_view uin, std::string_view region) = 0;
    virtual void save_vpc(std::string_view uin, const Vpc& vpc) = 0; // inserts or replaces
    virtual void erase_vpc(std::string_view uin, std::string_view id) = 0;

    virtual std::optional<Subnet> find_subnet(std::string_view uin, std::string_view id) = 0;
    virtual std::vector<Subnet> list_subnets(std::string_view uin, std::string_view region) = 0;
    virtual void save_subnet(std::string_view uin, const Subnet& subnet) = 0; // inserts or replaces
    virtual void erase_subnet(std::string_view uin, std::string_view id) = 0;

    virtual std::optional<SecurityGroup> find_security_group(std::string_view uin, std::string_view id) = 0;
    virtual std::vector<SecurityGroup> list_security_groups(std::string_view uin, std::string_view region) = 0;
    virtual void save_security_group(std::string_view uin, const SecurityGroup& group) = 0; // inserts or replaces
    virtual void erase_security_group(std::string_view uin, std::string_view id) = 0;
};

} // namespace cvm::state
