#include "server/api/action.hpp"
#include "server/api/disk_change.hpp"
#include "server/api/disk_checks.hpp"
#include "server/api/disk_price_json.hpp"
#include "state/rules/change.hpp"

#include <boost/json.hpp>

#include <array>
#include <string>
#include <vector>

namespace cvm::api::inquiry_price_resize_disk {

namespace json = boost::json;

namespace {

constexpr std::array fields{
    Field{.name = "DiskSize", .type = Type::unsigned_integer, .required = true},
    Field{.name = "DiskId", .type = Type::string},
    Field{.name = "ProjectId", .type = Type::unsigned_integer},
    Field{.name = "DiskIds", .type = Type::strings, .max_items = 100},
};

Result<std::vector<state::PlacedDisk>> read_disks(const Context& context, const Params& params)
{
    const auto id = params.string("DiskId");
    if (id && params.has("DiskIds"))
        return error(Errc::invalid_parameter_value, *id, "DiskId");
    auto ids = params.strings("DiskIds");
    if (id)
        ids = {*id};
    if (ids.empty())
        return error(Errc::missing_parameter, "DiskId");
    return load_disks(context, ids, id ? "DiskId" : "DiskIds");
}

// An item as in the example of the page: a prepaid price without its exact text.
json::object item(const state::Price& price)
{
    json::object item = prepaid_disk_item(price);
    item["OriginalPriceHigh"] = nullptr;
    item["DiscountPriceHigh"] = nullptr;
    return item;
}

json::object with_details(json::object space, json::object nothing)
{
    json::object price = space;
    price["DetailPrices"] = json::array{named_disk_item(nothing, "DiskBackupQuota", "云硬盘备份点配额"),
                                        named_disk_item(std::move(space), "DiskSpace", "云硬盘空间"),
                                        named_disk_item(nothing, "DiskExtraPerformance", "云硬盘性能包")};
    return price;
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto disks = read_disks(context, params);
    if (!disks)
        return disks.error();
    if (auto refusal = refuse_disks_of_instances(*disks))
        return *refusal;
    if (auto refusal = refuse_expired_disks(context, *disks))
        return *refusal;
    const state::PriceTable& prices = context.catalog.prices;
    const bool ahead = state::renewable_alone(disks->front().disk);
    state::Price sum;
    state::Cents hour;
    for (const state::PlacedDisk& placed : *disks) {
        state::Disk after = placed.disk;
        after.size_gib = params.integer("DiskSize").value();
        if (auto problem = check_growth(placed.disk, after.size_gib))
            return *problem;
        if (state::renewable_alone(after) != ahead) // a price has only one unit (assumed)
            return error(Errc::invalid_parameter_value, placed.disk.id, "DiskIds");
        if (ahead)
            sum = sum + state::change_price(prices, placed.disk, after, context.call.now);
        else
            hour += state::hourly_disk_price(prices, after);
    }
    json::object answer;
    answer["DiskPrice"] =
        ahead ? with_details(item(sum), item({})) : with_details(hourly_disk_item(hour), hourly_disk_item({}));
    return answer;
}

} // namespace

extern const Action action{
    .name = "InquiryPriceResizeDisk",
    .product = "cbs",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::inquiry_price_resize_disk
