#include "server/api/action.hpp"
#include "server/api/each_instance.hpp"
#include "server/api/filter.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <span>

namespace cvm::api::describe_account_quota {

namespace json = boost::json;

namespace {

constexpr std::array fields{
    filters_field,
};

// The quotas of an account (assumed: fixtures/catalog/actions/DescribeAccountQuota.json).
constexpr std::int64_t max_instances = 500; // for each zone and charge type
constexpr std::int64_t max_at_once = 500;   // InstanceCount of RunInstances
constexpr std::int64_t max_spot_cores = 500;
constexpr std::int64_t max_images = 100;

// A kind of quota, which is an item of the filter quota-type. A zonal kind has one entry for each zone.
struct QuotaKind {
    std::string_view name;
    std::string_view zone; // empty for a kind without zones
};

using Words = std::vector<std::string>;
constexpr std::array<TextFilter<QuotaKind>, 2> quota_filters{{
    {"zone", [](const QuotaKind& kind) { return Words{std::string{kind.zone}}; }},
    {"quota-type", [](const QuotaKind& kind) { return Words{std::string{kind.name}}; }},
}};
constexpr std::size_t max_quota_values = 100;

// What the instances of a zone use of its quotas.
struct Use {
    std::int64_t hourly = 0;     // instances
    std::int64_t prepaid = 0;    // bought in this month (UTC+8)
    std::int64_t spot_cores = 0; // cores
};

std::chrono::year_month month_in_beijing(state::Instant instant)
{
    const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(instant + state::beijing_offset)};
    return {day.year(), day.month()};
}

std::map<std::string, Use, std::less<>> uses(const Context& context)
{
    std::map<std::string, Use, std::less<>> by_zone;
    const auto month = month_in_beijing(context.call.now);
    for_each_instance(context.store, context.call.account.uin, context.call.region, [&](const state::Instance& one) {
        Use& use = by_zone[one.zone];
        if (one.charge_type == state::ChargeType::postpaid_by_hour)
            ++use.hourly;
        else if (one.charge_type == state::ChargeType::spotpaid)
            use.spot_cores += one.cpu;
        else if (state::pays_ahead(one.charge_type) && month_in_beijing(one.created_at) == month)
            ++use.prepaid;
    });
    return by_zone;
}

// A quota counts as used up if a rule refuses calls of the account for it.
json::object quota(std::int64_t used, std::int64_t most, bool used_up)
{
    const std::int64_t total = used_up ? used : std::max(used, most);
    return {{"UsedQuota", used}, {"RemainingQuota", total - used}, {"TotalQuota", total}};
}

std::int64_t own_images(const Context& context)
{
    return std::ranges::count(context.catalog.images, "PRIVATE_IMAGE", &Image::type);
}

json::object groups()
{
    return {{"GroupQuota", 10},
            {"CurrentNum", 0}, // this server has no placement groups
            {"CvmInHostGroupQuota", 50},
            {"CvmInSwitchGroupQuota", 20},
            {"CvmInRackGroupQuota", 30}};
}

// The AppId, the vendor's second number of an account; here derived from the Uin.
std::int64_t app_id(std::string_view uin)
{
    constexpr std::int64_t first = 1'250'000'000;
    constexpr std::int64_t many = 100'000'000;
    std::int64_t number = 0;
    for (const char digit : uin)
        number = (number * 10 + (digit - '0')) % many;
    return first + number;
}

std::optional<Error> check_quota_filters(std::string_view region, std::span<const Filter> given)
{
    if (auto problem = check_filters<QuotaKind>(quota_filters, given, max_quota_values))
        return problem;
    for (const Filter& filter : given)
        for (const std::string& value : filter.values)
            if (filter.name == "zone" && region_of_zone(value) != region)
                return error(Errc::invalid_zone_mismatch_region, value, region);
    return std::nullopt;
}

json::object quotas(const Context& context, std::span<const Filter> given)
{
    const auto by_zone = uses(context);
    const auto rules = context.store.rule_codes(context.call.account.uin, {});
    const bool used_up = std::ranges::find(rules, code_of(Errc::limit_exceeded_instance_quota)) != rules.end();
    json::array hourly;
    json::array prepaid;
    json::array spot;
    const auto add = [&](json::array& set, std::string_view kind, const Zone& zone, json::object entry) {
        if (!passes<QuotaKind>({kind, zone.name}, quota_filters, given))
            return;
        entry["Zone"] = zone.name;
        set.push_back(std::move(entry));
    };
    for (const Zone& zone : context.catalog.zones) {
        if (zone.region != context.call.region)
            continue;
        const auto at = by_zone.find(zone.name);
        const Use use = at != by_zone.end() ? at->second : Use{};
        add(hourly, "PostPaidQuotaSet", zone, quota(use.hourly, max_instances, used_up));
        json::object months = quota(use.prepaid, max_instances, used_up);
        months["OnceQuota"] = max_at_once;
        add(prepaid, "PrePaidQuotaSet", zone, std::move(months));
        add(spot, "SpotPaidQuotaSet", zone, quota(use.spot_cores, max_spot_cores, used_up));
    }
    json::array images;
    json::array placement_groups;
    // A zone filter does not apply to kinds without zones.
    std::vector<Filter> for_all{given.begin(), given.end()};
    std::erase_if(for_all, [](const Filter& filter) { return filter.name == "zone"; });
    if (passes<QuotaKind>({"ImageQuotaSet", {}}, quota_filters, for_all))
        images.push_back(json::object{{"UsedQuota", own_images(context)}, {"TotalQuota", max_images}});
    if (passes<QuotaKind>({"DisasterRecoverGroupQuotaSet", {}}, quota_filters, for_all))
        placement_groups.push_back(groups());
    return {{"PostPaidQuotaSet", std::move(hourly)},
            {"PrePaidQuotaSet", std::move(prepaid)},
            {"SpotPaidQuotaSet", std::move(spot)},
            {"ImageQuotaSet", std::move(images)},
            {"DisasterRecoverGroupQuotaSet", std::move(placement_groups)}};
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto given = read_filters(params);
    if (auto problem = check_quota_filters(context.call.region, given))
        return *std::move(problem);
    json::object answer;
    answer["AppId"] = app_id(context.call.account.uin);
    answer["AccountQuotaOverview"] =
        json::object{{"Region", context.call.region}, {"AccountQuota", quotas(context, given)}};
    return answer;
}

} // namespace

extern const Action action{
    .name = "DescribeAccountQuota",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_account_quota
