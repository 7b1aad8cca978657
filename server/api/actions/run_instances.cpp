#include "server/api/action.hpp"
#include "server/api/action_timers.hpp"
#include "server/api/addresses.hpp"
#include "server/api/client_token.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/instance_json.hpp"
#include "server/api/name_pattern.hpp"
#include "server/api/network_checks.hpp"
#include "server/api/orders.hpp"
#include "server/api/persist.hpp"
#include "server/api/purchase.hpp"
#include "server/api/unused_id.hpp"
#include "state/rules/order.hpp"
#include "state/store/account_repository.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace cvm::api::run_instances {

namespace json = boost::json;

namespace {

constexpr std::array own_fields{
    Field{.name = "MinCount", .type = Type::integer, .min = 1},
    Field{.name = "ActionTimer", .type = Type::object, .members = timer_members},
    Field{.name = "DedicatedClusterId", .type = Type::string},
    Field{.name = "DisasterRecoverGroupIds", .type = Type::strings},
    Field{.name = "UserData", .type = Type::string},
    Field{.name = "DryRun", .type = Type::boolean},
    Field{.name = "CamRoleName", .type = Type::string},
    Field{.name = "ChcIds", .type = Type::strings},
    Field{.name = "PartitionNumber", .type = Type::integer},
    Field{.name = "DisableApiTermination", .type = Type::boolean},
    Field{.name = "EnableJumboFrame", .type = Type::boolean},
};

constexpr auto fields = [] {
    constexpr auto shared = purchase_fields(false);
    std::array<Field, shared.size() + own_fields.size()> all{};
    std::ranges::copy(shared, all.begin());
    std::ranges::copy(own_fields, all.begin() + shared.size());
    return all;
}();

// When the ActionTimer terminates the instances; nullopt if there is none.
Result<std::optional<state::Instant>> read_timer(const Context& context, const Params& params, const Purchase& purchase)
{
    const auto timer = params.object("ActionTimer");
    if (!timer)
        return std::optional<state::Instant>{};
    const auto time = read_action_time(context, *timer);
    if (!time)
        return time.error();
    if (state::pays_ahead(purchase.draft.charge_type))
        return error(Errc::unsupported_operation_not_support_import_instances_action_timer);
    return std::optional{*time};
}

std::optional<Error> check_own(const ActionName& action, const Params& params, const Purchase& purchase)
{
    if (const auto least = params.integer("MinCount")) {
        if (*least > purchase.count)
            return error(Errc::invalid_parameter_value_invalid_parameter_min_count, std::to_string(*least),
                         std::to_string(purchase.count));
        if (state::pays_ahead(purchase.draft.charge_type))
            return error(Errc::unsupported_operation_min_count_unsupported_charge_type,
                         name(purchase.draft.charge_type));
    }
    if (const auto cluster = params.string("DedicatedClusterId"); cluster && !well_formed_id(*cluster, "cluster"))
        return error(Errc::invalid_parameter_value, *cluster, "DedicatedClusterId");
    // This server has no placement groups, so no id exists.
    for (const std::string& group : params.strings("DisasterRecoverGroupIds"))
        return error(Errc::failed_operation_disaster_recover_group_not_found, group);
    for (const std::string& host : params.strings("ChcIds"))
        return error(Errc::invalid_parameter_value_chc_hosts_not_found, host);
    if (const auto data = params.string("UserData")) {
        if (auto problem = check_user_data(action, *data))
            return problem;
    }
    if (const auto role = params.string("CamRoleName"))
        return check_role_name(action, *role);
    return std::nullopt;
}

// The private addresses of the instances; empty if they are derived from the ids.
Result<std::vector<std::string>> choose_addresses(const Context& context, const Params& params,
                                                  const Purchase& purchase)
{
    const auto network = params.object("VirtualPrivateCloud");
    auto given = network ? network->strings("PrivateIpAddresses") : std::vector<std::string>{};
    if (!purchase.subnet)
        return given;
    return take_addresses(context, *purchase.subnet, given, purchase.count);
}

// The instance of the batch with this index.
state::Instance make(const Context& context, const Params& params, const Purchase& purchase, state::Account& account,
                     std::span<const std::string> addresses, std::int64_t index)
{
    state::Instance instance = purchase.draft;
    instance.id = unused_id(context.store, account, "ins");
    instance.name = numbered_name(params.string("InstanceName").value_or("未命名"), index, purchase.count);
    if (purchase.period.count() > 0)
        instance.expires_at = state::add_months(context.call.now, purchase.period);
    if (state::pays_by_hour(instance.charge_type))
        instance.hourly_since = instance.charged_until = context.call.now;
    for (state::Disk& disk : instance.disks)
        disk.id = unused_id(context.store, account, disk.type.starts_with("LOCAL") ? "ldisk" : "disk");

    state::InstanceAttributes& attributes = instance.attributes;
    const std::string own = addresses.empty() ? private_address(account) : addresses[static_cast<std::size_t>(index)];
    attributes.private_ip_addresses = {own};
    const auto internet = params.object("InternetAccessible");
    // Without bandwidth there is no public address (InternetAccessible.PublicIpAssigned).
    if (internet && instance.bandwidth_mbps > 0 && internet->boolean("PublicIpAssigned").value_or(true))
        attributes.public_ip_addresses = {public_address(account)};
    if (const auto count = attributes.virtual_private_cloud.ipv6_address_count.value_or(0); count > 0)
        attributes.ipv6_addresses = ipv6_addresses(account, count);
    attributes.dedicated_cluster_id = params.string("DedicatedClusterId").value_or("");
    if (const auto host = params.string("HostName"))
        attributes.host_name = host_name(*host, own, index, purchase.count);
    attributes.uuid = uuid_for(instance.id);
    attributes.operator_uin = account.uin;
    begin_operation(context, instance, {state::InstanceState::pending, state::InstanceState::running});
    return instance;
}

json::object answer_with(const std::vector<std::string>& ids)
{
    json::object answer;
    answer["InstanceIdSet"] = json::array(ids.begin(), ids.end());
    return answer;
}

Result<Answer> handle(const Context& context, const Params& params)
{
    auto purchase = read_purchase(context, params);
    if (!purchase)
        return purchase.error();
    const auto timer = read_timer(context, params, *purchase);
    if (!timer)
        return timer.error();
    purchase->draft.terminates_at = *timer;
    if (auto problem = check_own(context.action, params, *purchase))
        return *problem;
    const bool dry = params.boolean("DryRun").value_or(false);
    const std::string token = params.string("ClientToken").value_or("");
    const auto made = made_before(context, dry ? "" : token, "ins-", Errc::invalid_parameter_value);
    if (!made)
        return made.error();
    if (*made)
        return answer_with(**made);

    const auto addresses = choose_addresses(context, params, *purchase);
    if (!addresses)
        return addresses.error();
    const PurchasePrice price = price_of(context.catalog.prices, *purchase);
    const state::Cents total = price.instances.discounted + price.bandwidth.discounted + price.first_hour;
    state::Bookkeeper books = open_books(context.call);
    if (purchase->period.count() > 0)
        state::use_vouchers(context.store, books);
    if (!books.can_pay("purchase", "ins-", total, context.call.now))
        return error(Errc::invalid_account_insufficient_balance);
    if (dry)
        return json::object{};

    const auto share = [&](state::Cents of_all) { return state::Cents{of_all.value / purchase->count}; };
    const state::Price months = price.instances + price.bandwidth;
    const state::Price each{share(months.original), share(months.discounted)};
    std::vector<std::string> ids;
    for (std::int64_t index = 0; index < purchase->count; ++index) {
        const state::Instance instance = make(context, params, *purchase, books.account, *addresses, index);
        const bool paid = purchase->period.count() > 0
                              ? books.buy(state::order_for(instance, "purchase", purchase->period, each))
                              : books.freeze(instance.id, share(price.first_hour));
        if (!paid)
            return error(Errc::invalid_account_insufficient_balance);
        save(context, instance);
        ids.push_back(instance.id);
    }
    if (!token.empty())
        context.store.add_client_token(context.call.account.uin, {token, ids});
    state::save(context.store, books);
    return answer_with(ids);
}

} // namespace

extern const Action action{
    .name = "RunInstances",
    .writes = true,
    .legacy = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::run_instances
