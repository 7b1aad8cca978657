#include "server/api/bills.hpp"
#include "server/api/tagged_resources.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace cvm::api::describe_bill_summary_by_tag {

namespace json = boost::json;

namespace {

constexpr std::array fields{
    Field{.name = "BeginTime", .type = Type::string, .required = true},
    Field{.name = "EndTime", .type = Type::string, .required = true},
    Field{.name = "TagKey", .type = Type::string, .required = true},
    Field{.name = "PayerUin", .type = Type::string},
    Field{.name = "TagValue", .type = Type::string},
};

bool has_key(const std::vector<state::KeyValue>& tags, std::string_view key)
{
    return std::ranges::count(tags, key, &state::KeyValue::key) > 0;
}

// Whether a resource of the bill or, failing that, any resource of the account has a tag with this key.
bool key_exists(const Context& context, const std::vector<Billed>& bill, std::string_view key)
{
    return std::ranges::any_of(bill, [&](const Billed& billed) { return has_key(billed.tags, key); }) ||
           std::ranges::any_of(tagged_resources(context),
                               [&](const TaggedResource& resource) { return has_key(resource.tags, key); });
}

Result<Answer> handle(const Context& context, const Params& params)
{
    if (auto refused = refuse_other_payer(context, params))
        return *refused;
    const auto month = read_summary_month(params);
    if (!month)
        return month.error();
    const std::string key = params.string("TagKey").value();
    std::vector<Billed> bill;
    for (state::BillEntry& entry : list_bill(context, *month))
        bill.push_back(described(context, std::move(entry)));
    if (!key_exists(context, bill, key))
        return error(Errc::failed_operation_tag_key_not_exist, key);
    if (const auto value = params.string("TagValue"))
        std::erase_if(bill, [&](const Billed& billed) { return tag_value(billed, key) != *value; });
    state::BillSum whole;
    for (const Billed& billed : bill)
        whole.add(billed.entry);
    const auto names_of = [&](const Billed& billed) { return json::object{{"TagValue", tag_value(billed, key)}}; };
    return json::object{
        {"Ready", 1},
        {"SummaryOverview", summary(bill, names_of, std::nullopt)},
        {"SummaryTotal",
         {{"RealTotalCost", bill_amount(whole.paid.total())}, {"TotalCost", bill_amount(whole.original)}}}};
}

} // namespace

extern const Action action{
    .name = "DescribeBillSummaryByTag",
    .product = "billing",
    .version = "2018-07-09",
    .region = Region::unused,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_bill_summary_by_tag
