#pragma once

#include "server/api/catalog.hpp"
#include "server/base/error.hpp"
#include "state/store/store.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cvm::api {

// The catalogue of each account: the built-in one, or one extended by what a fixture adds for the account.
class Catalogs {
public:
    // `built_in` must outlive the object.
    explicit Catalogs(const Catalog& built_in) : built_in_{built_in} {}

    const Catalog& built_in() const { return built_in_; }

    // Cheap for an account without additions. Accounts with the same additions share one catalogue.
    std::shared_ptr<const Catalog> of(state::Store& store, const state::Account& account);

private:
    static constexpr std::size_t max_kept = 16;

    const Catalog& built_in_;
    // Keyed by Account::additions; the most recently used is last.
    std::vector<std::pair<std::string, std::shared_ptr<const Catalog>>> kept_;
};

// The member of an account in a fixture with which a call refused with this code would be accepted: "Types" for an
// unknown instance type. Empty for other codes.
std::string_view member_that_adds(Errc code);

} // namespace cvm::api
