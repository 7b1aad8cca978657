#include "state/store/sqlite_vouchers.hpp"

#include "state/store/sqlite_connection.hpp"

#include <stdexcept>

namespace cvm::state::rows {

namespace {

std::vector<VoucherUse> read_uses(BoundStatement& row)
{
    std::vector<VoucherUse> found;
    while (row.step()) {
        VoucherUse use;
        use.voucher_id = row.text();
        use.order_id = row.text();
        use.at = row.instant();
        use.amount = row.cents();
        found.push_back(std::move(use));
    }
    return found;
}

void insert_use(Connection& db, std::string_view uin, const VoucherUse& use)
{
    BoundStatement{db[Sql::insert_voucher_use]}.bind(uin, use.voucher_id, use.order_id, use.at, use.amount).run();
}

} // namespace

std::vector<Voucher> read_vouchers(Connection& db, std::string_view uin)
{
    BoundStatement row{db[Sql::vouchers]};
    row.bind(uin);
    std::vector<Voucher> found;
    while (row.step()) {
        Voucher v;
        for (std::string* text : {&v.id, &v.code_id, &v.activity_id, &v.name, &v.remark, &v.pay_mode, &v.pay_scene})
            *text = row.text();
        v.products = row.lines();
        v.main_type = row.text();
        v.sub_type = row.text();
        v.cancelled = row.boolean();
        v.nominal = row.cents();
        v.used = row.cents();
        v.created_at = row.instant();
        v.begins_at = row.instant();
        v.ends_at = row.instant();
        found.push_back(std::move(v));
    }
    return found;
}

std::vector<VoucherUse> read_voucher_uses(Connection& db, std::string_view uin)
{
    BoundStatement row{db[Sql::voucher_uses]};
    return read_uses(row.bind(uin));
}

std::vector<VoucherUse> read_voucher_uses(Connection& db, std::string_view uin, std::string_view voucher_id)
{
    BoundStatement row{db[Sql::voucher_uses_of]};
    return read_uses(row.bind(uin, voucher_id));
}

void erase_vouchers(Connection& db, std::string_view uin)
{
    for (const Sql sql : {Sql::erase_vouchers, Sql::erase_voucher_uses})
        BoundStatement{db[sql]}.bind(uin).run();
}

void insert_vouchers(Connection& db, std::string_view uin, std::span<const Voucher> vouchers,
                     std::span<const VoucherUse> uses)
{
    std::int64_t position = 0;
    for (const Voucher& v : vouchers)
        BoundStatement{db[Sql::insert_voucher]}
            .bind(uin, position++, v.id, v.code_id, v.activity_id, v.name, v.remark, v.pay_mode, v.pay_scene,
                  v.products, v.main_type, v.sub_type, v.cancelled, v.nominal, v.used, v.created_at, v.begins_at,
                  v.ends_at)
            .run();
    for (const VoucherUse& use : uses)
        insert_use(db, uin, use);
}

void use_voucher(Connection& db, std::string_view uin, const VoucherUse& use)
{
    if (BoundStatement{db[Sql::add_to_voucher]}.bind(use.amount, uin, use.voucher_id).run() == 0)
        throw std::logic_error{"use_voucher: no voucher " + use.voucher_id};
    insert_use(db, uin, use);
}

} // namespace cvm::state::rows
