#pragma once

#include "server/api/action.hpp"

// One line for each file of this folder.

namespace cvm::api {

extern const Action describe_account_balance;
extern const Action describe_instances;
extern const Action describe_instances_status;
extern const Action enter_rescue_mode;
extern const Action exit_rescue_mode;
extern const Action inquiry_price_renew_instances;
extern const Action modify_instances_renew_flag;
extern const Action reboot_instances;
extern const Action renew_instances;
extern const Action start_instances;
extern const Action stop_instances;

} // namespace cvm::api
