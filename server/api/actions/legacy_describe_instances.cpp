#include "server/api/action.hpp"
#include "server/api/legacy_instance.hpp"
#include "server/api/page.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace cvm::api::legacy_describe_instances {

namespace json = boost::json;

namespace {

constexpr std::array fields{
    Field{.name = "instanceIds", .type = Type::strings, .max_items = 100},
    Field{.name = "lanIps", .type = Type::strings},
    Field{.name = "searchWord", .type = Type::string},
    Field{.name = "status", .type = Type::integer},
    Field{.name = "projectId", .type = Type::unsigned_integer},
    Field{.name = "zoneId", .type = Type::unsigned_integer},
    Field{.name = "offset", .type = Type::unsigned_integer},
    Field{.name = "limit", .type = Type::integer, .min = 1, .max = 100},
};

bool has_address(const json::object& item, std::span<const std::string> addresses)
{
    const auto named = [&](const json::value& address) {
        return std::ranges::find(addresses, std::string_view{address.as_string()}) != addresses.end();
    };
    return named(item.at("lanIp")) || std::ranges::any_of(item.at("wanIpSet").as_array(), named);
}

bool passes(const json::object& item, const Params& params)
{
    const auto is = [&](std::string_view name) {
        const auto wanted = params.integer(name);
        return !wanted || item.at(name).as_int64() == *wanted;
    };
    const auto ids = params.strings("instanceIds");
    const auto named = [&](std::string_view name) {
        return std::ranges::find(ids, std::string_view{item.at(name).as_string()}) != ids.end();
    };
    const auto addresses = params.strings("lanIps");
    const std::string word = params.string("searchWord").value_or("");
    return (ids.empty() || named("unInstanceId") || named("instanceId")) &&
           (addresses.empty() || has_address(item, addresses)) &&
           std::string_view{item.at("instanceName").as_string()}.find(word) != std::string_view::npos && is("status") &&
           is("projectId") && is("zoneId");
}

Result<Answer> handle(const Context& context, const Params& params)
{
    json::array found;
    constexpr std::int64_t step = 1000;
    for (state::Page page{.offset = 0, .limit = step};; page.offset += step) {
        const auto some = context.store.list_instances(context.call.account.uin, context.call.region, page);
        for (const state::Instance& instance : some)
            if (json::object item = to_legacy_json(context.catalog, context.call.language, instance);
                passes(item, params) && !(context.call.hidden && context.call.hidden(instance)))
                found.push_back(std::move(item));
        if (std::ssize(some) < step)
            break;
    }
    const auto total = std::ssize(found);
    const auto [begin, end] =
        window(total, params.integer("offset").value_or(0), params.integer("limit").value_or(default_limit));
    return json::object{{"totalCount", total},
                        {"instanceSet", json::array(found.begin() + begin, found.begin() + end)}};
}

} // namespace

extern const Action action{
    .name = "DescribeInstances",
    .version = "",
    .legacy = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::legacy_describe_instances
