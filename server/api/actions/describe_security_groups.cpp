#include "server/api/action.hpp"
#include "server/api/network_json.hpp"
#include "server/api/network_list.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace cvm::api::describe_security_groups {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 2> order_fields{"CreatedTime", "UpdateTime"};
constexpr std::array<std::string_view, 2> directions{"ASC", "DESC"};
constexpr std::array fields{
    Field{.name = "SecurityGroupIds", .type = Type::strings, .max_items = max_ids_of_list},
    filters_field,
    text_offset_field,
    text_limit_field,
    Field{.name = "OrderField", .type = Type::string, .words = order_fields},
    Field{.name = "OrderDirection", .type = Type::string, .words = directions},
};

using OfGroup = Tagged<state::SecurityGroup>;
using Words = std::vector<std::string>;
constexpr std::array<TextFilter<OfGroup>, 5> filters{{
    {"security-group-id", [](const OfGroup& of) { return Words{of.thing.id}; }},
    {"project-id", [](const OfGroup& of) { return Words{std::to_string(of.thing.project_id)}; }},
    {"security-group-name", [](const OfGroup& of) { return Words{of.thing.name}; }},
    {"tag-key", tag_keys<state::SecurityGroup>},
    {"tag:", nullptr, false, values_of_tag<state::SecurityGroup>},
}};

void sort(std::vector<OfGroup>& groups, const Params& params)
{
    const auto field = params.string("OrderField");
    if (!field)
        return;
    const auto time = [&](const OfGroup& of) {
        return *field == "CreatedTime" ? of.thing.created_at : of.thing.updated_at;
    };
    if (params.string("OrderDirection") == "DESC")
        std::ranges::stable_sort(groups, std::ranges::greater{}, time);
    else
        std::ranges::stable_sort(groups, {}, time);
}

Result<Answer> handle(const Context& context, const Params& params)
{
    auto chosen = choose<state::SecurityGroup>(
        context, params, "SecurityGroupIds", "sg",
        context.store.networks().list_security_groups(context.call.account.uin, context.call.region), filters);
    if (!chosen)
        return chosen.error();
    sort(*chosen, params);
    const auto page = read_text_page(params, std::ssize(*chosen));
    if (!page)
        return page.error();
    auto set = write_page<state::SecurityGroup>(
        context, *chosen, *page,
        [](const state::SecurityGroup& group, const auto& tags) { return to_json(group, tags); });
    return json::object{{"SecurityGroupSet", std::move(set)}, {"TotalCount", std::ssize(*chosen)}};
}

} // namespace

extern const Action action{
    .name = "DescribeSecurityGroups",
    .product = "vpc",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_security_groups
