#include "server/api/action.hpp"
#include "server/api/orders.hpp"
#include "server/api/persist.hpp"
#include "state/rules/renewal.hpp"
#include "state/rules/voucher.hpp"
#include "state/store/account_repository.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace cvm::api::pay_deals {

namespace {

constexpr std::array fields{
    Field{.name = "OrderIds", .type = Type::strings},
    Field{.name = "AutoVoucher", .type = Type::integer, .min = 0, .max = 1},
    Field{.name = "VoucherIds", .type = Type::strings},
    Field{.name = "BigDealIds", .type = Type::strings},
    Field{.name = "AgentPay", .type = Type::integer, .min = 0, .max = 4},
    Field{.name = "CpsUin", .type = Type::string},
};

// The orders that the call names; all of them must be unpaid.
Result<std::vector<state::Deal>> find_deals(state::Store& store, const state::Account& account, const Params& params)
{
    if (params.integer("AgentPay") == 2) // 0, 1, 3 and 4 are documented
        return error(Errc::invalid_parameter_value, "2", "AgentPay");
    if (params.has("OrderIds") && params.has("BigDealIds"))
        return error(Errc::invalid_parameter_exclusive, "OrderIds", "BigDealIds");
    const bool big = params.has("BigDealIds");
    const auto ids = params.strings(big ? "BigDealIds" : "OrderIds");
    if (ids.empty())
        return error(Errc::missing_parameter, "OrderIds");

    const auto all = store.list_unpaid_deals(account.uin);
    const auto id_of = big ? &state::Deal::big_deal_id : &state::Deal::order_id;
    for (const std::string& id : ids)
        if (!std::ranges::any_of(all, [&](const state::Deal& deal) { return deal.*id_of == id; }))
            return error(Errc::failed_operation_invalid_deal, id);
    std::vector<state::Deal> found;
    for (const state::Deal& deal : all)
        if (std::ranges::count(ids, deal.*id_of) > 0)
            found.push_back(deal);
    for (const state::Deal& deal : all)
        if (std::ranges::find(found, deal) == found.end() &&
            std::ranges::count(found, deal.big_deal_id, &state::Deal::big_deal_id) > 0)
            return error(Errc::failed_operation_need_pay_togeter, deal.order_id);
    return found;
}

// Executes a paid order: renews the resource by the ordered months from its expiry. False if the resource no longer
// exists, if it is to be released with its instance, or if its expiry would leave the calendar.
bool deliver(const Context& context, state::Deal& deal)
{
    const state::RenewalTerms terms{
        .period = std::chrono::months{deal.months}, .renew_flag = std::nullopt, .portable_data_disks = false};
    auto instance = context.store.find_instance(context.call.account.uin, deal.resource_id);
    auto disk = context.store.find_disk(context.call.account.uin, deal.resource_id);
    if (deal.action != "renew")
        return instance || disk;
    if (disk && !state::has_own_lifecycle(disk->disk))
        return false;
    const auto expiry = instance ? instance->expires_at : disk ? disk->disk.expires_at : std::nullopt;
    if (!expiry || !state::within_calendar(*expiry, terms.period))
        return false;
    deal.begins_at = *expiry;
    if (instance) {
        save(context, state::renewed(*std::move(instance), terms));
    } else {
        disk->disk.expires_at = state::add_months(*expiry, terms.period);
        save(context, *std::move(disk));
    }
    return true;
}

// Selects the vouchers for the payment: those that the call names or, with AutoVoucher, all. Refuses a named voucher
// that cannot pay any of the orders.
std::optional<Error> choose_vouchers(const Context& context, const Params& params,
                                     const std::vector<state::Deal>& deals, state::Bookkeeper& books)
{
    const auto ids = params.strings("VoucherIds");
    if (ids.empty() && params.integer("AutoVoucher") != 1)
        return std::nullopt;
    state::use_vouchers(context.store, books);
    if (ids.empty())
        return std::nullopt;
    std::erase_if(books.vouchers,
                  [&](const state::Voucher& voucher) { return std::ranges::count(ids, voucher.id) == 0; });
    for (const std::string& id : ids) {
        const auto voucher = std::ranges::find(books.vouchers, id, &state::Voucher::id);
        if (voucher == books.vouchers.end() || std::ranges::none_of(deals, [&](const state::Deal& deal) {
                return state::may_pay(*voucher, deal, context.call.now);
            }))
            return error(Errc::failed_operation_invalid_voucher, id);
    }
    return std::nullopt;
}

template <class Text>
void add_once(boost::json::array& list, const Text& text)
{
    const boost::json::value value(boost::json::string{text});
    if (std::ranges::find(list, value) == list.end())
        list.push_back(value);
}

Result<Answer> handle(const Context& context, const Params& params)
{
    auto deals = find_deals(context.store, context.call.account, params);
    if (!deals)
        return deals.error();
    state::Bookkeeper books = open_books(context.call);
    if (auto refused = choose_vouchers(context, params, *deals, books))
        return *refused;
    boost::json::array orders;
    boost::json::array resources;
    boost::json::array big_deals;
    for (state::Deal& deal : *deals) {
        if (!books.pay_for(deal))
            return error(Errc::failed_operation_balance_insufficient);
        // The whole call is undone, the payment too (assumed).
        if (!deliver(context, deal))
            return error(Errc::failed_operation_pay_succ_deliver_failed, deal.order_id);
        deal.status = state::DealStatus::shipped;
        context.store.update_deal(context.call.account.uin, deal);
        add_once(orders, deal.order_id);
        add_once(resources, deal.resource_id);
        add_once(big_deals, deal.big_deal_id);
    }
    state::save(context.store, books);
    return boost::json::object{{"OrderIds", orders}, {"ResourceIds", resources}, {"BigDealIds", big_deals}};
}

} // namespace

extern const Action action{
    .name = "PayDeals",
    .product = "billing",
    .version = "2018-07-09",
    .region = Region::unused,
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::pay_deals
