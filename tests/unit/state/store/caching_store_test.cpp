#include "state/store/caching_store.hpp"

#include "state/store/sqlite_store.hpp"
#include "tests/support/full_disk.hpp"
#include "tests/support/property.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <utility>

using namespace cvm::state;
using cvm::test::TempDir;

namespace {

constexpr std::array<std::string_view, 2> uins{"100000000001", "100000000002"};
constexpr std::array<std::string_view, 3> ids{"ins-aaaaaaaa", "ins-bbbbbbbb", "ins-cccccccc"};

Instant second(std::int64_t number) { return Instant{std::chrono::seconds{number}}; }

AccountState account(std::string_view uin)
{
    AccountState state;
    state.account.uin = uin;
    state.credentials.push_back({.secret_id = "AKID" + std::string{uin},
                                 .secret_key = "key",
                                 .uin = std::string{uin},
                                 .token = {},
                                 .expires_at = {}});
    return state;
}

Instance instance(std::string_view id, std::int64_t number)
{
    Instance made;
    made.id = id;
    made.region = "ap-guangzhou";
    made.zone = "ap-guangzhou-3";
    made.name = std::to_string(number);
    made.type = "S5.MEDIUM2";
    if (number % 3 != 0)
        made.due_at = second(number);
    Disk disk;
    disk.id = "disk-" + std::string{id.substr(4)};
    disk.size_gib = number;
    made.disks.push_back(disk);
    return made;
}

std::unique_ptr<SqliteStore> database(const std::string& path = ":memory:")
{
    auto store = std::make_unique<SqliteStore>(path);
    if (store->account_uins().empty())
        for (const std::string_view uin : uins)
            store->insert_account(account(uin));
    return store;
}

// Compares everything that a CachingStore may answer from memory.
void check_same(Store& one, Store& other)
{
    for (const std::string_view uin : uins) {
        CHECK(one.find_account(uin) == other.find_account(uin));
        CHECK(one.find_credential("AKID" + std::string{uin}) == other.find_credential("AKID" + std::string{uin}));
        for (const std::int64_t until : {1, 300, 600, 1000})
            CHECK(one.has_due(uin, second(until)) == other.has_due(uin, second(until)));
        CHECK(one.has_rules(uin) == other.has_rules(uin));
        CHECK(one.rule_codes(uin, "") == other.rule_codes(uin, ""));
        const std::vector<std::string> all{ids.begin(), ids.end()};
        CHECK(one.rules_of(uin, all) == other.rules_of(uin, all));
        CHECK(one.find_instances(uin, all) == other.find_instances(uin, all));
        for (const std::string_view id : ids) {
            CHECK(one.rule_codes(uin, id) == other.rule_codes(uin, id));
            CHECK(one.find_instance(uin, id) == other.find_instance(uin, id));
            const auto seen = one.view_instance(uin, id);
            CHECK((seen ? std::optional{*seen} : std::nullopt) == other.find_instance(uin, id));
        }
    }
}

// Makes one random change, the same in both stores.
void change(Store& store, int kind, std::string_view uin, std::string_view id, std::int64_t number)
{
    switch (kind) {
    case 0:
    case 1:
        if (store.find_account(uin))
            store.save_instance(uin, instance(id, number));
        return;
    case 2:
        return store.erase_instance(uin, id);
    case 3:
        if (auto known = store.find_account(uin)) {
            known->balance.cash = Cents{number};
            store.save_account(*known);
        }
        return;
    case 4:
        if (auto disk = store.find_disk(uin, "disk-" + std::string{id.substr(4)})) {
            disk->disk.size_gib = number;
            store.save_disk(uin, *disk);
        }
        return;
    case 5:
        return store.erase_disk(uin, "disk-" + std::string{id.substr(4)});
    case 6:
        return store.erase_credential("AKID" + std::string{uin});
    case 7:
    case 8:
        auto anew = account(uin);
        if (number % 2 == 0)
            anew.rules.push_back({std::string{id}, "InternalError"});
        if (number % 3 == 0)
            anew.instances.push_back(instance(id, number));
        if (kind == 8)
            return store.replace_account(anew);
        store.erase_account(uin);
        return store.insert_account(anew);
    }
}

} // namespace

