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

// The catalogue as each account sees it: the built-in one, or with what a fixture adds for the account.
class Catalogs {
public:
    // Borrows it.
    explicit Catalogs(const Catalog& built_in) : built_in_{built_in} {}

    const Catalog& built_in() const { return built_in_; }

    // Costs nothing for an account that adds nothing. Those that add the same share one catalogue.
    std::shared_ptr<const Catalog> of(state::Store& store, const state::Account& account);

private:
    static constexpr std::size_t max_kept = 16;

    const Catalog& built_in_;
    // By Account::additions, the one that was used last at the end.
    std::vector<std::pair<std::string, std::shared_ptr<const Catalog>>> kept_;
};

// The member of an account in a fixture that adds what a call was refused for: "Types" for an unknown instance type.
// Empty for other codes.
std::string_view member_that_adds(Errc code);

} // namespace cvm::api
