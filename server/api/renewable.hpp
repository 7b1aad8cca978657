#pragma once

#include "server/api/action.hpp"

#include <string>
#include <vector>

// Instances and disks in billing's DescribeRenewInstances (https://www.tencentcloud.com/document/api/555/78424) and
// SetRenewal (https://cloud.tencent.com/document/api/555/127950): everything that is paid by the month, in all regions.

namespace cvm::api {

struct Renewable {
    std::string id;
    std::string product; // p_cvm, p_cbs, p_lighthouse
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
