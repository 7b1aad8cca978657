#include "state/saving.hpp"

#include <algorithm>
#include <set>

namespace cvm::state {

void save(Store& store, const Bookkeeper& books)
{
    for (const Deal& order : books.orders)
        store.add_deal(books.account.uin, order);
    for (const LedgerLine& line : books.lines)
        store.add_ledger_line(books.account.uin, line);
    store.save_account(books.account);
}

void save(Store& store, const Passage& passage)
{
    const std::string& uin = passage.books.account.uin;
    for (const std::string& id : passage.released_instances)
        store.erase_instance(uin, id);
    for (const std::string& id : passage.released_disks)
        store.erase_disk(uin, id);
    // Instances first: a disk that left one is on none only after it.
    for (const Instance& instance : passage.instances)
        store.save_instance(uin, instance);
    for (const PlacedDisk& disk : passage.disks)
        store.save_disk(uin, disk);
    save(store, passage.books);
}

World load_world(Store& store, const Account& account, Instant until, const Lifecycle& lifecycle)
{
    World world{account, store.due_instances(account.uin, until), store.due_disks(account.uin, until)};
    const auto arrears = due_of(account, lifecycle);
    const bool hourly = std::ranges::any_of(
        world.instances, [](const Instance& instance) { return pays_by_hour(instance.charge_type); });
    if (!hourly && (!arrears || *arrears > until))
        return world;
    std::set<std::string> known;
    for (const Instance& instance : world.instances)
        known.insert(instance.id);
    for (Instance& instance : store.list_hourly_instances(account.uin))
        if (!known.contains(instance.id))
            world.instances.push_back(std::move(instance));
    return world;
}

std::optional<Instant> next_due(Store& store, const Account& account, Instant now, const Lifecycle& lifecycle)
{
    std::optional<Instant> next = due_of(account, lifecycle);
    const auto keep = [&](std::optional<Instant> due) {
        if (due && (!next || *due < *next))
            next = due;
    };
    keep(store.next_due_besides_hours(account.uin));
    for (const Instance& instance : store.list_hourly_instances(account.uin))
        keep(due_besides_hours(instance, lifecycle, now));
    return next;
}

} // namespace cvm::state
