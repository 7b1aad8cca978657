#include "server/api/action.hpp"
#include "server/api/actions/actions.hpp"

#include <algorithm>
#include <array>

namespace cvm::api {

namespace {

// Sorted by name: find_action searches by halves. A test checks the order.
constexpr std::array actions{
    &describe_account_balance, //
    &describe_instances,
    &describe_instances_status,
    &enter_rescue_mode,
    &exit_rescue_mode,
    &inquiry_price_renew_instances,
    &modify_instances_renew_flag,
    &reboot_instances,
    &renew_instances,
    &start_instances,
    &stop_instances,
};

constexpr auto name_of = [](const Action* action) { return action->name; };
constexpr auto version_of = [](const Action* action) { return action->version; };

} // namespace

std::span<const Action* const> all_actions() noexcept { return actions; }

const Action* find_action(std::string_view name, std::string_view version) noexcept
{
    for (auto at = std::ranges::lower_bound(actions, name, {}, name_of); at != actions.end() && (*at)->name == name;
         ++at)
        if ((*at)->version == version)
            return *at;
    return nullptr;
}

bool known_version(std::string_view version) noexcept
{
    return std::ranges::find(actions, version, version_of) != actions.end();
}

std::string_view product_of_version(std::string_view version) noexcept
{
    const auto at = std::ranges::find(actions, version, version_of);
    return at != actions.end() ? (*at)->product : "cvm";
}

} // namespace cvm::api
