#include "server/api/action.hpp"
#include "server/api/offers.hpp"

#include <boost/json.hpp>

#include <set>
#include <string_view>

namespace cvm::api::describe_instance_family_configs {

namespace {

Result<Answer> handle(const Context& context, const Params& /*params*/)
{
    boost::json::array set;
    std::set<std::string_view> seen;
    for (const TypeInZone& offered : types_in_zones(context.catalog, context.call.region))
        if (seen.insert(offered.type->family).second)
            set.push_back(boost::json::object{{"InstanceFamilyName", offered.type->description},
                                              {"InstanceFamily", offered.type->family}});
    boost::json::object answer;
    answer["InstanceFamilyConfigSet"] = std::move(set);
    return answer;
}

} // namespace

extern const Action action{
    .name = "DescribeInstanceFamilyConfigs",
    .fields = {},
    .handle = handle,
};

} // namespace cvm::api::describe_instance_family_configs
