#include "server/api/action.hpp"

#include "actions.gen.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace cvm::api {

namespace {

constexpr auto name_of = [](const Action* action) { return action->name; };
constexpr auto product_of = [](const Action* action) { return action->product; };

// Sorted by name, so that find_action() can use binary search. Among equal names the action of CVM comes first: it is
// meant if no product is given, as in `sign StopInstances` and `coverage StopInstances`.
const auto& actions()
{
    static const auto sorted = [] {
        auto table = generated::actions;
        std::ranges::sort(table, {}, [](const Action* action) {
            return std::tuple{action->name, action->product != "cvm", action->product, action->version};
        });
        return table;
    }();
    return sorted;
}

} // namespace

std::span<const Action* const> all_actions() noexcept { return actions(); }

const Action* find_action(std::string_view name, std::string_view version) noexcept
{
    for (auto at = std::ranges::lower_bound(actions(), name, {}, name_of); at != actions().end() && (*at)->name == name;
         ++at)
        if ((*at)->version == version)
            return *at;
    return nullptr;
}

bool known_version(std::string_view version, std::string_view product) noexcept
{
    return !version.empty() && std::ranges::any_of(actions(), [&](const Action* action) {
        return action->version == version && action->product == product;
    });
}

bool known_product(std::string_view name) noexcept
{
    return std::ranges::find(actions(), name, product_of) != actions().end();
}

std::string_view product_of_version(std::string_view version) noexcept
{
    // CVM and CBS share a version; without a host name to tell them apart it is treated as CVM's.
    std::string_view product;
    for (const Action* action : actions())
        if (action->version == version && (product.empty() || action->product == "cvm"))
            product = action->product;
    return product.empty() ? "cvm" : product;
}

} // namespace cvm::api
