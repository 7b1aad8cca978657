#include "server/api/actions/actions.hpp"
#include "server/api/disk_checks.hpp"
#include "state/payment.hpp"
#include "state/pricing.hpp"
#include "state/renewal.hpp"

#include <algorithm>
#include <array>

namespace cvm::api {

namespace {

constexpr std::array prepaid_members{
    Field{.name = "Period", .type = Type::integer, .required = true},
    Field{.name = "RenewFlag", .type = Type::string, .words = state::Names<state::RenewFlag>::all},
    Field{.name = "CurInstanceDeadline", .type = Type::string},
};

constexpr std::array fields{
    Field{.name = "DiskId", .type = Type::string, .required = true},
    Field{.name = "DiskChargePrepaid", .type = Type::object, .required = true, .members = prepaid_members},
};

// Another order for the same disk waits, or something is being done to its instance.
std::optional<Error> refuse_busy(const Context& context, const state::PlacedDisk& placed)
{
    const auto instance = context.store.find_instance(context.account.uin, placed.instance_id);
    if (instance && instance->latest_operation && instance->latest_operation->state == state::OperationState::operating)
        return error(Errc::invalid_disk_busy, placed.disk.id);
    const auto waits = [&](const state::Deal& deal) {
        return deal.resource_id == placed.disk.id && deal.status == state::DealStatus::unpaid;
    };
    if (std::ranges::any_of(context.store.list_deals(context.account.uin), waits))
        return error(Errc::trade_deal_conflict, placed.disk.id);
    return std::nullopt;
}

Result<boost::json::object> handle(const Context& context, const Params& params)
{
    const Params prepaid = params.object("DiskChargePrepaid").value();
    const auto asked = prepaid.integer("Period").value();
    if (!is_disk_period(asked))
        return error(Errc::invalid_parameter_value, std::to_string(asked), "DiskChargePrepaid.Period");
    std::optional<state::Instant> deadline;
    if (const auto text = prepaid.string("CurInstanceDeadline")) {
        deadline = state::parse_beijing_time(*text);
        if (!deadline)
            return error(Errc::invalid_parameter_value, *text, "DiskChargePrepaid.CurInstanceDeadline");
    }
    auto disks = load_disks(context, std::array{params.string("DiskId").value()}, "DiskId");
    if (!disks)
        return disks.error();
    if (auto refusal = refuse_disks_without_expiry(*disks))
        return *refusal;
    state::PlacedDisk& placed = disks->front();
    if (auto refusal = refuse_busy(context, placed))
        return *refusal;
    const std::chrono::months period{asked};
    const state::Instant from = deadline.value_or(placed.disk.expires_at.value());
    if (!state::within_calendar(from, period))
        return error(Errc::invalid_parameter_value, std::to_string(asked), "DiskChargePrepaid.Period");

    const auto months = months_to_pay(placed.disk, period, deadline);
    const state::Cents cost = state::disk_price(context.catalog.prices, placed.disk, months).discounted;
    state::Account account = context.account;
    const auto balance = state::pay(account.balance, cost);
    if (!balance)
        return error(Errc::invalid_account_insufficient_balance);
    account.balance = *balance;
    std::vector<state::Deal> deals;
    state::place_order(deals, account, context.now,
                       {.action = "renew",
                        .resource_id = placed.disk.id,
                        .months = months.count(),
                        .total = cost,
                        .begins_at = placed.disk.expires_at.value()});
    // The flag that is left out stays as it is (assumed), as for instances.
    if (const auto flag = prepaid.string("RenewFlag"))
        placed.disk.renew_flag = state::parse<state::RenewFlag>(*flag);
    placed.disk.expires_at = std::max(*placed.disk.expires_at, state::add_months(from, period));

    context.store.save_disk(account.uin, placed);
    context.store.add_deal(account.uin, deals.front());
    context.store.save_account(account);
    return boost::json::object{};
}

} // namespace

const Action renew_disk{
    .name = "RenewDisk",
    .product = "cbs",
    .version = "2017-03-12",
    .region = Region::required,
    .writes = true,
    .legacy = false,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api
