#pragma once

#include "state/model/voucher.hpp"

#include <span>
#include <string_view>
#include <vector>

// The tables of vouchers and their uses; for sqlite_store.cpp only.

namespace cvm::state::rows {

class Connection;

std::vector<Voucher> read_vouchers(Connection& db, std::string_view uin);
std::vector<VoucherUse> read_voucher_uses(Connection& db, std::string_view uin);
std::vector<VoucherUse> read_voucher_uses(Connection& db, std::string_view uin, std::string_view voucher_id);

void erase_vouchers(Connection& db, std::string_view uin);

// The account must have no vouchers yet. The uses are already counted in Voucher::used.
void insert_vouchers(Connection& db, std::string_view uin, std::span<const Voucher> vouchers,
                     std::span<const VoucherUse> uses);

// Throws if the voucher does not exist.
void use_voucher(Connection& db, std::string_view uin, const VoucherUse& use);

} // namespace cvm::state::rows
