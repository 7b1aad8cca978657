#include "server/api/settle.hpp"

#include "state/operations.hpp"

namespace cvm::api {

void settle(state::Store& store, std::string_view uin, state::Instant now)
{
    const auto due = store.due_instances(uin, now);
    if (due.empty())
        return;
    state::Transaction transaction{store};
    for (const state::Instance& instance : due)
        store.save_instance(uin, state::settled(instance, now));
    transaction.commit();
}

} // namespace cvm::api
