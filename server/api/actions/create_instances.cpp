#include "server/api/addresses.hpp"
#include "server/api/client_token.hpp"
#include "server/api/instance_json.hpp"
#include "server/api/lighthouse.hpp"
#include "server/api/orders.hpp"
#include "server/api/persist.hpp"
#include "server/api/purchase.hpp"
#include "server/api/renewal_request.hpp"
#include "server/api/tag_checks.hpp"
#include "server/api/tagged_resources.hpp"
#include "server/api/unused_id.hpp"
#include "state/rules/order.hpp"
#include "state/store/account_repository.hpp"

#include <algorithm>

namespace cvm::api::create_instances {

namespace {

constexpr std::array login_configuration_members{
    Field{.name = "AutoGeneratePassword", .type = Type::string},
    Field{.name = "Password", .type = Type::string},
    Field{.name = "KeyIds", .type = Type::strings},
};

constexpr std::array docker_container_publish_port_members{
    Field{.name = "HostPort", .type = Type::integer, .required = true},
    Field{.name = "ContainerPort", .type = Type::integer, .required = true},
    Field{.name = "Ip", .type = Type::string},
    Field{.name = "Protocol", .type = Type::string},
};

constexpr std::array docker_container_volume_members{
    Field{.name = "ContainerPath", .type = Type::string, .required = true},
    Field{.name = "HostPath", .type = Type::string},
};

constexpr std::array docker_container_configuration_members{
    Field{.name = "ContainerImage", .type = Type::string, .required = true},
    Field{.name = "ContainerName", .type = Type::string},
    Field{.name = "Envs", .type = Type::objects, .members = metadata_item_members},
    Field{.name = "PublishPorts", .type = Type::objects, .members = docker_container_publish_port_members},
    Field{.name = "Volumes", .type = Type::objects, .members = docker_container_volume_members},
    Field{.name = "Command", .type = Type::string},
    Field{.name = "RestartPolicy", .type = Type::string},
};

constexpr std::array command_members{
    Field{.name = "Content", .type = Type::string, .required = true},
    Field{.name = "Timeout", .type = Type::integer},
    Field{.name = "WorkingDirectory", .type = Type::string},
    Field{.name = "Username", .type = Type::string},
};

constexpr std::array fields{
    Field{.name = "BundleId", .type = Type::string, .required = true},
    Field{.name = "BlueprintId", .type = Type::string, .required = true},
    Field{.name = "InstanceChargePrepaid", .type = Type::object, .required = true, .members = prepaid_fields},
    Field{.name = "InstanceName", .type = Type::string},
    Field{.name = "InstanceCount", .type = Type::unsigned_integer, .min = 1, .max = 30},
    Field{.name = "Zones", .type = Type::strings, .max_items = 100},
    Field{.name = "DryRun", .type = Type::boolean},
    Field{.name = "ClientToken", .type = Type::string},
    Field{.name = "LoginConfiguration", .type = Type::object, .members = login_configuration_members},
    Field{.name = "Containers", .type = Type::objects, .members = docker_container_configuration_members},
    Field{.name = "AutoVoucher", .type = Type::boolean},
    Field{.name = "FirewallTemplateId", .type = Type::string},
    Field{.name = "Tags", .type = Type::objects, .members = tag_members, .max_items = 10},
    Field{.name = "InitCommand", .type = Type::object, .members = command_members},
    Field{.name = "DomainName", .type = Type::string},
    Field{.name = "Subdomain", .type = Type::string},
};

namespace json = boost::json;

constexpr std::size_t longest_name = 60;
constexpr std::size_t longest_token = 64;

json::object answer_with(const std::vector<std::string>& ids)
{
    json::object answer;
    answer["InstanceIdSet"] = json::array(ids.begin(), ids.end());
    return answer;
}

// The first usable zone of Zones or, if that is not given, of the region.
Result<std::string> choose_zone(const Context& context, const Params& params)
{
    const auto usable = [&](const Zone& zone) { return zone.region == context.call.region && zone.available; };
    for (const std::string& name : params.strings("Zones"))
        if (const Zone* zone = context.catalog.find_zone(name); zone == nullptr || !usable(*zone))
            return error(Errc::invalid_parameter_value_invalid_zone, name);
    if (const auto zones = params.strings("Zones"); !zones.empty())
        return zones.front();
    const auto zone = std::ranges::find_if(context.catalog.zones, usable);
    if (zone == context.catalog.zones.end())
        return error(Errc::invalid_parameter_value_invalid_zone, context.call.region);
    return zone->name;
}

Result<std::vector<state::KeyValue>> read_tags_of_instances(const ActionName& action, const Params& params)
{
    std::vector<state::KeyValue> tags;
    for (const Params& tag : params.objects("Tags")) {
        const std::array given{state::KeyValue{tag.string("Key").value(), tag.string("Value").value()}};
        if (auto problem = check_tag_key(action, given[0].key, "Tags"))
            return *std::move(problem);
        if (auto problem = check_tag_value(action, given[0].value, "Tags"))
            return *std::move(problem);
        set_tags(tags, given, true);
    }
    return tags;
}

// The requested instance, without ids, addresses and expiry.
Result<state::Instance> read_draft(const Context& context, const Params& params)
{
    const auto bundle = lighthouse::find_bundle(context.catalog, params.string("BundleId").value());
    if (!bundle)
        return bundle.error();
    const auto blueprint = lighthouse::find_blueprint(context.catalog, params.string("BlueprintId").value());
    if (!blueprint)
        return blueprint.error();
    if (!(*bundle)->runs(**blueprint))
        return error(Errc::invalid_parameter_value_bundle_not_support_blueprint_platform, (*bundle)->id,
                     (*blueprint)->id);
    const auto zone = choose_zone(context, params);
    if (!zone)
        return zone.error();
    auto tags = read_tags_of_instances(context.action, params);
    if (!tags)
        return tags.error();
    const Params prepaid = params.object("InstanceChargePrepaid").value();
    if (auto problem = lighthouse::refuse_period(prepaid.integer("Period").value(), context.call.now,
                                                 "InstanceChargePrepaid.Period", true))
        return *std::move(problem);

    state::Instance draft = lighthouse::draft_of(**bundle);
    draft.region = context.call.region;
    draft.zone = *zone;
    draft.name = params.string("InstanceName").value_or("未命名");
    if (draft.name.size() > longest_name)
        return error(Errc::invalid_parameter_value_instance_name_too_long, draft.name);
    if ((*bundle)->sold_out)
        return error(Errc::resources_sold_out_bundle_sold_out, (*bundle)->id);
    if (const auto flag = prepaid.string("RenewFlag"))
        draft.renew_flag = state::parse<state::RenewFlag>(*flag);
    draft.created_at = context.call.now;
    draft.attributes.image_id = (*blueprint)->id;
    draft.attributes.os_name = (*blueprint)->os_name;
    draft.attributes.operator_uin = context.call.account.uin;
    draft.attributes.tags = *std::move(tags);
    return draft;
}

state::Instance make(const Context& context, const state::Instance& draft, state::Account& account,
                     std::chrono::months period)
{
    state::Instance instance = draft;
    instance.id = unused_id(context.store, account, "lhins");
    instance.disks.front().id = unused_id(context.store, account, "lhdisk");
    instance.expires_at = state::add_months(context.call.now, period);
    instance.attributes.private_ip_addresses = {private_address(account)};
    instance.attributes.public_ip_addresses = {public_address(account)};
    instance.attributes.uuid = uuid_for(instance.id);
    begin_operation(context, instance, {state::InstanceState::pending, state::InstanceState::running});
    return instance;
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto draft = read_draft(context, params);
    if (!draft)
        return draft.error();
    const bool dry = params.boolean("DryRun").value_or(false);
    const std::string token = params.string("ClientToken").value_or("");
    if (token.size() > longest_token)
        return error(Errc::invalid_parameter_value_client_token_too_long, token);
    const auto made = made_before(context, dry ? "" : token, "lhins-", Errc::invalid_parameter_value);
    if (!made)
        return made.error();
    if (*made)
        return answer_with(**made);

    const std::chrono::months period{params.object("InstanceChargePrepaid")->integer("Period").value()};
    const auto count = params.integer("InstanceCount").value_or(1);
    const state::Price price = state::instance_price(context.catalog.prices, *draft, period);
    state::Bookkeeper books = open_books(context.call);
    if (params.boolean("AutoVoucher").value_or(false))
        state::use_vouchers(context.store, books);
    if (!books.can_pay("purchase", "lhins-", price.discounted * count, context.call.now))
        return error(Errc::failed_operation_insufficient_balance);
    if (dry)
        return json::object{};
    std::vector<std::string> ids;
    for (std::int64_t index = 0; index < count; ++index) {
        const state::Instance instance = make(context, *draft, books.account, period);
        if (!books.buy(state::order_for(instance, "purchase", period, price)))
            return error(Errc::failed_operation_insufficient_balance);
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
    .name = "CreateInstances",
    .product = "lighthouse",
    .version = "2020-03-24",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::create_instances
