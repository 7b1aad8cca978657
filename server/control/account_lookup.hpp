#pragma once

#include "server/api/catalogs.hpp"
#include "server/control/control.hpp"
#include "state/model/clock.hpp"
#include "state/store/store.hpp"

#include <string_view>

// The accounts, as requests to the control surface name them.

namespace cvm::control {

// The account named by ?account= (a Uin or a SecretId), or the default account. Problem 404 if there is none such.
state::Account account_of(state::Store& store, const Request& request);

// What ?account= says for calls that no account can be named for, because their SecretId is not known.
inline constexpr std::string_view nobody = "none";

// The Uin of the account whose calls are asked for; empty for the calls of nobody. Problem 404 if there is none such.
std::string uin_of_calls(state::Store& store, const Request& request);

// Accounts as they are at the moment. It takes all three to tell: what is remembered, the prices and lifecycle by which
// things happen, and the time. Borrowed.
struct Accounts {
    state::Store& store;
    api::Catalogs& catalogs;
    const state::WallClock& wall;

    // The prices and the lifecycles for an account.
    std::shared_ptr<const api::Catalog> catalog_of(const state::Account& account) const
    {
        return catalogs.of(store, account);
    }

    // An account after everything that its clock has made due.
    state::Account caught_up(const state::Account& account) const;

    // The account that the request names, caught up.
    state::Account current(const Request& request) const;
};

} // namespace cvm::control