TEST_CASE("a caching store answers as the underlying store after any changes and rollbacks")
{
    std::mt19937_64 random{cvm::test::property_seed()};
    const auto below = [&](std::uint64_t limit) { return random() % limit; };
    for (int left = cvm::test::property_sequences(10); left > 0; --left) {
        // Sometimes the limits are so small that each kind is dropped now and then.
        const auto limit = [&](std::size_t few) { return below(2) == 0 ? few : 1000; };
        CachingStore caching{database(),
                             left % 2 == 0 ? Writes::when_needed : Writes::at_once,
                             {.credentials = limit(1), .accounts = limit(1), .instances = limit(2)}};
        const auto plain = database();
        for (int step = 0; step < 30; ++step) {
            const bool rolled_back = below(4) == 0;
            const auto kind = below(9);
            const std::string_view uin = uins.at(below(uins.size()));
            const std::string_view id = ids.at(below(ids.size()));
            const auto number = static_cast<std::int64_t>(below(1000));
            const auto next_kind = below(2) == 0 ? 0 : below(8); // so that some transactions change instances alone
            const std::string_view next_id = ids.at(below(ids.size()));
            for (Store* store : {static_cast<Store*>(&caching), static_cast<Store*>(plain.get())}) {
                Transaction transaction{*store};
                change(*store, static_cast<int>(kind), uin, id, number);
                change(*store, static_cast<int>(next_kind), uin, next_id, number + 1);
                if (!rolled_back)
                    transaction.commit();
            }
            check_same(caching, *plain);
            if (below(4) == 0)
                for (const std::string_view of : uins)
                    CHECK(caching.dump_account(of) == plain->dump_account(of));
        }
    }
}

TEST_CASE("nested transactions are committed or rolled back with the outer one, whatever is cached")
{
    std::mt19937_64 random{cvm::test::property_seed()};
    const auto below = [&](std::uint64_t limit) { return random() % limit; };
    for (int left = cvm::test::property_sequences(10); left > 0; --left) {
        const auto limit = [&](std::size_t few) { return below(2) == 0 ? few : 1000; };
        CachingStore caching{database(),
                             left % 2 == 0 ? Writes::when_needed : Writes::at_once,
                             {.credentials = limit(1), .accounts = limit(1), .instances = limit(2)}};
        const auto plain = database();
        const std::array<Store*, 2> both{&caching, plain.get()};
        for (int step = 0; step < 10; ++step) {
            std::array<std::optional<Transaction>, 2> outer;
            for (std::size_t i = 0; i < both.size(); ++i)
                outer.at(i).emplace(*both.at(i));
            for (auto inner = below(6); inner > 0; --inner) {
                const bool rolled_back = below(3) == 0;
                const bool bare = below(6) == 0; // in the outer transaction
                const auto kind = below(2) == 0 ? 0 : below(8);
                const auto next_kind = below(2) == 0 ? 0 : below(8);
                const std::string_view uin = uins.at(below(uins.size()));
                const std::string_view id = ids.at(below(ids.size()));
                const auto number = static_cast<std::int64_t>(below(1000));
                for (Store* store : both) {
                    std::optional<Transaction> transaction;
                    if (!bare)
                        transaction.emplace(*store);
                    change(*store, static_cast<int>(kind), uin, id, number);
                    change(*store, static_cast<int>(next_kind), uin, ids[0], number + 1);
                    if (transaction && !rolled_back)
                        transaction->commit();
                }
                if (below(3) == 0)
                    check_same(caching, *plain);
                if (below(6) == 0)
                    CHECK(caching.dump_account(uin) == plain->dump_account(uin));
            }
            const bool rolled_back = below(4) == 0;
            for (auto& transaction : outer) {
                if (!rolled_back)
                    transaction->commit();
                transaction.reset();
            }
            check_same(caching, *plain);
            for (const std::string_view of : uins)
                CHECK(caching.dump_account(of) == plain->dump_account(of));
        }
    }
}

