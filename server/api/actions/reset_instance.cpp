#include "server/api/actions/actions.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/instance_json.hpp"
#include "server/api/instance_settings.hpp"
#include "state/payment.hpp"
#include "state/pricing.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api {

namespace {

constexpr std::array fields{
    Field{.name = "InstanceId", .type = Type::string, .required = true},
    Field{.name = "ImageId", .type = Type::string},
    system_disk_field,
    login_field,
    enhanced_field,
    Field{.name = "HostName", .type = Type::string},
    Field{.name = "UserData", .type = Type::string},
};

// The image that the instance will have: a new one, or its own again.
std::string image_of(const state::Instance& instance, const Params& params)
{
    const boost::json::value echo = boost::json::parse(instance.attributes);
    return params.string("ImageId").value_or(std::string{echo.at("ImageId").as_string()});
}

std::optional<Error> check_values(const Context& context, const Params& params, const state::Instance& instance)
{
    const std::string image_id = image_of(instance, params);
    if (auto problem = check_image(context, image_id, instance.type))
        return problem;
    if (const auto disk = params.object("SystemDisk")) {
        if (disk->has("Encrypt"))
            return error(Errc::unsupported_operation_modify_encryption_not_supported);
        if (auto problem = check_system_disk(context, *disk, *context.catalog.find_image(image_id)))
            return problem;
        // A disk can grow, not shrink.
        if (const auto size = disk->integer("DiskSize"); size && *size < instance.disks.front().size_gib)
            return error(Errc::invalid_parameter_value, std::to_string(*size), "SystemDisk.DiskSize");
    }
    if (auto problem = check_login(context, params, image_id))
        return problem;
    if (const auto name = params.string("HostName")) {
        if (auto problem = check_host_name(context, *name))
            return problem;
    }
    if (const auto data = params.string("UserData"))
        return check_user_data(context, *data);
    return std::nullopt;
}

// What a larger system disk costs until the expiry, begun months counting whole (assumed).
state::Cents cost_of_growth(const Context& context, const state::Instance& instance, std::int64_t new_size)
{
    if (!instance.expires_at)
        return {};
    state::Disk more = instance.disks.front();
    more.size_gib = new_size - more.size_gib;
    return state::disk_price(context.catalog.prices, more, state::months_to_reach(context.now, *instance.expires_at))
        .discounted;
}

Result<boost::json::object> handle(const Context& context, const Params& params)
{
    auto instances = load_workable(context, std::array{params.string("InstanceId").value()});
    if (!instances)
        return instances.error();
    state::Instance& instance = instances->front();
    if (auto problem = check_values(context, params, instance))
        return *problem;

    const auto disk = params.object("SystemDisk");
    const auto size =
        disk ? disk->integer("DiskSize").value_or(instance.disks.front().size_gib) : instance.disks.front().size_gib;
    const state::Cents cost = cost_of_growth(context, instance, size);
    if (cost > state::Cents{0}) {
        if (context.store.has_unpaid_deal(context.account.uin))
            return error(Errc::invalid_account_unpaid_order);
        state::Account account = context.account;
        const auto balance = state::pay(account.balance, cost);
        if (!balance)
            return error(Errc::invalid_account_insufficient_balance);
        account.balance = *balance;
        std::vector<state::Deal> deals;
        state::place_order(deals, account, context.now,
                           {.action = "upgrade", .resource_id = instance.id, .months = 0, .total = cost});
        context.store.add_deal(account.uin, deals.front());
        context.store.save_account(account);
    }

    instance.disks.front().size_gib = size;
    const Image& image = *context.catalog.find_image(image_of(instance, params));
    set_attribute(instance, "ImageId", boost::json::string{image.id});
    set_attribute(instance, "OsName", boost::json::string{image.os_name});
    for (const std::string_view name : {"HostName", "UserData"})
        if (const auto value = params.string(name))
            set_attribute(instance, name, boost::json::string{*value});
    begin_operation(context, instance, {instance.state, state::InstanceState::running});
    context.store.save_instance(context.account.uin, instance);
    return boost::json::object{};
}

} // namespace

const Action reset_instance{
    .name = "ResetInstance",
    .product = "cvm",
    .version = "2017-03-12",
    .region = Region::required,
    .writes = true,
    .legacy = false,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api
