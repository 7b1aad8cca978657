#include "server/api/bills.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::describe_bill_summary_by_region {

namespace json = boost::json;

namespace {

constexpr std::array fields{
    Field{.name = "BeginTime", .type = Type::string, .required = true},
    Field{.name = "EndTime", .type = Type::string, .required = true},
    Field{.name = "PayerUin", .type = Type::string},
};

Result<Answer> handle(const Context& context, const Params& params)
{
    return answer_summary(context, params, [&](const Billed& billed) {
        const BillName region = region_name(context, billed.region);
        return json::object{{"RegionId", region.code}, {"RegionName", region.name}};
    });
}

} // namespace

extern const Action action{
    .name = "DescribeBillSummaryByRegion",
    .product = "billing",
    .version = "2018-07-09",
    .region = Region::unused,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_bill_summary_by_region
