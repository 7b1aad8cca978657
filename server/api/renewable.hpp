#pragma once

#include "server/api/action.hpp"

#include <string>
#include <vector>

// What billing sees of instances and disks: anything that is paid by the month, in all regions (facts:
// actions 6.4, 6.6).

namespace cvm::api {

struct Renewable {
    std::string id;
    std::string product; // p_cvm, p_cbs
    std::string sub_product;
    std::string product_name;
    std::string region;
    std::string name;
    std::int64_t project_id = 0;
    bool isolated = false;
    state::RenewFlag renew_flag{};
    state::Instant expires_at{};
    std::int64_t renew_months = 1;
};

// The instances with an expiry and the elastic prepaid disks of the account.
std::vector<Renewable> list_renewables(const Context& context);

} // namespace cvm::api
