#include "server/api/instance_list.hpp"

#include "server/api/instance_checks.hpp"

#include <algorithm>
#include <iterator>

namespace cvm::api {

namespace {

// Instances that are read at a time while filters look at all of them.
constexpr std::int64_t scan_step = 1000;

using Shared = std::shared_ptr<const state::Instance>;

// Those of the ids that are in the region, newest first and by id within a second.
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

std::vector<Shared> filtered(state::Store& store, const Call& call, std::span<const Filter> filters)
{
    std::vector<state::Instance> found;
    for (state::Page page{.offset = 0, .limit = scan_step};; page.offset += scan_step) {
        auto some = store.list_instances(call.account.uin, call.region, page);
        const bool last = std::ssize(some) < scan_step;
        std::ranges::copy_if(std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()),
                             std::back_inserter(found),
                             [&](const state::Instance& instance) { return passes(instance, filters); });
        if (last)
            return shared(std::move(found));
    }
}

// Those that are seen, cut to the page.
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
    if (!filters.empty() || context.call.hidden)
        return cut(filtered(context.store, context.call, filters), page, context.call);
    return InstanceList{context.store.count_instances(context.call.account.uin, context.call.region),
                        shared(context.store.list_instances(context.call.account.uin, context.call.region, page))};
}

} // namespace cvm::api
