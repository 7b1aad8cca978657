#include "server/api/unused_id.hpp"

namespace cvm::api {

std::string unused_id(state::Store& store, state::Account& account, std::string_view prefix)
{
    for (;;) {
        auto id = state::next_resource_id(account, prefix);
        if (!store.find_instance(account.uin, id) && !store.find_disk(account.uin, id))
            return id;
    }
}

} // namespace cvm::api
