#include "server/api/lighthouse.hpp"
#include "server/api/price_json.hpp"
#include "server/api/renewal_request.hpp"

namespace cvm::api::inquire_price_renew_instances {

namespace {

constexpr std::array fields{
    Field{.name = "InstanceIds", .type = Type::strings, .required = true, .max_items = 50},
    Field{.name = "InstanceChargePrepaid", .type = Type::object, .required = true, .members = prepaid_fields},
    Field{.name = "RenewDataDisk", .type = Type::boolean},
    Field{.name = "AlignInstanceExpiredTime", .type = Type::boolean},
};

namespace json = boost::json;

constexpr std::array<std::int64_t, 14> periods{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 24, 36};

state::Cents month_of(const Context& context, const state::Instance& instance)
{
    return state::instance_price(context.catalog.prices, instance, std::chrono::months{1}).original;
}

// The price of each period. Discounts are of the common kind (documented in the example; other kinds do not exist
// here).
json::array discounts(const Context& context, const state::Instance& instance)
{
    json::array steps;
    for (const std::int64_t period : periods) {
        const state::Price price = state::instance_price(context.catalog.prices, instance, std::chrono::months{period});
        const double discount = percent(price);
        const bool reduced = price.discounted < price.original;
        steps.push_back(json::object{
            {"TimeSpan", period},
            {"TimeUnit", "m"},
            {"Discount", discount},
            {"PolicyDetail", json::object{{"UserDiscount", 100},
                                          {"CommonDiscount", discount},
                                          {"ActivityDiscount", reduced ? json::value(100) : json::value(nullptr)},
                                          {"FinalDiscount", discount},
                                          {"DiscountType", reduced ? json::value("common") : json::value(nullptr)}}},
            {"TotalCost", main_units(price.original)},
            {"RealTotalCost", main_units(price.discounted)}});
    }
    return steps;
}

// The renewals of an instance's elastic disks for the period or, if `aligned`, until the new expiry of the instance.
std::vector<state::DiskRenewal> renewals_of_disks(const Context& context, const state::Instance& instance,
                                                  const state::RenewalTerms& terms, bool aligned)
{
    if (aligned)
        return state::renewal_price(context.catalog.prices, instance, terms).disks;
    std::vector<state::DiskRenewal> renewals;
    for (const state::Disk& disk : instance.disks)
        if (state::renewable_alone(disk))
            renewals.push_back({.disk_id = disk.id,
                                .from = disk.expires_at.value(),
                                .period = terms.period,
                                .price = state::disk_price(context.catalog.prices, disk, terms.period)});
    return renewals;
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto instances = lighthouse::load_instances(context, params.strings("InstanceIds"));
    if (!instances)
        return instances.error();
    auto terms = renewal_terms(params.object("InstanceChargePrepaid").value(), params);
    terms.portable_data_disks = true;
    const bool with_disks = params.boolean("RenewDataDisk").value_or(false);
    const bool aligned = params.boolean("AlignInstanceExpiredTime").value_or(false);

    state::Price total{};
    json::array disks;
    json::array details;
    for (const state::Instance& instance : *instances) {
        if (auto problem = lighthouse::refuse_period(terms.period.count(), instance.expires_at.value(),
                                                     "InstanceChargePrepaid.Period"))
            return *problem;
        const state::Price price = state::instance_price(context.catalog.prices, instance, terms.period);
        total = total + price;
        details.push_back(
            json::object{{"InstanceId", instance.id},
                         {"InstancePrice", lighthouse::instance_price(month_of(context, instance), price)},
                         {"DiscountDetail", discounts(context, instance)}});
        if (!with_disks)
            continue;
        for (const state::DiskRenewal& renewal : renewals_of_disks(context, instance, terms, aligned)) {
            const state::Cents month{renewal.price.original.value / renewal.period.count()};
            json::object item{{"DiskId", renewal.disk_id}};
            for (auto& member : lighthouse::disk_price(month, renewal.price))
                item.insert(member);
            item["InstanceId"] = instance.id;
            disks.push_back(std::move(item));
            total = total + renewal.price;
        }
    }
    return json::object{{"Price", json::object{{"InstancePrice", details.at(0).at("InstancePrice")}}},
                        {"DataDiskPriceSet", std::move(disks)},
                        {"InstancePriceDetailSet", std::move(details)},
                        {"TotalPrice", json::object{{"OriginalPrice", main_units(total.original)},
                                                    {"DiscountPrice", main_units(total.discounted)}}}};
}

} // namespace

extern const Action action{
    .name = "InquirePriceRenewInstances",
    .product = "lighthouse",
    .version = "2020-03-24",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::inquire_price_renew_instances
