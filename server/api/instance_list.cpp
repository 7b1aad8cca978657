#include "server/api/instance_list.hpp"

#include "server/api/instance_checks.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

namespace cvm::api {

namespace {

using Shared = std::shared_ptr<const state::Instance>;

// The instances of the region with these ids, newest first, and by id within the same second.
std::vector<Shared> named(state::Store& store, const Call& call, std::span<const std::string> ids)
{
    std::vector<Shared> found;
    found.reserve(ids.size());
    for (const std::string& id : ids)
        if (auto instance = store.view_instance(call.account.uin, id); instance && instance->region == call.region)
            found.push_back(std::move(instance));
    std::ranges::sort(found, [](const Shared& a, const Shared& b) {
        return a->created_at != b->created_at ? a->created_at > b->created_at : a->id < b->id;
    });
    return found;
}

std::vector<Shared> shared(std::vector<state::Instance> instances)
{
    std::vector<Shared> all;
    all.reserve(instances.size());
    for (state::Instance& instance : instances)
        all.push_back(std::make_shared<const state::Instance>(std::move(instance)));
    return all;
}

InstanceList shared(state::InstancePage page) { return {page.total, shared(std::move(page.instances))}; }

// The visible instances, cut to the page.
InstanceList cut(std::vector<Shared> all, state::Page page, const Call& call)
{
    if (call.hidden)
        std::erase_if(all, [&](const Shared& instance) { return call.hidden(*instance); });
    const auto total = std::ssize(all);
    const auto [begin, end] = window(total, page.offset, page.limit);
    all.erase(all.begin() + end, all.end());
    all.erase(all.begin(), all.begin() + begin);
    return {total, std::move(all)};
}

} // namespace

Result<InstanceList> list_instances(const Context& context, const Params& params, std::span<const Filter> filters)
{
    const state::Page page{params.integer("Offset").value_or(0), params.integer("Limit").value_or(default_limit)};
    if (auto ids = params.strings("InstanceIds"); !ids.empty()) {
        std::ranges::sort(ids);
        ids.erase(std::ranges::unique(ids).begin(), ids.end());
        if (auto problem = check_instance_ids(context.action, ids))
            return *std::move(problem);
        return cut(named(context.store, context.call, ids), page, context.call);
    }
    const std::string& uin = context.call.account.uin;
    const std::string_view region = context.call.region;
    if (context.call.hidden) {
        constexpr state::Page whole{.offset = 0, .limit = std::numeric_limits<std::int64_t>::max()};
        auto all = context.store.select_instances(uin, region, conditions(filters), whole).instances;
        return cut(shared(std::move(all)), page, context.call);
    }
    if (!filters.empty())
        return shared(context.store.select_instances(uin, region, conditions(filters), page));
    return InstanceList{context.store.count_instances(uin, region),
                        shared(context.store.list_instances(uin, region, page))};
}

} // namespace cvm::api
