#include "server/api/lighthouse.hpp"
#include "server/api/orders.hpp"
#include "server/api/persist.hpp"
#include "server/api/renewal_request.hpp"
#include "state/store/account_repository.hpp"

#include <utility>

namespace cvm::api::lighthouse_renew_instances {

namespace {

constexpr std::array fields{
    required_instance_ids,
    Field{.name = "InstanceChargePrepaid", .type = Type::object, .required = true, .members = prepaid_fields},
    Field{.name = "RenewDataDisk", .type = Type::boolean},
    Field{.name = "AutoVoucher", .type = Type::boolean},
};

constexpr std::array works_in{state::InstanceState::running, state::InstanceState::stopped,
                              state::InstanceState::shutdown};

Result<Answer> handle(const Context& context, const Params& params)
{
    auto instances = lighthouse::load_workable(context, params, works_in);
    if (!instances)
        return instances.error();
    auto terms = renewal_terms(params.object("InstanceChargePrepaid").value(), params);
    terms.portable_data_disks = params.boolean("RenewDataDisk").value_or(true);
    for (const state::Instance& instance : *instances)
        if (auto problem = lighthouse::refuse_period(terms.period.count(), instance.expires_at.value(),
                                                     "InstanceChargePrepaid.Period"))
            return *problem;

    state::Bookkeeper books = open_books(context.call);
    if (params.boolean("AutoVoucher").value_or(false))
        state::use_vouchers(context.store, books);
    for (state::Instance& instance : *instances) {
        const state::RenewalPrice price = state::renewal_price(context.catalog.prices, instance, terms);
        if (!buy_months(books, instance, price, terms.period, instance.expires_at.value()))
            return error(Errc::failed_operation_insufficient_balance);
        instance = state::renewed(std::move(instance), terms);
        begin_operation(context, instance);
        save(context, std::move(instance));
    }
    state::save(context.store, books);
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "RenewInstances",
    .product = "lighthouse",
    .version = "2020-03-24",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::lighthouse_renew_instances
