#include "server/api/catch_up.hpp"
#include "server/control/account_lookup.hpp"
#include "server/control/body.hpp"
#include "server/control/control.hpp"
#include "server/control/event_json.hpp"
#include "state/store/account_repository.hpp"

#include <boost/json.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

namespace cvm::control {

namespace json = boost::json;

namespace {

constexpr std::int64_t max_lines = 10'000;

constexpr std::int64_t largest_deposit = state::max_money.value;

json::object show(const state::Account& account)
{
    const state::Balance& b = account.balance;
    return {{"account", account.uin},
            {"balance", json::object{{"real", b.real().value},
                                     {"cash", b.cash.value},
                                     {"income", b.income.value},
                                     {"present", b.present.value},
                                     {"frozen", b.frozen.value},
                                     {"owed", b.owed.value},
                                     {"credit", b.credit.value}}},
            {"arrears", name(account.arrears.stage)}};
}

// The part of a balance with this name, for a deposit.
state::Cents state::Balance::*part_named(std::string_view word)
{
    constexpr std::array<std::pair<std::string_view, state::Cents state::Balance::*>, 3> parts{
        {{"cash", &state::Balance::cash}, {"income", &state::Balance::income}, {"present", &state::Balance::present}}};
    for (const auto& [name, part] : parts)
        if (name == word)
            return part;
    throw Problem{400, "`to` must be cash, income or present"};
}

} // namespace

Answer get_ledger(const Accounts& accounts, const Request& request)
{
    std::optional<std::int64_t> after;
    if (request.query.contains("after"))
        after = number_of(request, "after", 0, max_json_integer);
    const std::int64_t limit = number_of(request, "limit", max_lines, max_lines);
    const state::Account account = accounts.current(request);
    json::object answer = show(account);
    const state::LedgerPage page = accounts.store.select_ledger(account.uin, after, limit);
    json::array lines;
    for (const auto& [number, line] : page.lines) {
        json::object shown{{"number", number}};
        for (auto& [name, value] : cvm::to_json(line))
            shown.emplace(name, std::move(value));
        lines.push_back(std::move(shown));
    }
    answer["lines"] = std::move(lines);
    answer["left_out"] = page.left_out;
    return {200, std::move(answer)};
}

Answer post_ledger(const Accounts& accounts, const Request& request)
{
    const json::object body = body_of(request);
    expect_members(body, {"deposit", "to"});
    const auto* amount = body.if_contains("deposit");
    if (amount == nullptr || !amount->is_int64() || amount->get_int64() <= 0 || amount->get_int64() > largest_deposit)
        throw Problem{400, "`deposit` must be a number of cents, 1 to " + std::to_string(largest_deposit)};
    const auto* to = body.if_contains("to");
    if (to != nullptr && !to->is_string())
        throw Problem{400, "`to` must be cash, income or present"};
    const auto part = part_named(to != nullptr ? std::string_view{to->get_string()} : "cash");

    // Begins before the account is read, since another server on the same file may change it.
    state::Transaction transaction{accounts.store};
    const state::Account account = accounts.current(request);
    const state::Instant now = account.clock.now(accounts.wall.now());
    state::Bookkeeper books{account, now, state::Cause::deposit, {}};
    books.deposit(part, state::Cents{amount->get_int64()});
    if (books.account.balance.*part > state::Cents{largest_deposit})
        throw Problem{400, "the account cannot hold more than " + std::to_string(largest_deposit) + " cents there"};
    state::save(accounts.store, books);
    // Instances that were suspended for the debt are restored.
    const state::SimulationResult result =
        api::simulate(accounts.store, *accounts.catalog_of(books.account), books.account, {.until = now});
    state::save(accounts.store, result);
    transaction.commit();
    json::object answer = show(result.books.account);
    answer["events"] = to_json(result.events);
    return {200, std::move(answer)};
}

} // namespace cvm::control
