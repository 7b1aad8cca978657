#include "server/api/action.hpp"
#include "server/api/network_json.hpp"
#include "server/api/network_list.hpp"
#include "server/api/pagination_token.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::describe_subnets {

namespace json = boost::json;

namespace {

constexpr std::array fields{
    Field{.name = "SubnetIds", .type = Type::strings, .max_items = max_ids_of_list},
    filters_field,
    text_offset_field,
    text_limit_field,
    Field{.name = "MaxResults", .type = Type::unsigned_integer, .min = 1, .max = 100},
    Field{.name = "NextToken", .type = Type::string},
};

using OfSubnet = Tagged<state::Subnet>;
using Words = std::vector<std::string>;
constexpr std::array<TextFilter<OfSubnet>, 9> filters{{
    {"subnet-id", [](const OfSubnet& of) { return Words{of.thing.id}; }},
    {"vpc-id", [](const OfSubnet& of) { return Words{of.thing.vpc_id}; }},
    {"cidr-block", [](const OfSubnet& of) { return cidr_words(of.thing.cidr); }},
    {"is-default", [](const OfSubnet& of) { return boolean_words(of.thing.is_default); }},
    {"is-remote-vpc-snat", [](const OfSubnet&) { return boolean_words(false); }},
    {"subnet-name", [](const OfSubnet& of) { return Words{of.thing.name}; }},
    {"zone", [](const OfSubnet& of) { return Words{of.thing.zone}; }},
    {"tag-key", tag_keys<state::Subnet>},
    {"tag:", nullptr, false, values_of_tag<state::Subnet>},
}};

// Everything that calls for the pages of one list have in common.
std::string request_of(const Context& context, const Params& params)
{
    std::string request = "DescribeSubnets " + std::string{context.call.region};
    for (const std::string& id : params.strings("SubnetIds"))
        request += "\n" + id;
    for (const Filter& filter : read_filters(params)) {
        request += "\n" + filter.name;
        for (const std::string& value : filter.values)
            request += "\t" + value;
    }
    return request;
}

// The window of Offset and Limit, or of MaxResults and NextToken if one of these is given.
Result<Window> read_page(const Params& params, const std::string& request, std::int64_t total)
{
    if (!params.has("MaxResults") && !params.has("NextToken"))
        return read_text_page(params, total);
    const std::string token = params.string("NextToken").value_or("");
    const auto offset = read_pagination_token(token, request);
    if (!offset)
        return error(Errc::invalid_parameter_value_malformed, token, "NextToken");
    return window(total, *offset, params.integer("MaxResults").value_or(default_limit));
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto chosen = choose<state::Subnet>(
        context, params, "SubnetIds", "subnet",
        context.store.networks().list_subnets(context.call.account.uin, context.call.region), filters);
    if (!chosen)
        return chosen.error();
    const std::int64_t total = std::ssize(*chosen);
    const std::string request = request_of(context, params);
    const auto page = read_page(params, request, total);
    if (!page)
        return page.error();
    std::map<std::string, std::int64_t, std::less<>> used;
    if (page->begin < page->end)
        used = used_addresses(context);
    auto set = write_page<state::Subnet>(context, *chosen, *page, [&](const state::Subnet& subnet, const auto& tags) {
        return to_json(subnet, tags, used[subnet.id]);
    });
    const bool more = page->end < total && (params.has("MaxResults") || params.has("NextToken"));
    return json::object{{"TotalCount", total},
                        {"SubnetSet", std::move(set)},
                        {"NextToken", more ? pagination_token(request, page->end) : ""}};
}

} // namespace

extern const Action action{
    .name = "DescribeSubnets",
    .product = "vpc",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_subnets
