#include "server/api/filter.hpp"

namespace cvm::api {

std::vector<Filter> read_filters(const Params& params)
{
    std::vector<Filter> filters;
    for (const Params& filter : params.objects("Filters"))
        filters.push_back({filter.string("Name").value(), filter.strings("Values")});
    return filters;
}

std::vector<std::string> tag_texts(const std::vector<state::KeyValue>& tags, std::string state::KeyValue::*member)
{
    std::vector<std::string> texts;
    for (const state::KeyValue& tag : tags)
        texts.push_back(tag.*member);
    return texts;
}

std::vector<std::string> tag_values(const std::vector<state::KeyValue>& tags, std::string_view key)
{
    std::vector<std::string> values;
    for (const state::KeyValue& tag : tags)
        if (tag.key == key)
            values.push_back(tag.value);
    return values;
}

} // namespace cvm::api