TEST_CASE("changes of nested transactions are in the file only after the outer commit")
{
    const TempDir dir;
    SqliteStore behind{dir.file("cvm.db")};
    CachingStore store{database(dir.file("cvm.db")), Writes::at_once};
    const std::string uin{uins[0]};
    store.save_instance(uin, instance(ids[0], 1));
    const auto save = [&](std::int64_t number) {
        Transaction inner{store};
        store.save_instance(uin, instance(ids[0], number));
        auto account = store.find_account(uin).value();
        account.balance.cash = Cents{number};
        if (number % 2 == 0)
            store.save_account(account);
        inner.commit();
    };
    const auto seen = [&](Store& in) {
        return in.find_instance(uin, ids[0])->name + " " + std::to_string(in.find_account(uin)->balance.cash.value);
    };
    {
        Transaction outer{store};
        save(2);
        save(3);
        CHECK(seen(store) == "3 2");
        CHECK(seen(behind) == "1 0");
        outer.commit();
    }
    CHECK(seen(store) == "3 2");
    CHECK(seen(behind) == "3 2");

    SUBCASE("a commit that fails leaves nothing of them, here and there")
    {
        {
            Transaction outer{store};
            save(4);
            save(5);
            const cvm::test::FullDisk full;
            CHECK_THROWS(outer.commit());
        }
        CHECK(seen(store) == "3 2");
        CHECK(seen(behind) == "3 2");
        Transaction outer{store};
        save(6);
        outer.commit();
        CHECK(seen(store) == "6 6");
        CHECK(seen(behind) == "6 6");
    }
    SUBCASE("when SQLite has rolled all back by itself, what comes after it is not written either")
    {
        {
            Transaction outer{store};
            save(4);
            {
                Transaction inner{store};
                Instance large = instance(ids[1], 4);
                large.attributes.user_data =
                    std::string(std::size_t{64} << 20U, 'x'); // more than SQLite keeps in memory
                const cvm::test::FullDisk full;
                CHECK_THROWS(store.save_instance(uin, large));
            }
            CHECK(store.find_instance(uin, ids[0]).has_value());
            save(5); // the instance alone, which is written at the commit
            CHECK_THROWS(outer.commit());
        }
        CHECK(seen(store) == "3 2");
        CHECK(seen(behind) == "3 2");
    }
    SUBCASE("without a commit nothing of them is left")
    {
        {
            const Transaction outer{store};
            save(5);
            CHECK(seen(store) == "5 2");
        }
        CHECK(store.list_instances(uin, "ap-guangzhou", {.limit = 1}).at(0).name == "3");
        CHECK(seen(store) == "3 2");
    }
    SUBCASE("a third one inside of two is refused")
    {
        const Transaction outer{store};
        const Transaction inner{store};
        CHECK_THROWS(Transaction{store});
    }
}

TEST_CASE("deferred changes are written before the underlying store is queried")
{
    const TempDir dir;
    SqliteStore behind{dir.file("cvm.db")};
    CachingStore store{database(dir.file("cvm.db")), Writes::when_needed};
    const std::string uin{uins[0]};
    const auto name = [&](Store& in) { return in.find_instance(uin, ids[0])->name; };
    const auto save = [&](std::int64_t number, bool commit) {
        Transaction transaction{store};
        store.save_instance(uin, instance(ids[0], number));
        if (commit)
            transaction.commit();
    };
    save(1, true);
    save(2, true);
    CHECK(name(store) == "2");
    CHECK(name(behind) == "1");
    save(3, false);
    CHECK(name(store) == "2");

    SUBCASE("by a list")
    {
        CHECK(store.list_instances(uin, "ap-guangzhou", {.limit = 1}).at(0).name == "2");
        CHECK(name(behind) == "2");
    }
    SUBCASE("by a list inside a transaction, which is rolled back alone")
    {
        {
            const Transaction transaction{store};
            store.save_instance(uin, instance(ids[0], 4));
            CHECK(store.list_instances(uin, "ap-guangzhou", {.limit = 1}).at(0).name == "4");
            store.save_instance(uin, instance(ids[0], 5));
            CHECK(store.list_instances(uin, "ap-guangzhou", {.limit = 1}).at(0).name == "5");
        }
        CHECK(name(store) == "2");
        CHECK(name(behind) == "2");
    }
    SUBCASE("by another change")
    {
        Transaction transaction{store};
        store.save_instance(uin, instance(ids[0], 4));
        store.save_account(store.find_account(uin).value());
        transaction.commit();
        CHECK(name(behind) == "4");
    }
    SUBCASE("when the instance is no longer kept")
    {
        CachingStore small{database(dir.file("cvm.db")), Writes::when_needed, {.instances = 1}};
        small.save_instance(uin, instance(ids[1], 6));
        small.save_instance(uin, instance(ids[1], 7));
        CHECK(small.view_instance(uin, ids[0])->name == "1");
        CHECK(small.view_instance(uin, ids[1])->name == "7");
        CHECK(behind.find_instance(uin, ids[1])->name == "7");
    }
}

TEST_CASE("changes by another process are seen from the next request on, and inside a transaction")
{
    const TempDir dir;
    CachingStore here{database(dir.file("cvm.db")), Writes::at_once};
    CachingStore there{database(dir.file("cvm.db")), Writes::at_once};
    check_same(here, there);

    there.save_instance(uins[0], instance(ids[0], 7));
    there.erase_credential("AKID" + std::string{uins[0]});
    here.refresh();
    check_same(here, there);
    CHECK(here.find_instance(uins[0], ids[0]) == instance(ids[0], 7));

    there.save_instance(uins[0], instance(ids[0], 8));
    const Transaction transaction{here};
    CHECK(here.find_instance(uins[0], ids[0]) == instance(ids[0], 8));
}

