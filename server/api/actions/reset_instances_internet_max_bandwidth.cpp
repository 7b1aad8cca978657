#include "server/api/action.hpp"
#include "server/api/bandwidth_change.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/orders.hpp"
#include "server/api/persist.hpp"
#include "state/store/account_repository.hpp"

#include <boost/json.hpp>

namespace cvm::api::reset_instances_internet_max_bandwidth {

namespace {

Result<Answer> handle(const Context& context, const Params& params)
{
    auto changes = read_bandwidth_changes(context, params);
    if (!changes)
        return changes.error();
    state::Bookkeeper books = open_books(context.call);
    for (InstanceChange& change : *changes) {
        if (auto refusal = pay_for(context, books, change))
            return *refusal;
        begin_operation(context, change.after);
        save(context, std::move(change.after));
    }
    state::save(context.store, books);
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "ResetInstancesInternetMaxBandwidth",
    .writes = true,
    .fields = bandwidth_change_fields,
    .handle = handle,
};

} // namespace cvm::api::reset_instances_internet_max_bandwidth
