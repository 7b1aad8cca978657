#include "server/api/actions/actions.hpp"
#include "server/api/instance_checks.hpp"
#include "state/renewal.hpp"

#include <algorithm>
#include <array>

namespace cvm::api {

namespace {

constexpr std::array prepaid_fields{
    Field{.name = "Period", .type = Type::integer, .required = true},
    Field{.name = "RenewFlag", .type = Type::string, .words = state::Names<state::RenewFlag>::all},
};

constexpr std::array fields{
    Field{.name = "InstanceIds", .type = Type::strings, .required = true, .max_items = 100},
    Field{.name = "InstanceChargePrepaid", .type = Type::object, .members = prepaid_fields},
    Field{.name = "RenewPortableDataDisk", .type = Type::boolean},
};

// The legacy page requires InstanceChargePrepaid and has no RenewPortableDataDisk (facts: actions 8).
constexpr std::array legacy_fields{
    Field{.name = "InstanceIds", .type = Type::strings, .required = true, .max_items = 100},
    Field{.name = "InstanceChargePrepaid", .type = Type::object, .required = true, .members = prepaid_fields},
};

// The legacy page stops at three years (facts: actions 0.5).
constexpr std::array<std::int64_t, 16> periods{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 24, 36, 48, 60};
constexpr std::size_t legacy_periods = 14;

std::optional<Error> refuse_charge_types(std::span<const state::Instance> instances)
{
    const auto ahead = std::ranges::count_if(instances, state::pays_ahead, &state::Instance::charge_type);
    if (ahead == std::ssize(instances))
        return std::nullopt;
    if (ahead > 0)
        return error(Errc::invalid_parameter_value_instance_not_supported_mix_pricing_model, list_ids(instances));
    return error(Errc::unsupported_operation_instance_charge_type, instances.front().id);
}

// Not one of the offered periods, or one that would lead out of the calendar.
std::optional<Error> refuse_period(std::int64_t period, std::span<const state::Instance> instances, bool legacy)
{
    const auto allowed = std::span{periods}.first(legacy ? legacy_periods : periods.size());
    const bool offered = std::ranges::find(allowed, period) != allowed.end();
    if (offered && std::ranges::all_of(instances, [&](const state::Instance& instance) {
            return state::within_calendar(instance.expires_at.value(), std::chrono::months{period});
        }))
        return std::nullopt;
    std::string list;
    for (const std::int64_t months : allowed)
        list += (list.empty() ? "" : ", ") + std::to_string(months);
    return error(Errc::invalid_period, std::to_string(period), list);
}

Result<boost::json::object> handle(const Context& context, const Params& params)
{
    const auto prepaid = params.object("InstanceChargePrepaid");
    const auto loaded = load_instances(context, params.strings("InstanceIds"));
    if (!loaded)
        return loaded.error();
    if (auto refusal = refuse_charge_types(*loaded))
        return *refusal;
    if (auto refusal = refuse_by_state(context, *loaded))
        return *refusal;
    if (auto refusal = refuse_by_operation(context, *loaded))
        return *refusal;
    // Formally optional, but "required for prepaid instances", which these are (facts: actions 0.4).
    if (!prepaid)
        return error(Errc::missing_parameter, "InstanceChargePrepaid");
    const std::int64_t period = prepaid->integer("Period").value();
    if (auto refusal = refuse_period(period, *loaded, context.legacy))
        return *refusal;
    if (context.store.has_unpaid_deal(context.account.uin))
        return error(Errc::invalid_account_unpaid_order);

    const auto flag = prepaid->string("RenewFlag");
    const state::RenewalTerms terms{
        .period = std::chrono::months{period},
        .renew_flag = flag ? state::parse<state::RenewFlag>(*flag) : std::nullopt,
        .portable_data_disks = params.boolean("RenewPortableDataDisk").value_or(true),
    };
    state::Account account = context.account;
    std::vector<state::Instance> renewed;
    std::vector<state::Deal> deals;
    for (const state::Instance& instance : *loaded) {
        const state::Cents cost = state::renewal_price(context.catalog.prices, instance, terms).discounted;
        const auto balance = state::pay(account.balance, cost);
        if (!balance)
            return error(Errc::invalid_account_insufficient_balance);
        account.balance = *balance;
        renewed.push_back(state::renewed(instance, terms));
        renewed.back().latest_operation = finished_operation(context);
        deals.push_back({.order_id = state::next_order_id(account, context.now),
                         .status = state::DealStatus::shipped,
                         .action = "renew",
                         .resource_id = instance.id,
                         .months = period,
                         .total = cost,
                         .created_at = context.now});
    }

    for (const state::Instance& instance : renewed)
        context.store.save_instance(account.uin, instance);
    for (const state::Deal& deal : deals)
        context.store.add_deal(account.uin, deal);
    context.store.save_account(account);
    return boost::json::object{};
}

} // namespace

const Action renew_instances{
    .name = "RenewInstances",
    .product = "cvm",
    .version = "2017-03-12",
    .region = Region::required,
    .writes = true,
    .legacy = true,
    .fields = fields,
    .legacy_fields = legacy_fields,
    .handle = handle,
};

} // namespace cvm::api