TEST_CASE("during a jump nothing is due before what it names, unless something is saved that is")
{
    CachingStore store{database(), Writes::when_needed};
    const std::string_view uin = uins[0];
    store.save_instance(uin, instance(ids[0], 5));
    CHECK(store.has_due(uin, second(5)));

    auto next = std::make_shared<Instant>(second(10));
    store.follow_jump(uin, next);
    CHECK(store.is_in_jump(uin));
    CHECK_FALSE(store.is_in_jump(uins[1]));
    CHECK_FALSE(store.has_due(uin, second(9)));
    CHECK(store.has_due(uin, second(10)));
    *next = second(20);
    CHECK_FALSE(store.has_due(uin, second(10)));
    store.save_instance(uin, instance(ids[1], 20));
    CHECK(store.is_in_jump(uin));
    store.save_instance(uin, instance(ids[2], 19));
    CHECK_FALSE(store.is_in_jump(uin));
    CHECK(store.has_due(uin, second(5)));

    store.follow_jump(uin, next);
    CHECK_FALSE(store.has_due(uin, second(9)));
    next.reset();
    CHECK(store.has_due(uin, second(9)));
}

TEST_CASE("changes are told by account, after a rollback too")
{
    CachingStore store{database(), Writes::when_needed};
    std::uint64_t one = store.changes_of(uins[0]);
    std::uint64_t other = store.changes_of(uins[1]);
    // Whether the number of each account is new.
    const auto changed = [&] {
        const std::uint64_t one_before = std::exchange(one, store.changes_of(uins[0]));
        const std::uint64_t other_before = std::exchange(other, store.changes_of(uins[1]));
        return std::pair{one != one_before, other != other_before};
    };
    using Changed = std::pair<bool, bool>;
    CHECK(changed() == Changed{false, false});
    store.save_instance(uins[0], instance(ids[0], 5));
    CHECK(changed() == Changed{true, false});
    store.save_instance(uins[0], instance(ids[0], 6)); // is not passed on yet
    CHECK(changed() == Changed{true, false});
    store.save_account(store.find_account(uins[1]).value());
    CHECK(changed() == Changed{false, true});
    store.list_instances(uins[0], "ap-guangzhou", {0, 10});
    store.erase_instance(uins[0], ids[0]);
    CHECK(changed() == Changed{true, false});
    {
        const Transaction transaction{store};
        store.list_disks(uins[0]);
    }
    CHECK(changed() == Changed{false, false});
    {
        const Transaction transaction{store};
        store.save_account(store.find_account(uins[1]).value());
    }
    CHECK(changed() == Changed{false, true});
    {
        Transaction outer{store};
        store.save_account(store.find_account(uins[0]).value());
        {
            const Transaction nested{store};
            store.save_account(store.find_account(uins[1]).value());
        }
        outer.commit();
    }
    CHECK(changed() == Changed{true, true});
    {
        const Transaction transaction{store};
        store.erase_account(uins[0]);
    }
    CHECK(changed() == Changed{true, true});
    CHECK(store.find_account(uins[0]));
}

TEST_CASE("after a rollback, what other accounts have stays cached")
{
    for (const Writes writes : {Writes::at_once, Writes::when_needed}) {
        CachingStore store{database(), writes};
        store.save_instance(uins[0], instance(ids[0], 1));
        store.save_instance(uins[1], instance(ids[1], 1));
        const auto changed = store.view_instance(uins[0], ids[0]);
        const auto other = store.view_instance(uins[1], ids[1]);
        {
            const Transaction transaction{store};
            store.save_instance(uins[0], instance(ids[0], 2));
            store.list_disks(uins[0]); // has everything passed on
            CHECK(store.view_instance(uins[0], ids[0])->name == "2");
        }
        CHECK(store.view_instance(uins[0], ids[0])->name == "1");
        CHECK(store.view_instance(uins[1], ids[1]) == other);
    }
}

TEST_CASE("an instance that was read is shared and stays as it was when it was read")
{
    CachingStore store{database(), Writes::when_needed};
    store.save_instance(uins[0], instance(ids[0], 1));
    const auto before = store.view_instance(uins[0], ids[0]);
    CHECK(store.view_instance(uins[0], ids[0]) == before);
    store.save_instance(uins[0], instance(ids[0], 2));
    CHECK(before->name == "1");
    CHECK(store.view_instance(uins[0], ids[0])->name == "2");
    CHECK(store.view_instance(uins[1], ids[0]) == nullptr);
}
