#pragma once

#include "state/store/store.hpp"

#include <string_view>

namespace cvm::api {

// Calls use(instance) for all instances of a region, newest first, without loading all of them into memory.
template <class F>
void for_each_instance(state::Store& store, std::string_view uin, std::string_view region, F use)
{
    constexpr std::int64_t step = 1000;
    for (state::Page page{.offset = 0, .limit = step};; page.offset += step) {
        const auto some = store.list_instances(uin, region, page);
        for (const state::Instance& instance : some)
            use(instance);
        if (std::ssize(some) < step)
            return;
    }
}

} // namespace cvm::api
