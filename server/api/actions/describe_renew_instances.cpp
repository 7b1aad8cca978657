#include "server/api/action.hpp"
#include "server/api/renewable.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace cvm::api::describe_renew_instances {

namespace json = boost::json;

namespace {

constexpr std::array fields{
    Field{.name = "MaxResults", .type = Type::unsigned_integer, .required = true, .min = 1, .max = 100},
    Field{.name = "NextToken", .type = Type::string},
    Field{.name = "Reverse", .type = Type::boolean},
    Field{.name = "RenewFlagList", .type = Type::strings, .words = state::Names<state::RenewFlag>::all},
    Field{.name = "InstanceIdList", .type = Type::strings, .max_items = 100},
    Field{.name = "ExpireTimeStart", .type = Type::string},
    Field{.name = "ExpireTimeEnd", .type = Type::string},
};

// The end of a page: the expiry and the id of its last item.
using Position = std::pair<state::Instant, std::string>;

Position position_of(const Renewable& item) { return {item.expires_at, item.id}; }

std::string token_of(const Renewable& item)
{
    return std::to_string(item.expires_at.time_since_epoch().count()) + "_" + item.id;
}

std::optional<Position> read_token(std::string_view token)
{
    std::int64_t seconds = 0;
    const auto [end, ec] = std::from_chars(token.data(), token.data() + token.size(), seconds);
    const auto used = static_cast<std::size_t>(end - token.data());
    if (ec != std::errc{} || used == token.size() || token[used] != '_')
        return std::nullopt;
    return Position{state::Instant{std::chrono::seconds{seconds}}, std::string{token.substr(used + 1)}};
}

json::object to_json(const Renewable& item)
{
    const bool years = item.renew_months >= 12 && item.renew_months % 12 == 0;
    return {{"InstanceId", item.id},
            {"ProductCode", item.product},
            {"SubProductCode", item.sub_product},
            {"RegionCode", item.region},
            {"Status", item.isolated ? "ISOLATED" : "NORMAL"},
            {"RenewFlag", name(item.renew_flag)},
            {"ExpireTime", state::format_beijing_time(item.expires_at)},
            {"InstanceName", item.name},
            {"ProductName", item.product_name},
            {"ProjectName", item.project_id == 0 ? std::string{"默认项目"} : std::to_string(item.project_id)},
            {"RenewPeriod", years ? item.renew_months / 12 : item.renew_months},
            {"RenewPeriodUnit", years ? "y" : "m"}};
}

Result<std::vector<Renewable>> select(const Context& context, const Params& params)
{
    const auto flags = params.strings("RenewFlagList");
    const auto ids = params.strings("InstanceIdList");
    std::array<state::Instant, 2> span{state::earliest, state::latest};
    for (std::size_t i = 0; i < span.size(); ++i) {
        const std::string_view name = i == 0 ? "ExpireTimeStart" : "ExpireTimeEnd";
        if (const auto text = params.string(name)) {
            const auto time = state::parse_beijing_time(*text);
            if (!time)
                return error(Errc::invalid_parameter_value, *text, name);
            span.at(i) = *time;
        }
    }
    auto items = list_renewables(context);
    std::erase_if(items, [&](const Renewable& item) {
        return (!flags.empty() && std::ranges::count(flags, name(item.renew_flag)) == 0) ||
               (!ids.empty() && std::ranges::count(ids, item.id) == 0) || item.expires_at < span[0] ||
               item.expires_at > span[1];
    });
    return items;
}

Result<Answer> handle(const Context& context, const Params& params)
{
    auto selected = select(context, params);
    if (!selected)
        return selected.error();
    std::vector<Renewable>& items = *selected;
    const bool reverse = params.boolean("Reverse").value_or(false);
    if (reverse)
        std::ranges::sort(items, std::ranges::greater{}, position_of);
    else
        std::ranges::sort(items, {}, position_of);
    if (const auto token = params.string("NextToken")) {
        const auto last = read_token(*token);
        if (!last)
            return error(Errc::invalid_parameter_next_token);
        std::erase_if(items, [&](const Renewable& item) {
            return reverse ? position_of(item) >= *last : position_of(item) <= *last;
        });
    }

    const auto most = static_cast<std::size_t>(params.integer("MaxResults").value());
    json::array list;
    for (const Renewable& item : std::span{items}.first(std::min(most, items.size())))
        list.push_back(to_json(item));
    json::object answer;
    answer["InstanceList"] = std::move(list);
    answer["NextToken"] = items.size() > most ? json::value(token_of(items[most - 1])) : json::value();
    return answer;
}

} // namespace

extern const Action action{
    .name = "DescribeRenewInstances",
    .product = "billing",
    .version = "2018-07-09",
    .region = Region::unused,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_renew_instances
