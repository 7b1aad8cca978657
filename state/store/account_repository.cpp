#include "state/store/account_repository.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace cvm::state {

void use_vouchers(Store& store, Bookkeeper& books)
{
    if (books.account.vouchers > 0)
        books.vouchers = store.list_vouchers(books.account.uin);
}

void save(Store& store, const Bookkeeper& books)
{
    store.add_deals(books.account.uin, books.orders);
    store.add_ledger_lines(books.account.uin, books.lines);
    for (const VoucherUse& use : books.voucher_uses)
        store.use_voucher(books.account.uin, use);
    store.save_account(books.account);
}

void save(Store& store, const SimulationResult& result)
{
    const std::string& uin = result.books.account.uin;
    for (const Event& event : result.events)
        if (event.kind == EventKind::released && event.why == Why::action_timer)
            if (const auto instance = store.find_instance(uin, event.resource_id))
                store.add_fired_timer(
                    uin, {event.resource_id, instance->region, instance->terminates_at.value_or(event.at)});
    for (const std::string& id : result.released_instances) {
        store.erase_instance(uin, id);
        close_unpaid(store, uin, id);
    }
    for (const std::string& id : result.released_disks) {
        store.erase_disk(uin, id);
        close_unpaid(store, uin, id);
    }
    // Instances first: saving the instance is what detaches a disk in the store.
    for (std::size_t i = 0; i < result.instances.size(); ++i)
        store.share_instance(uin, *result.before[i], result.instances[i]);
    for (const PlacedDisk& disk : result.disks)
        store.save_disk(uin, disk);
    save(store, result.books);
}

SimulationInput load_due(Store& store, const Account& account, Instant until, const Lifecycle& lifecycle)
{
    SimulationInput input{.account = account, .instances = {}, .disks = {}};
    add_due(store, input, before_all, until);
    complete(store, input, until, lifecycle);
    return input;
}

namespace {

template <class T>
void append(std::vector<T>& all, std::vector<T> more)
{
    if (all.empty())
        all = std::move(more);
    else
        all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

} // namespace

void add_due(Store& store, SimulationInput& input, Instant after, Instant until)
{
    const std::string& uin = input.account.uin;
    append(input.instances, store.due_instances(uin, after, until));
    append(input.disks, store.due_disks(uin, after, until));
}

void complete(Store& store, SimulationInput& input, Instant until, const Lifecycle& lifecycle)
{
    const Account& account = input.account;
    if (account.vouchers > 0)
        input.vouchers = store.list_vouchers(account.uin);
    const auto arrears = due_of(account, lifecycle);
    const bool hourly = std::ranges::any_of(
        input.instances, [](const Instance& instance) { return pays_by_hour(instance.charge_type); });
    if (!hourly && (!arrears || *arrears > until))
        return;
    std::set<std::string> known;
    for (const Instance& instance : input.instances)
        known.insert(instance.id);
    for (Instance& instance : store.list_hourly_instances(account.uin))
        if (!known.contains(instance.id))
            input.instances.push_back(std::move(instance));
}

std::optional<Instant> next_due(Store& store, const Account& account, Instant after, const Lifecycle& lifecycle)
{
    std::optional<Instant> next = store.next_due_besides_hours(account.uin, after);
    const auto keep = [&](std::optional<Instant> due) {
        if (due && *due > after)
            next = earlier(next, due);
    };
    keep(due_of(account, lifecycle));
    for (const Instance& instance : store.list_hourly_instances(account.uin))
        keep(due_besides_hours(instance, lifecycle, after));
    return next;
}

std::optional<Instant> next_due(Store& store, const SimulationResult& result, Instant after, const Lifecycle& lifecycle)
{
    // For what is not part of the result, the store still knows the due times.
    std::optional<Instant> next = next_due(store, result.books.account, after, lifecycle);
    for (const auto& instance : result.instances)
        next = earlier(next, due_besides_hours(*instance, lifecycle, after));
    for (const PlacedDisk& disk : result.disks)
        next = earlier(next, disk.due_at);
    return next;
}

void close_unpaid(Store& store, std::string_view uin, std::string_view resource_id)
{
    for (Deal& deal : store.list_deals_of(uin, resource_id)) {
        if (deal.status != DealStatus::unpaid)
            continue;
        deal.status = DealStatus::closed;
        store.update_deal(uin, deal);
    }
}

} // namespace cvm::state
