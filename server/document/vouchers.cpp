#include "server/document/vouchers.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace cvm {

namespace json = boost::json;

using namespace members;

namespace {

constexpr auto texts_of_voucher = {
    std::pair{"VoucherId", &state::Voucher::id},
    std::pair{"CodeId", &state::Voucher::code_id},
    std::pair{"ActivityId", &state::Voucher::activity_id},
    std::pair{"VoucherName", &state::Voucher::name},
    std::pair{"PolicyRemark", &state::Voucher::remark},
    std::pair{"PayMode", &state::Voucher::pay_mode},
    std::pair{"PayScene", &state::Voucher::pay_scene},
    std::pair{"VoucherMainType", &state::Voucher::main_type},
    std::pair{"VoucherSubType", &state::Voucher::sub_type},
};

state::Voucher read_voucher(const json::object& o, const JsonPath& place, state::Instant now)
{
    state::Voucher voucher;
    for (const auto& [name, member] : texts_of_voucher)
        voucher.*member = text(o, name, voucher.*member);
    for (const json::value& product : list(o, "ProductCodes"))
        voucher.products.emplace_back(product.as_string());
    voucher.cancelled = boolean(o, "Cancelled", false);
    voucher.nominal = state::Cents{integer(o, "NominalValue", 0)};
    voucher.created_at = maybe_time(o, "CreateTime", place, now).value_or(now);
    voucher.begins_at = maybe_time(o, "BeginTime", place, now).value_or(voucher.created_at);
    voucher.ends_at = time_or(o, "EndTime", "+P1Y", place, now);
    return voucher;
}

} // namespace

void read_vouchers(const json::object& account, const JsonPath& place, state::Instant now, state::AccountState& into)
{
    std::size_t index = 0;
    for (const json::value& v : list(account, "Vouchers")) {
        const JsonPath where = place.member("Vouchers").item(index++);
        const json::object& o = v.as_object();
        state::Voucher voucher = read_voucher(o, where, now);
        if (std::ranges::count(into.vouchers, voucher.id, &state::Voucher::id) > 0)
            where.fail("the voucher '" + voucher.id + "' appears twice");
        for (const json::value& u : list(o, "Uses")) {
            const json::object& use = u.as_object();
            into.voucher_uses.push_back({.voucher_id = voucher.id,
                                         .order_id = text(use, "OrderId", ""),
                                         .at = maybe_time(use, "UsedTime", where, now).value_or(now),
                                         .amount = state::Cents{integer(use, "UsedAmount", 0)}});
            voucher.used += into.voucher_uses.back().amount;
            if (voucher.used > voucher.nominal)
                where.member("Uses").fail("use up more than the voucher is worth");
        }
        into.vouchers.push_back(std::move(voucher));
    }
    std::ranges::stable_sort(into.voucher_uses, {}, &state::VoucherUse::voucher_id);
    into.account.vouchers = std::ssize(into.vouchers);
}

json::object write_voucher(const state::Voucher& voucher, const std::vector<state::VoucherUse>& uses)
{
    json::object o;
    const state::Voucher plain;
    for (const auto& [name, member] : texts_of_voucher)
        if (voucher.*member != plain.*member)
            o[name] = voucher.*member;
    if (!voucher.products.empty())
        o["ProductCodes"] = json::array(voucher.products.begin(), voucher.products.end());
    if (voucher.cancelled)
        o["Cancelled"] = true;
    o["NominalValue"] = voucher.nominal.value;
    o["CreateTime"] = state::format_instant(voucher.created_at);
    o["BeginTime"] = state::format_instant(voucher.begins_at);
    o["EndTime"] = state::format_instant(voucher.ends_at);
    json::array list;
    for (const auto& use : std::ranges::equal_range(uses, voucher.id, {}, &state::VoucherUse::voucher_id))
        list.push_back(
            {{"OrderId", use.order_id}, {"UsedTime", state::format_instant(use.at)}, {"UsedAmount", use.amount.value}});
    if (!list.empty())
        o["Uses"] = std::move(list);
    return o;
}

} // namespace cvm
