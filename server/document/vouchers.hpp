#pragma once

#include "server/document/members.hpp"
#include "state/model/account.hpp"

#include <boost/json/object.hpp>

// The member Vouchers of an account in a document.

namespace cvm {

// Reads the vouchers and their uses into the account. Throws BadDocument for a duplicate voucher, and for one whose
// uses exceed its value.
void read_vouchers(const boost::json::object& account, const members::JsonPath& place, state::Instant now,
                   state::AccountState& into);

// An item of Vouchers, with its uses selected from those of the account.
boost::json::object write_voucher(const state::Voucher& voucher, const std::vector<state::VoucherUse>& uses);

} // namespace cvm
