#include "server/api/filter.hpp"

namespace cvm::api {

std::vector<Filter> read_filters(const Params& params)
{
    std::vector<Filter> filters;
    for (const Params& filter : params.objects("Filters"))
        filters.push_back({filter.string("Name").value(), filter.strings("Values")});
    return filters;
}

} // namespace cvm::api
