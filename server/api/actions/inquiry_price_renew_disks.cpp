#include "server/api/actions/actions.hpp"
#include "server/api/disk_checks.hpp"
#include "server/api/price_json.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api {

namespace json = boost::json;

namespace {

constexpr std::array prepaid_members{
    Field{.name = "Period", .type = Type::integer, .required = true},
    Field{.name = "RenewFlag", .type = Type::string, .words = state::Names<state::RenewFlag>::all},
    Field{.name = "CurInstanceDeadline", .type = Type::string},
};

constexpr std::array fields{
    Field{.name = "DiskIds", .type = Type::strings, .required = true, .max_items = 100},
    Field{.name = "DiskChargePrepaids", .type = Type::objects, .members = prepaid_members},
    Field{.name = "NewDeadline", .type = Type::string},
    Field{.name = "ProjectId", .type = Type::unsigned_integer},
};

// The months that each disk is to be paid for.
Result<std::vector<std::chrono::months>> read_months(const Params& params, std::span<const state::PlacedDisk> disks)
{
    std::vector<std::chrono::months> months;
    const auto time = [](const std::string& text, const std::string& path) -> Result<state::Instant> {
        if (const auto instant = state::parse_beijing_time(text))
            return *instant;
        return error(Errc::invalid_parameter_value, text, path);
    };
    if (const auto text = params.string("NewDeadline")) {
        const auto deadline = time(*text, "NewDeadline");
        if (!deadline)
            return deadline.error();
        for (const state::PlacedDisk& placed : disks)
            months.push_back(state::months_to_reach(placed.disk.expires_at.value(), *deadline));
        return months;
    }
    const auto prepaids = params.objects("DiskChargePrepaids");
    if (prepaids.empty())
        return error(Errc::missing_parameter, "DiskChargePrepaids");
    if (prepaids.size() != disks.size())
        return error(Errc::invalid_parameter_value, std::to_string(prepaids.size()), "DiskChargePrepaids");
    for (std::size_t i = 0; i < disks.size(); ++i) {
        const std::string path = "DiskChargePrepaids." + std::to_string(i);
        const auto period = prepaids[i].integer("Period").value();
        if (!is_disk_period(period))
            return error(Errc::invalid_parameter_value, std::to_string(period), path + ".Period");
        std::optional<state::Instant> deadline;
        if (const auto text = prepaids[i].string("CurInstanceDeadline")) {
            const auto read = time(*text, path + ".CurInstanceDeadline");
            if (!read)
                return read.error();
            deadline = *read;
        }
        months.push_back(months_to_pay(disks[i].disk, std::chrono::months{period}, deadline));
    }
    return months;
}

// A price in main units and, as text, once more; the members of what is paid by the hour are null.
json::object item(const state::Price& price)
{
    const double original = main_units(price.original);
    const double discounted = main_units(price.discounted);
    return {{"OriginalPrice", original},
            {"DiscountPrice", discounted},
            {"OriginalPriceHigh", exact(price.original)},
            {"DiscountPriceHigh", exact(price.discounted)},
            {"UnitPrice", nullptr},
            {"UnitPriceDiscount", nullptr},
            {"UnitPriceHigh", nullptr},
            {"UnitPriceDiscountHigh", nullptr},
            {"ChargeUnit", nullptr}};
}

Result<boost::json::object> handle(const Context& context, const Params& params)
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
    json::object detail = item(sum);
    detail["PriceTitle"] = "云硬盘空间";
    detail["PriceName"] = "DiskSpace";
    json::object price = item(sum);
    price["DetailPrices"] = json::array{std::move(detail)};
    json::object answer;
    answer["DiskPrice"] = std::move(price);
    return answer;
}

} // namespace

const Action inquiry_price_renew_disks{
    .name = "InquiryPriceRenewDisks",
    .product = "cbs",
    .version = "2017-03-12",
    .region = Region::required,
    .writes = false,
    .legacy = false,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api
