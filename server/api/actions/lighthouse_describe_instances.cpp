#include "server/api/instance_list.hpp"
#include "server/api/lighthouse.hpp"
#include "server/api/page.hpp"
#include "state/model/lighthouse.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace cvm::api::lighthouse_describe_instances {

namespace {

constexpr std::array<std::string_view, 1> order_fields{"EXPIRED_TIME"};

constexpr std::array fields{
    instance_ids_field,
    filters_field,
    signed_offset_field,
    signed_limit_field,
    Field{.name = "OrderField", .type = Type::string, .words = order_fields},
    order_field,
};

namespace json = boost::json;

using state::Instance;
using Words = std::vector<std::string>;

constexpr std::array<TextFilter<Instance>, 9> filters{{
    {"instance-name", [](const Instance& i) { return Words{i.name}; }},
    {"private-ip-address", [](const Instance& i) { return i.attributes.private_ip_addresses; }},
    {"public-ip-address", [](const Instance& i) { return state::public_ip_addresses(i).value_or(Words{}); }},
    {"zone", [](const Instance& i) { return Words{i.zone}; }},
    {"instance-state", [](const Instance& i) { return Words{std::string{name(i.state)}}; }},
    {"bundle-id", [](const Instance& i) { return Words{i.type}; }},
    {"tag-key", [](const Instance& i) { return tag_texts(i.attributes.tags, &state::KeyValue::key); }},
    {"tag-value", [](const Instance& i) { return tag_texts(i.attributes.tags, &state::KeyValue::value); }},
    {.name = "tag:",
     .words = nullptr,
     .words_of_key = [](const Instance& i, std::string_view key) { return tag_values(i.attributes.tags, key); }},
}};

// Instances in the recycle bin come first, then the newest; ordered by expiry if requested (documented).
void sort(std::vector<Instance>& instances, const Params& params)
{
    if (!params.has("OrderField"))
        std::ranges::stable_partition(instances,
                                      [](const Instance& i) { return i.state == state::InstanceState::shutdown; });
    else
        sort_in_order(instances, params.string("Order").value_or("ASC"), &Instance::expires_at);
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto given = read_filters(params);
    if (auto problem = lighthouse::check_filters<Instance>(context, params, "InstanceIds", filters, given))
        return *problem;
    if (params.has("Order") && !params.has("OrderField"))
        return error(Errc::missing_parameter_order_field_required);
    const auto ids = params.strings("InstanceIds");
    auto named = lighthouse::load_instances(context, ids);
    if (!named)
        return named.error();
    std::vector<Instance> instances = *std::move(named);
    if (ids.empty())
        instances = context.store.list_instances(context.call.account.uin, state::lighthouse_scope(context.call.region),
                                                 {.offset = 0, .limit = std::numeric_limits<std::int64_t>::max()});
    std::erase_if(instances, [&](const Instance& instance) {
        return !passes<Instance>(instance, filters, given) || (context.call.hidden && context.call.hidden(instance));
    });
    sort(instances, params);
    const auto total = std::ssize(instances);
    const auto [begin, end] = read_page(params, total);
    json::array set;
    for (auto at = begin; at < end; ++at)
        set.push_back(lighthouse::to_json(context, instances[static_cast<std::size_t>(at)]));
    return json::object{{"TotalCount", total}, {"InstanceSet", std::move(set)}};
}

} // namespace

extern const Action action{
    .name = "DescribeInstances",
    .product = "lighthouse",
    .version = "2020-03-24",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::lighthouse_describe_instances
