#include "server/api/instance_list.hpp"

#include "server/api/instance_checks.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace cvm::api {

namespace {

// Instances that are read at a time while filters look at all of them.
constexpr std::int64_t scan_step = 1000;

std::vector<state::Instance> named(state::Store& store, const Call& call, const std::set<std::string>& ids)
{
    std::vector<state::Instance> found;
    for (const std::string& id : ids) {
        auto instance = store.find_instance(call.account.uin, id);
        if (instance && instance->region == call.region)
            found.push_back(*std::move(instance));
    }
    std::ranges::stable_sort(found, std::ranges::greater{}, &state::Instance::created_at);
    return found;
}

std::vector<state::Instance> filtered(state::Store& store, const Call& call, std::span<const Filter> filters)
{
    std::vector<state::Instance> found;
    for (state::Page page{.offset = 0, .limit = scan_step};; page.offset += scan_step) {
        auto some = store.list_instances(call.account.uin, call.region, page);
        const bool last = std::ssize(some) < scan_step;
        std::ranges::copy_if(std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()),
                             std::back_inserter(found),
                             [&](const state::Instance& instance) { return passes(instance, filters); });
        if (last)
            return found;
    }
}

// Those that are seen, cut to the page.
InstanceList cut(std::vector<state::Instance> all, state::Page page, const Call& call)
{
    if (call.hidden)
        std::erase_if(all, call.hidden);
    const auto total = std::ssize(all);
    const auto [begin, end] = window(total, page.offset, page.limit);
    return {total, {std::make_move_iterator(all.begin() + begin), std::make_move_iterator(all.begin() + end)}};
}

} // namespace

Result<InstanceList> list_instances(const Context& context, const Params& params, std::span<const Filter> filters)
{
    const state::Page page{params.integer("Offset").value_or(0), params.integer("Limit").value_or(default_limit)};
    const auto given = params.strings("InstanceIds");
    if (!given.empty()) {
        const std::set<std::string> ids{given.begin(), given.end()};
        if (auto problem = check_instance_ids(context.action, std::vector<std::string>{ids.begin(), ids.end()}))
            return *std::move(problem);
        return cut(named(context.store, context.call, ids), page, context.call);
    }
    if (!filters.empty() || context.call.hidden)
        return cut(filtered(context.store, context.call, filters), page, context.call);
    return InstanceList{context.store.count_instances(context.call.account.uin, context.call.region),
                        context.store.list_instances(context.call.account.uin, context.call.region, page)};
}

} // namespace cvm::api
