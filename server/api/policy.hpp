#pragma once

#include "server/base/error.hpp"
#include "state/model/account.hpp"

#include <cstddef>
#include <string_view>

// Policies of CAM (https://cloud.tencent.com/document/product/598/10603), reduced to the actions that a key may
// perform.

namespace cvm::api {

// The maximum length of a policy, in bytes after decoding (assumed: the limit of CAM for a custom policy).
inline constexpr std::size_t longest_policy = 6144;

// Reads the Policy of sts, which is percent-encoded JSON; unencoded text is accepted too. The prefix "name/" of an
// action is removed. Resources and conditions are not evaluated: a statement that allows does so for every resource;
// one that denies counts only if it is for all resources and has no condition, so that a call is refused only if the
// actions alone decide it. `uin` is the account whose resources the policy may name.
//   InvalidParameter.PolicyTooLong        more than longest_policy
//   InvalidParameter.StrategyFormatError  no percent-encoding, or no JSON object
//   InvalidParameter.StrategyInvalid      a member of another form, or a principal
//   InvalidParameter.ResouceError         a resource that is neither "*" nor six parts
//   InvalidParameter.GrantOtherResource   a resource of another account
Result<state::ActionPolicy> read_policy(std::string_view text, std::string_view uin);

} // namespace cvm::api
