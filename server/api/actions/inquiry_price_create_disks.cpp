#include "server/api/action.hpp"
#include "server/api/disk_checks.hpp"
#include "server/api/disk_config.hpp"
#include "server/api/disk_price_json.hpp"
#include "server/api/disk_purchase.hpp"

#include <boost/json.hpp>

#include <array>
#include <string_view>

namespace cvm::api::inquiry_price_create_disks {

namespace {

constexpr std::array<std::string_view, 2> charge_types{"PREPAID", "POSTPAID_BY_HOUR"};

constexpr std::array fields{
    Field{.name = "DiskChargeType", .type = Type::string, .required = true, .words = charge_types},
    Field{.name = "DiskType", .type = Type::string, .required = true, .words = elastic_disk_types},
    Field{.name = "DiskSize", .type = Type::unsigned_integer, .required = true},
    Field{.name = "ProjectId", .type = Type::unsigned_integer},
    Field{.name = "DiskCount", .type = Type::unsigned_integer},
    Field{.name = "ThroughputPerformance", .type = Type::unsigned_integer},
    Field{.name = "DiskChargePrepaid", .type = Type::object, .members = disk_prepaid_fields},
    Field{.name = "DiskBackupQuota", .type = Type::unsigned_integer},
};

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto purchase = read_disk_purchase(context, params);
    if (!purchase)
        return purchase.error();
    const state::PriceTable& prices = context.catalog.prices;
    boost::json::object answer;
    answer["DiskPrice"] = purchase->period.count() > 0
                              ? prepaid_disk_item(price_of(prices, *purchase))
                              : hourly_disk_item(state::hourly_disk_price(prices, purchase->draft) * purchase->count);
    return answer;
}

} // namespace

extern const Action action{
    .name = "InquiryPriceCreateDisks",
    .product = "cbs",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::inquiry_price_create_disks
