#include "server/api/isolation.hpp"
#include "server/api/lighthouse.hpp"
#include "server/api/orders.hpp"
#include "server/api/persist.hpp"
#include "state/store/account_repository.hpp"

#include <algorithm>
#include <utility>

namespace cvm::api::isolate_instances {

namespace {

constexpr std::array fields{
    required_instance_ids,
    Field{.name = "IsolateDataDisk", .type = Type::boolean},
};

constexpr std::array works_in{state::InstanceState::running, state::InstanceState::stopped};
constexpr std::size_t max_resources = 20; // instances and data disks

Result<Answer> handle(const Context& context, const Params& params)
{
    auto instances = lighthouse::load_workable(context, params, works_in);
    if (!instances)
        return instances.error();
    const bool with_disks = params.boolean("IsolateDataDisk").value_or(true);
    std::size_t resources = instances->size();
    for (const state::Instance& instance : *instances)
        if (with_disks)
            resources += instance.disks.size() - 1;
    if (resources > max_resources)
        return error(Errc::limit_exceeded_isolate_resources_limit_exceeded, std::to_string(max_resources));

    state::Bookkeeper books = open_books(context.call);
    for (state::Instance& instance : *instances) {
        if (with_disks)
            release_disks(context, books, instance);
        isolate(context, books, instance);
        save(context, std::move(instance));
    }
    state::save(context.store, books);
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "IsolateInstances",
    .product = "lighthouse",
    .version = "2020-03-24",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::isolate_instances
