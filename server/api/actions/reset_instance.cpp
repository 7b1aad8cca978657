#include "server/api/action.hpp"
#include "server/api/instance_change.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/instance_settings.hpp"
#include "server/api/orders.hpp"
#include "server/api/persist.hpp"
#include "state/store/account_repository.hpp"

#include <boost/json.hpp>

#include <array>
#include <utility>

namespace cvm::api::reset_instance {

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

// The image after the reset: a new one, or the current one again.
std::string image_of(const state::Instance& instance, const Params& params)
{
    return params.string("ImageId").value_or(instance.attributes.image_id);
}

std::optional<Error> check_values(const Context& context, const Params& params, const state::Instance& instance)
{
    const std::string image_id = image_of(instance, params);
    if (auto problem = check_image(context.action, context.catalog, image_id, instance.type))
        return problem;
    if (const auto disk = params.object("SystemDisk")) {
        if (disk->has("Encrypt"))
            return error(Errc::unsupported_operation_modify_encryption_not_supported);
        if (auto problem =
                check_system_disk(context.action, context.catalog.prices, *disk, *context.catalog.find_image(image_id)))
            return problem;
        // A disk keeps its type; it can grow, but not shrink.
        if (const auto type = disk->string("DiskType"); type && *type != instance.disks.front().type)
            return error(Errc::invalid_parameter_value, *type, "SystemDisk.DiskType");
        if (const auto size = disk->integer("DiskSize"); size && *size < instance.disks.front().size_gib)
            return error(Errc::invalid_parameter_value, std::to_string(*size), "SystemDisk.DiskSize");
    }
    if (auto problem = check_login(context.action, context.catalog, params, image_id))
        return problem;
    if (const auto name = params.string("HostName")) {
        if (auto problem = check_host_name(context.action, *name, windows(context.catalog, image_id)))
            return problem;
    }
    if (const auto data = params.string("UserData"))
        return check_user_data(context.action, *data);
    return std::nullopt;
}

// Pays for a larger system disk as ResizeInstanceDisks does.
std::optional<Error> pay_for_growth(const Context& context, state::Instance& instance, std::int64_t new_size)
{
    InstanceChange growth{instance, instance};
    growth.after.disks.front().size_gib = new_size;
    state::Bookkeeper books = open_books(context.call);
    if (auto refusal = pay_for(context, books, growth))
        return refusal;
    instance = std::move(growth.after);
    state::save(context.store, books);
    return std::nullopt;
}

Result<Answer> handle(const Context& context, const Params& params)
{
    auto instances = load_workable(context, std::array{params.string("InstanceId").value()});
    if (!instances)
        return instances.error();
    state::Instance& instance = instances->front();
    if (auto problem = check_values(context, params, instance))
        return *problem;
    const Image& image = *context.catalog.find_image(image_of(instance, params));

    if (const auto disk = params.object("SystemDisk")) {
        if (auto problem =
                pay_for_growth(context, instance, disk->integer("DiskSize").value_or(instance.disks.front().size_gib)))
            return *problem;
        instance.disks.front().name = disk->string("DiskName").value_or(instance.disks.front().name);
    }
    apply_image(instance.attributes, image);
    apply_login(instance.attributes, params);
    if (const auto name = params.string("HostName"))
        instance.attributes.host_name = *name;
    if (const auto data = params.string("UserData"))
        instance.attributes.user_data = *data;
    begin_operation(context, instance, {instance.state, state::InstanceState::running});
    save(context, instance);
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "ResetInstance",
    .writes = true,
    .legacy = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::reset_instance
