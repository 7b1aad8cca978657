#include "server/api/action.hpp"
#include "server/api/disk_growth.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/orders.hpp"
#include "server/api/persist.hpp"
#include "state/store/account_repository.hpp"

#include <boost/json.hpp>

namespace cvm::api::resize_instance_disks {

namespace {

Result<Answer> handle(const Context& context, const Params& params)
{
    auto growth = read_disk_growth(context, params);
    if (!growth)
        return growth.error();
    state::Bookkeeper books = open_books(context.call);
    if (auto refusal = pay_for(context, books, growth->change))
        return *refusal;
    begin_operation(context, growth->change.after);
    save(context, std::move(growth->change.after));
    state::save(context.store, books);
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "ResizeInstanceDisks",
    .writes = true,
    .fields = disk_growth_fields,
    .handle = handle,
};

} // namespace cvm::api::resize_instance_disks
