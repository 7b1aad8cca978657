#include "server/api/action.hpp"
#include "server/api/disk_checks.hpp"
#include "server/api/disk_price_json.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::inquiry_price_renew_disks {

namespace json = boost::json;

namespace {

constexpr std::array fields{
    Field{.name = "DiskIds", .type = Type::strings, .required = true, .max_items = 100},
    Field{.name = "DiskChargePrepaids", .type = Type::objects, .members = disk_prepaid_fields},
    Field{.name = "NewDeadline", .type = Type::string},
    Field{.name = "ProjectId", .type = Type::unsigned_integer},
};

// The number of months to pay for each disk.
Result<std::vector<std::chrono::months>> read_months(const Params& params, std::span<const state::PlacedDisk> disks)
{
    if (params.has("NewDeadline") && params.has("DiskChargePrepaids"))
        return error(Errc::invalid_parameter_exclusive, "NewDeadline", "DiskChargePrepaids");
    std::vector<std::chrono::months> months;
    if (const auto text = params.string("NewDeadline")) {
        const auto deadline = state::parse_beijing_time(*text);
        for (const state::PlacedDisk& placed : disks) {
            if (!deadline || *deadline <= placed.disk.expires_at.value())
                return error(Errc::invalid_parameter_value, *text, "NewDeadline");
            months.push_back(state::months_to_reach(*placed.disk.expires_at, *deadline));
        }
        return months;
    }
    const auto prepaids = params.objects("DiskChargePrepaids");
    if (prepaids.empty())
        return error(Errc::missing_parameter, "DiskChargePrepaids");
    if (prepaids.size() != disks.size())
        return error(Errc::invalid_parameter_value, std::to_string(prepaids.size()), "DiskChargePrepaids");
    for (std::size_t i = 0; i < disks.size(); ++i) {
        const auto terms =
            read_disk_terms(disks[i].disk.expires_at.value(), prepaids[i], "DiskChargePrepaids." + std::to_string(i));
        if (!terms)
            return terms.error();
        months.push_back(terms->to_pay);
    }
    return months;
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto disks = load_disks(context, params.strings("DiskIds"), "DiskIds");
    if (!disks)
        return disks.error();
    if (auto refusal = refuse_disks_without_expiry(*disks))
        return *refusal;
    const auto months = read_months(params, *disks);
    if (!months)
        return months.error();

    state::Price sum;
    for (std::size_t i = 0; i < disks->size(); ++i)
        sum = sum + state::disk_price(context.catalog.prices, (*disks)[i].disk, (*months)[i]);
    json::object price = prepaid_disk_item(sum);
    price["DetailPrices"] = json::array{named_disk_item(prepaid_disk_item(sum), "DiskSpace", "云硬盘空间")};
    json::object answer;
    answer["DiskPrice"] = std::move(price);
    return answer;
}

} // namespace

extern const Action action{
    .name = "InquiryPriceRenewDisks",
    .product = "cbs",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::inquiry_price_renew_disks
