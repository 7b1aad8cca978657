#include "server/api/action.hpp"
#include "server/api/places.hpp"
#include "server/api/purchase.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::describe_internet_charge_type_configs {

namespace {

// The display names of internet_charge_types, in the same order.
const std::array<Names, internet_charge_types.size()>& descriptions()
{
    static const std::array<Names, internet_charge_types.size()> all{{
        {.en = "Monthly subscription by bandwidth", .zh = "按带宽包年包月计费"},
        {.en = "By traffic", .zh = "按流量计费"},
        {.en = "By hours of bandwidth", .zh = "按带宽使用时长计费"},
        {.en = "Bandwidth package", .zh = "带宽包计费"},
    }};
    return all;
}

Result<Answer> handle(const Context& context, const Params& /*params*/)
{
    boost::json::array set;
    for (std::size_t i = 0; i < internet_charge_types.size(); ++i)
        set.push_back(boost::json::object{{"InternetChargeType", internet_charge_types.at(i)},
                                          {"Description", in_language(descriptions().at(i), context.call.language)}});
    boost::json::object answer;
    answer["InternetChargeTypeConfigSet"] = std::move(set);
    return answer;
}

} // namespace

extern const Action action{
    .name = "DescribeInternetChargeTypeConfigs",
    .fields = {},
    .handle = handle,
};

} // namespace cvm::api::describe_internet_charge_type_configs
