#pragma once

#include "server/base/error.hpp"
#include "state/model/account.hpp"

#include <cstddef>
#include <string_view>

// Policies of CAM (https://cloud.tencent.com/document/product/598/10603), as far as their actions tell what a key may
// do.

namespace cvm::api {

// The longest policy, in bytes after decoding (assumed: what a custom policy of CAM may have).
inline constexpr std::size_t longest_policy = 6144;

// Reads the Policy of sts, which is percent-encoded JSON; text that is not encoded is taken too. An action loses its
// "name/". What the resources and conditions of a statement tell is not asked: one that allows does so for every
// resource, one that denies counts only where it says so of all resources and without a condition, so that a call is
// refused only where the actions alone decide. `uin` is whose resources it may name.
//   InvalidParameter.PolicyTooLong        more than longest_policy
//   InvalidParameter.StrategyFormatError  no percent-encoding, or no JSON object
//   InvalidParameter.StrategyInvalid      a member of another form, or a principal
//   InvalidParameter.ResouceError         a resource that is neither "*" nor six parts
//   InvalidParameter.GrantOtherResource   a resource of another account
Result<state::ActionPolicy> read_policy(std::string_view text, std::string_view uin);

} // namespace cvm::api
