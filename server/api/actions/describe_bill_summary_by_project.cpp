#include "server/api/bills.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::describe_bill_summary_by_project {

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
        return json::object{{"ProjectId", std::to_string(billed.project_id)},
                            {"ProjectName", project_name(context, billed.project_id)}};
    });
}

} // namespace

extern const Action action{
    .name = "DescribeBillSummaryByProject",
    .product = "billing",
    .version = "2018-07-09",
    .region = Region::unused,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_bill_summary_by_project
