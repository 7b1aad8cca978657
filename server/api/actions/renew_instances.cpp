#include "server/api/action.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/orders.hpp"
#include "server/api/persist.hpp"
#include "server/api/renewal_request.hpp"
#include "state/store/account_repository.hpp"

#include <array>
#include <utility>

namespace cvm::api::renew_instances {

namespace {

constexpr std::array fields{
    required_instance_ids,
    Field{.name = "InstanceChargePrepaid", .type = Type::object, .members = prepaid_fields},
    Field{.name = "RenewPortableDataDisk", .type = Type::boolean},
};

// The legacy page requires InstanceChargePrepaid and has no RenewPortableDataDisk
// (fixtures/catalog/actions/RenewInstances.json).
constexpr std::array legacy_fields{
    required_instance_ids,
    Field{.name = "InstanceChargePrepaid", .type = Type::object, .required = true, .members = prepaid_fields},
};

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto prepaid = params.object("InstanceChargePrepaid");
    const auto loaded = load_instances(context, params.strings("InstanceIds"));
    if (!loaded)
        return loaded.error();
    if (auto refusal = refuse_charge_types(*loaded, Errc::unsupported_operation_instance_charge_type))
        return *refusal;
    if (auto refusal = refuse_by_state(context.action, *loaded))
        return *refusal;
    if (auto refusal = refuse_by_operation(context.action, *loaded))
        return *refusal;
    // The page declares it as optional but requires it for prepaid instances, and all instances here are prepaid
    // (https://cloud.tencent.com/document/api/213/15740).
    if (!prepaid)
        return error(Errc::missing_parameter, "InstanceChargePrepaid");
    const auto terms = renewal_terms(*prepaid, params);
    if (auto refusal = refuse_period(terms.period.count(), *loaded, context.call.legacy))
        return *refusal;
    if (context.store.has_unpaid_deal(context.call.account.uin))
        return error(Errc::invalid_account_unpaid_order);

    state::Bookkeeper books = open_books(context.call);
    state::use_vouchers(context.store, books);
    std::vector<state::Instance> renewed;
    for (const state::Instance& instance : *loaded) {
        const state::RenewalPrice price = state::renewal_price(context.catalog.prices, instance, terms);
        if (!buy_months(books, instance, price, terms.period, instance.expires_at.value()))
            return error(Errc::invalid_account_insufficient_balance);
        renewed.push_back(state::renewed(instance, terms));
        begin_operation(context, renewed.back());
    }

    for (state::Instance& instance : renewed)
        save(context, std::move(instance));
    state::save(context.store, books);
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "RenewInstances",
    .writes = true,
    .legacy = true,
    .fields = fields,
    .legacy_fields = legacy_fields,
    .handle = handle,
};

} // namespace cvm::api::renew_instances
