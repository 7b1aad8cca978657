#pragma once

#include "server/api/catalogs.hpp"
#include "server/control/control.hpp"
#include "state/model/clock.hpp"
#include "state/store/store.hpp"

#include <string_view>

// Finds the accounts that requests to the control API name.

namespace cvm::control {

// The account named by ?account= (a Uin or a SecretId), or the default account. Problem 404 if it does not exist.
state::Account account_of(state::Store& store, const Request& request);

// The value of ?account= for calls without an account, because their SecretId is unknown.
inline constexpr std::string_view nobody = "none";

// The Uin of the account whose calls are requested; empty for calls without an account. Problem 404 if it does not
// exist.
std::string uin_of_calls(state::Store& store, const Request& request);

// For an account that was there a moment ago: another server on the same file may delete it at any time.
Problem deleted_meanwhile(const std::string& uin);

// Computes the current state of accounts, which needs all three members: the stored state, the catalogue with prices
// and lifecycles, and the time. The members must outlive this object.
struct Accounts {
    state::Store& store;
    api::Catalogs& catalogs;
    const state::WallClock& wall;

    // The catalogue with the prices and the lifecycles of an account.
    std::shared_ptr<const api::Catalog> catalog_of(const state::Account& account) const
    {
        return catalogs.of(store, account);
    }

    // The account after everything that is due by its clock; nullopt if it does not exist.
    std::optional<state::Account> caught_up(const std::string& uin) const;

    // The account that the request names, caught up. Problem 404 if it does not exist.
    state::Account current(const Request& request) const;
};

} // namespace cvm::control
