#include "server/api/action.hpp"
#include "server/api/attachment.hpp"
#include "server/api/client_token.hpp"
#include "server/api/disk_checks.hpp"
#include "server/api/disk_config.hpp"
#include "server/api/disk_purchase.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/orders.hpp"
#include "server/api/persist.hpp"
#include "server/api/purchase.hpp"
#include "server/api/purchase_checks.hpp"
#include "server/api/tag_checks.hpp"
#include "server/api/tagged_resources.hpp"
#include "server/api/unused_id.hpp"
#include "state/rules/order.hpp"
#include "state/store/account_repository.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace cvm::api::create_disks {

namespace json = boost::json;

namespace {

constexpr std::array own_placement_members{
    Field{.name = "Zone", .type = Type::string, .required = true},
    Field{.name = "CageId", .type = Type::string},
    Field{.name = "CdcId", .type = Type::string},
    Field{.name = "CdcName", .type = Type::string},
    Field{.name = "DedicatedClusterId", .type = Type::string},
    Field{.name = "ProjectId", .type = Type::unsigned_integer, .max = (std::int64_t{1} << 53) - 1},
    Field{.name = "ProjectName", .type = Type::string},
};

constexpr std::array auto_mount_configuration_members{
    Field{.name = "InstanceId", .type = Type::strings, .required = true},
    Field{.name = "MountPoint", .type = Type::strings},
    Field{.name = "FileSystemType", .type = Type::string},
};

constexpr std::array<std::string_view, 1> encrypt_words{"ENCRYPT"};
constexpr std::array<std::string_view, 2> encrypt_types{"ENCRYPT_V1", "ENCRYPT_V2"};
constexpr std::size_t max_token = 64;

constexpr std::array fields{
    Field{.name = "Placement", .type = Type::object, .required = true, .members = own_placement_members},
    Field{.name = "DiskChargeType", .type = Type::string, .required = true, .words = disk_charge_types},
    Field{.name = "DiskType", .type = Type::string, .required = true, .words = elastic_disk_types},
    Field{.name = "DiskName", .type = Type::string},
    Field{.name = "Tags", .type = Type::objects, .members = tag_members},
    Field{.name = "SnapshotId", .type = Type::string},
    Field{.name = "DiskCount", .type = Type::unsigned_integer},
    Field{.name = "ThroughputPerformance", .type = Type::unsigned_integer},
    Field{.name = "KmsKeyId", .type = Type::string},
    Field{.name = "DiskSize", .type = Type::unsigned_integer},
    Field{.name = "Shareable", .type = Type::boolean},
    Field{.name = "ClientToken", .type = Type::string},
    Field{.name = "Encrypt", .type = Type::string, .words = encrypt_words},
    Field{.name = "DiskChargePrepaid", .type = Type::object, .members = disk_prepaid_fields},
    Field{.name = "DeleteSnapshot", .type = Type::integer, .min = 0, .max = 1},
    Field{.name = "AutoMountConfiguration", .type = Type::object, .members = auto_mount_configuration_members},
    Field{.name = "DiskBackupQuota", .type = Type::unsigned_integer},
    Field{.name = "BurstPerformance", .type = Type::boolean},
    Field{.name = "EncryptType", .type = Type::string, .words = encrypt_types},
};

std::optional<Error> check_snapshot(const Params& params)
{
    const auto snapshot = params.string("SnapshotId");
    if (!snapshot)
        return std::nullopt;
    if (!well_formed_id(*snapshot, "snap"))
        return error(Errc::invalid_parameter_value, *snapshot, "SnapshotId");
    // This server has no snapshots, so no id exists.
    return error(Errc::invalid_snapshot_id_not_found, *snapshot);
}

std::optional<Error> check_encryption(const Params& params)
{
    const auto encrypt = params.string("Encrypt");
    if (params.has("KmsKeyId") && !encrypt)
        return error(Errc::missing_parameter, "Encrypt");
    for (const std::string_view other : {"Shareable", "AutoMountConfiguration"})
        if (encrypt && params.has(other))
            return error(Errc::invalid_parameter_value, *encrypt, "Encrypt");
    return std::nullopt;
}

std::optional<Error> check_token(const std::string& token)
{
    if (token.size() > max_token || !std::ranges::all_of(token, [](char c) { return c >= ' ' && c <= '~'; }))
        return error(Errc::invalid_parameter_invalid_client_token, token);
    return std::nullopt;
}

Result<std::vector<state::KeyValue>> read_disk_tags(const ActionName& action, const Params& params)
{
    std::vector<state::KeyValue> tags;
    std::vector<std::string> keys;
    for (const Params& tag : params.objects("Tags")) {
        tags.push_back({tag.string("Key").value(), tag.string("Value").value()});
        keys.push_back(tags.back().key);
        if (auto problem = check_tag_value(action, tags.back().value, "Tags"))
            return *std::move(problem);
    }
    if (tags.size() > max_tags_of_resource)
        return error(Errc::limit_exceeded_tag_quota_limit_exceeded);
    if (auto problem = check_tag_keys(action, keys, "Tags"))
        return *std::move(problem);
    return tags;
}

// The requested purchase, with name and tags.
Result<DiskPurchase> read_purchase_of_disks(const Context& context, const Params& params)
{
    const Params placement = params.object("Placement").value();
    if (auto problem = check_zone(context.action, context.catalog, context.call.region,
                                  placement.string("Zone").value(), Errc::resource_insufficient))
        return *std::move(problem);
    if (auto problem = check_snapshot(params))
        return *std::move(problem);
    auto purchase = read_disk_purchase(context, params);
    if (!purchase)
        return purchase.error();
    state::Disk& draft = purchase->draft;
    if (draft.type == "CLOUD_TSSD") // sold only together with an instance (documented)
        return error(Errc::invalid_parameter_disk_config_not_supported, draft.type);
    draft.name = params.string("DiskName").value_or("未命名");
    if (auto problem = check_disk_name(draft.name))
        return *std::move(problem);
    if (auto problem = check_encryption(params))
        return *std::move(problem);
    draft.encrypt = params.has("Encrypt");
    draft.kms_key_id = params.string("KmsKeyId");
    const auto tags = read_disk_tags(context.action, params);
    if (!tags)
        return tags.error();
    set_tags(draft.tags, *tags, false);
    return purchase;
}

// The instance to which the disks are attached immediately, if any.
Result<std::optional<state::Instance>> read_mount(const Context& context, const Params& params, std::int64_t count)
{
    const auto mount = params.object("AutoMountConfiguration");
    if (!mount)
        return std::optional<state::Instance>{};
    const auto ids = mount->strings("InstanceId");
    if (ids.size() != 1) // several instances are for shared disks
        return error(Errc::invalid_parameter_value, std::to_string(ids.size()), "AutoMountConfiguration.InstanceId");
    auto instance = load_instance_of_disks(context, ids.front());
    if (!instance)
        return instance.error();
    if (instance->zone != params.object("Placement")->string("Zone"))
        return error(Errc::invalid_parameter_value, ids.front(), "AutoMountConfiguration.InstanceId");
    if (auto refusal = refuse_attachment(context, *instance, static_cast<std::size_t>(count)))
        return *std::move(refusal);
    return std::optional{*std::move(instance)};
}

json::object answer_with(const std::vector<std::string>& ids)
{
    json::object answer;
    answer["DiskIdSet"] = json::array(ids.begin(), ids.end());
    return answer;
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const std::string token = params.string("ClientToken").value_or("");
    if (auto problem = check_token(token))
        return *problem;
    const auto purchase = read_purchase_of_disks(context, params);
    if (!purchase)
        return purchase.error();
    const auto before = made_before(context, token, "disk-", Errc::invalid_parameter_invalid_client_token);
    if (!before)
        return before.error();
    if (*before)
        return answer_with(**before);
    const auto mount = read_mount(context, params, purchase->count);
    if (!mount)
        return mount.error();

    const Params placement = params.object("Placement").value();
    state::PlacedDisk placed{.disk = purchase->draft,
                             .instance_id = {},
                             .region = std::string{context.call.region},
                             .zone = placement.string("Zone").value(),
                             .project_id = placement.integer("ProjectId").value_or(0),
                             .created_at = context.call.now};
    const state::Price each = state::disk_price(context.catalog.prices, placed.disk, purchase->period);
    state::Bookkeeper books = open_books(context.call);
    std::vector<std::string> ids;
    std::vector<state::PlacedDisk> made;
    for (std::int64_t index = 0; index < purchase->count; ++index) {
        placed.disk.id = unused_id(context.store, books.account, "disk");
        if (purchase->period.count() > 0 &&
            !books.buy(state::order_for(placed.disk, placed.zone, "purchase", purchase->period, each)))
            return error(Errc::invalid_account_insufficient_balance);
        save(context, placed);
        ids.push_back(placed.disk.id);
        made.push_back(placed);
    }
    if (*mount)
        attach(context, **mount, made, false);
    if (!token.empty())
        context.store.add_client_token(context.call.account.uin, {token, ids});
    state::save(context.store, books);
    return answer_with(ids);
}

} // namespace

extern const Action action{
    .name = "CreateDisks",
    .product = "cbs",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::create_disks
