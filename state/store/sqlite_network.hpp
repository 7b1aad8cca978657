#pragma once

#include "state/store/network_store.hpp"
#include "state/store/sqlite_connection.hpp"

namespace cvm::state::rows {

// The networks of a SqliteStore, which must outlive this object: it uses its connection.
class SqliteNetworks final : public NetworkStore {
public:
    explicit SqliteNetworks(Connection& db) : db_{db} {}

    std::optional<Vpc> find_vpc(std::string_view uin, std::string_view id) override;
    std::vector<Vpc> list_vpcs(std::string_view uin, std::string_view region) override;
    void save_vpc(std::string_view uin, const Vpc& vpc) override;
    void erase_vpc(std::string_view uin, std::string_view id) override;
    std::optional<Subnet> find_subnet(std::string_view uin, std::string_view id) override;
    std::vector<Subnet> list_subnets(std::string_view uin, std::string_view region) override;
    void save_subnet(std::string_view uin, const Subnet& subnet) override;
    void erase_subnet(std::string_view uin, std::string_view id) override;
    std::optional<SecurityGroup> find_security_group(std::string_view uin, std::string_view id) override;
    std::vector<SecurityGroup> list_security_groups(std::string_view uin, std::string_view region) override;
    void save_security_group(std::string_view uin, const SecurityGroup& group) override;
    void erase_security_group(std::string_view uin, std::string_view id) override;

    // The networks of all regions.
    Networks all(std::string_view uin);
    void insert(std::string_view uin, const Networks& networks);
    void erase(std::string_view uin);

private:
    Connection& db_;
};

} // namespace cvm::state::rows
