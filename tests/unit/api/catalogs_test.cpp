#include "server/api/catalogs.hpp"

#include "state/store/sqlite_store.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cvm;

namespace {

// An account that adds a type with `cpu` cores; no addition for 0.
state::Account insert(state::Store& store, const std::string& uin, std::int64_t cpu)
{
    state::AccountState made;
    made.account.uin = uin;
    if (cpu > 0)
        made.additions.types = {{.name = "X9.OWN1", .family = "X9", .cpu = cpu, .memory_gib = 1}};
    store.insert_account(made);
    return store.find_account(uin).value();
}

} // namespace

TEST_CASE("an account without additions uses the built-in catalogue itself")
{
    state::SqliteStore store{":memory:"};
    api::Catalogs catalogs{api::built_in_catalog()};
    CHECK(catalogs.of(store, insert(store, "1", 0)).get() == &api::built_in_catalog());
}

TEST_CASE("accounts with equal additions share a catalogue, and others do not")
{
    state::SqliteStore store{":memory:"};
    api::Catalogs catalogs{api::built_in_catalog()};
    const auto first = catalogs.of(store, insert(store, "1", 3));
    CHECK(first->find_instance_type("X9.OWN1")->cpu == 3);
    CHECK(first->find_instance_type("S5.MEDIUM4") != nullptr);
    CHECK(catalogs.of(store, insert(store, "2", 3)) == first);
    const auto other = catalogs.of(store, insert(store, "3", 5));
    CHECK(other->find_instance_type("X9.OWN1")->cpu == 5);
    CHECK(api::built_in_catalog().find_instance_type("X9.OWN1") == nullptr);
}

TEST_CASE("only a few catalogues are cached, and a dropped one is created again")
{
    state::SqliteStore store{":memory:"};
    api::Catalogs catalogs{api::built_in_catalog()};
    const state::Account first = insert(store, "1000", 1);
    const state::Account used_often = insert(store, "1001", 1000);
    const std::weak_ptr<const api::Catalog> gone = catalogs.of(store, first);
    const std::weak_ptr<const api::Catalog> kept = catalogs.of(store, used_often);
    for (std::int64_t cpu = 2; cpu < 40; ++cpu) {
        catalogs.of(store, insert(store, std::to_string(cpu), cpu));
        catalogs.of(store, used_often);
    }
    CHECK(gone.expired());
    CHECK_FALSE(kept.expired());
    CHECK(catalogs.of(store, first)->find_instance_type("X9.OWN1")->cpu == 1);
}

TEST_CASE("an addition replaces the entry of the same name")
{
    const api::Catalog& built_in = api::built_in_catalog();
    const state::Additions additions{
        .types = {{.name = "S5.MEDIUM4", .family = "S5", .cpu = 7, .memory_gib = 7, .month = state::Cents{1}},
                  {.name = "S1.SMALL1", .family = "S1", .cpu = 1, .memory_gib = 1, .month = state::Cents{120}}},
        .images = {{.id = "img-eb30mz89", .name = "another"}},
        .zones = {{.name = "ap-guangzhou-3", .id = "1", .region = "ap-guangzhou", .available = false}}};
    const api::Catalog whole = api::extended(built_in, additions);
    CHECK(whole.instance_types.size() == built_in.instance_types.size());
    CHECK(whole.images.size() == built_in.images.size());
    CHECK(whole.zones.size() == built_in.zones.size());
    CHECK(whole.find_instance_type("S5.MEDIUM4")->cpu == 7);
    CHECK(whole.find_image("img-eb30mz89")->name == "another");
    CHECK_FALSE(whole.find_zone("ap-guangzhou-3")->available);
    CHECK(whole.prices.instance_types.at("S5.MEDIUM4") == state::Cents{1});
    // Its listed hourly price is dropped together with its listed monthly price.
    CHECK_FALSE(whole.prices.hourly_instance_types.contains("S1.SMALL1"));
    CHECK(built_in.prices.hourly_instance_types.contains("S1.SMALL1"));
}
