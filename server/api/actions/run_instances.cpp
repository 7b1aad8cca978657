#include "server/api/action.hpp"
#include "server/api/addresses.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/instance_json.hpp"
#include "server/api/name_pattern.hpp"
#include "server/api/orders.hpp"
#include "server/api/persist.hpp"
#include "server/api/purchase.hpp"
#include "state/rules/order.hpp"
#include "state/store/account_repository.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>

namespace cvm::api {

namespace json = boost::json;

namespace {

constexpr std::array storage_block_members{
    Field{.name = "Type", .type = Type::string},
    Field{.name = "MinSize", .type = Type::integer},
    Field{.name = "MaxSize", .type = Type::integer},
};
constexpr std::array externals_members{
    Field{.name = "ReleaseAddress", .type = Type::boolean},
    Field{.name = "UnsupportNetworks", .type = Type::strings},
    Field{.name = "StorageBlockAttr", .type = Type::object, .members = storage_block_members},
};
constexpr std::array<std::string_view, 1> timer_actions{"TerminateInstances"};
constexpr std::array timer_members{
    Field{.name = "TimerAction", .type = Type::string, .words = timer_actions},
    Field{.name = "ActionTime", .type = Type::string},
    // Of answers alone.
    Field{.name = "Externals", .type = Type::object, .members = externals_members},
    Field{.name = "ActionTimerId", .type = Type::string},
    Field{.name = "Status", .type = Type::string},
    Field{.name = "InstanceId", .type = Type::string},
};

// How long before its time a timer must be set (https://cloud.tencent.com/document/api/213/15753#ActionTimer).
constexpr std::chrono::minutes timer_lead{5};

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

// When the ActionTimer terminates the instances; nullopt without one.
Result<std::optional<state::Instant>> read_timer(const Params& params, const Purchase& purchase, state::Instant now)
{
    const auto timer = params.object("ActionTimer");
    if (!timer)
        return std::optional<state::Instant>{};
    const std::string text = timer->string("ActionTime").value_or("");
    const auto time = state::parse_instant(text);
    if (!time)
        return error(Errc::invalid_parameter_value_invalid_time_format_utc, text);
    if (*time < now + timer_lead)
        return error(Errc::invalid_parameter_value_range, text, "ActionTimer.ActionTime");
    if (state::pays_ahead(purchase.draft.charge_type))
        return error(Errc::unsupported_operation_not_support_import_instances_action_timer);
    return time;
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
    // This server keeps none of these, so that no id exists.
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

// An id that no instance and no disk of the account has.
std::string unused_id(state::Store& store, state::Account& account, std::string_view prefix)
{
    for (;;) {
        auto id = state::next_resource_id(account, prefix);
        if (!store.find_instance(account.uin, id) && !store.find_disk(account.uin, id))
            return id;
    }
}

// The instance of the batch with this index.
state::Instance make(const Context& context, const Params& params, const Purchase& purchase, state::Account& account,
                     std::int64_t index)
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
    const auto network = params.object("VirtualPrivateCloud");
    const auto addresses = network ? network->strings("PrivateIpAddresses") : std::vector<std::string>{};
    const std::string own =
        addresses.empty() ? private_address(account) : addresses.at(static_cast<std::size_t>(index));
    attributes.private_ip_addresses = {own};
    const auto internet = params.object("InternetAccessible");
    // Without bandwidth no public address is assigned (InternetAccessible.PublicIpAssigned).
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
    const auto timer = read_timer(params, *purchase, context.call.now);
    if (!timer)
        return timer.error();
    purchase->draft.terminates_at = *timer;
    if (auto problem = check_own(context.action, params, *purchase))
        return *problem;
    const bool dry = params.boolean("DryRun").value_or(false);
    const std::string token = params.string("ClientToken").value_or("");
    if (!token.empty() && !dry)
        // The token alone decides that a call is repeated, and it is kept for good (assumed).
        if (const auto known = context.store.find_client_token(context.call.account.uin, token))
            return answer_with(known->instance_ids);

    const PurchasePrice price = price_of(context.catalog.prices, *purchase);
    const state::Cents total = price.instances.discounted + price.bandwidth.discounted + price.first_hour;
    if (context.call.account.balance.available() < total)
        return error(Errc::invalid_account_insufficient_balance);
    if (dry)
        return json::object{};

    const auto share = [&](state::Cents of_all) { return state::Cents{of_all.value / purchase->count}; };
    const state::Price months = price.instances + price.bandwidth;
    const state::Price each{share(months.original), share(months.discounted)};
    state::Bookkeeper books = open_books(context.call);
    std::vector<std::string> ids;
    for (std::int64_t index = 0; index < purchase->count; ++index) {
        const state::Instance instance = make(context, params, *purchase, books.account, index);
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

extern const Action run_instances{
    .name = "RunInstances",
    .writes = true,
    .legacy = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api
