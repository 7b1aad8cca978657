#include "server/api/action.hpp"
#include "server/api/host_checks.hpp"
#include "server/api/orders.hpp"
#include "server/api/renewal_request.hpp"
#include "state/rules/host.hpp"
#include "state/store/account_repository.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::renew_hosts {

namespace {

constexpr std::array fields{
    host_ids_field,
    host_prepaid_field,
};

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto terms = renewal_terms(params.object("HostChargePrepaid").value(), params);
    const auto hosts = load_renewable_hosts(context, params.strings("HostIds"), terms.period.count());
    if (!hosts)
        return hosts.error();
    const std::string& uin = context.call.account.uin;
    if (context.store.has_unpaid_deal(uin))
        return error(Errc::invalid_account_unpaid_order);

    state::Bookkeeper books = open_books(context.call);
    for (const Host& host : *hosts) {
        const state::Price price = state::host_price(context.catalog.prices, host, terms.period);
        if (!books.buy(state::order_for(host, "renew", terms.period, price)))
            return error(Errc::invalid_account_insufficient_balance);
    }
    for (const Host& host : *hosts)
        context.store.renew_host(uin, state::renewed(host, terms.period, terms.renew_flag));
    state::save(context.store, books);
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "RenewHosts",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::renew_hosts
