#include "server/api/action.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/orders.hpp"
#include "server/api/persist.hpp"
#include "server/api/type_change.hpp"
#include "state/store/account_repository.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::reset_instances_type {

namespace {

constexpr std::array fields{
    one_instance_id,
    new_type_field,
    Field{.name = "ForceStop", .type = Type::boolean},
};

Result<Answer> handle(const Context& context, const Params& params)
{
    auto change = read_type_change(context, params);
    if (!change)
        return change.error();
    state::Bookkeeper books = open_books(context.call);
    if (auto refusal = pay_for(context, books, *change))
        return *refusal;
    begin_operation(context, change->after, {change->after.state, state::InstanceState::running});
    save(context, std::move(change->after));
    state::save(context.store, books);
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "ResetInstancesType",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::reset_instances_type
