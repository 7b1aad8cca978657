#include "server/api/action.hpp"
#include "server/api/host_checks.hpp"
#include "server/api/price_json.hpp"
#include "server/api/renewal_request.hpp"
#include "state/rules/host.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::inquiry_price_renew_hosts {

namespace {

constexpr std::array fields{
    host_ids_field,
    host_prepaid_field,
    Field{.name = "DryRun", .type = Type::boolean},
};

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto terms = renewal_terms(params.object("HostChargePrepaid").value(), params);
    const auto hosts = load_renewable_hosts(context, params.strings("HostIds"), terms.period.count());
    if (!hosts)
        return hosts.error();
    boost::json::object answer;
    if (params.boolean("DryRun").value_or(false))
        return answer;
    state::Price sum;
    for (const Host& host : *hosts)
        sum = sum + state::host_price(context.catalog.prices, host, terms.period);
    answer["Price"] = boost::json::object{{"HostPrice", short_item(sum)}};
    return answer;
}

} // namespace

extern const Action action{
    .name = "InquiryPriceRenewHosts",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::inquiry_price_renew_hosts
