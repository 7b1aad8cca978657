#include "server/api/action.hpp"
#include "server/api/network_json.hpp"
#include "server/api/network_list.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::describe_vpcs {

namespace json = boost::json;

namespace {

constexpr std::array fields{
    Field{.name = "VpcIds", .type = Type::strings, .max_items = max_ids_of_list},
    filters_field,
    text_offset_field,
    text_limit_field,
};

using OfVpc = Tagged<state::Vpc>;
using Words = std::vector<std::string>;
constexpr std::array<TextFilter<OfVpc>, 6> filters{{
    {"vpc-name", [](const OfVpc& of) { return Words{of.thing.name}; }, true},
    {"is-default", [](const OfVpc& of) { return boolean_words(of.thing.is_default); }},
    {"vpc-id", [](const OfVpc& of) { return Words{of.thing.id}; }},
    {"cidr-block", [](const OfVpc& of) { return cidr_words(of.thing.cidr); }},
    {"tag-key", tag_keys<state::Vpc>},
    {"tag:", nullptr, false, values_of_tag<state::Vpc>},
}};

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto chosen =
        choose<state::Vpc>(context, params, "VpcIds", "vpc",
                           context.store.networks().list_vpcs(context.call.account.uin, context.call.region), filters);
    if (!chosen)
        return chosen.error();
    const auto page = read_text_page(params, std::ssize(*chosen));
    if (!page)
        return page.error();
    auto set = write_page<state::Vpc>(context, *chosen, *page,
                                      [](const state::Vpc& vpc, const auto& tags) { return to_json(vpc, tags); });
    return json::object{{"TotalCount", std::ssize(*chosen)}, {"VpcSet", std::move(set)}};
}

} // namespace

extern const Action action{
    .name = "DescribeVpcs",
    .product = "vpc",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_vpcs
