#include "state/model/catalog_items.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

using namespace cvm::state;

namespace {

Additions one_of_each()
{
    return {.types = {{.name = "X9.SMALL1"}},
            .images = {{.id = "img-00000001", .snapshots = {{{"snap-1", "SYSTEM_DISK", 50}}}, .tags = {{"k", "v"}}}},
            .zones = {{.name = "ap-guangzhou-9"}},
            .hosts = {{.id = "host-1", .zone = "ap-guangzhou-9"}},
            .roles = {{.name = "renewer", .id = "1"}}};
}

template <class T>
std::vector<T> twice(std::vector<T> list)
{
    list.push_back(list.front());
    return list;
}

} // namespace

TEST_CASE("no additions have an empty digest, and equal additions have equal digests")
{
    CHECK(digest_of({}).empty());
    CHECK(digest_of(one_of_each()) == digest_of(one_of_each()));
    CHECK(digest_of(one_of_each()).size() <= 16);
}

TEST_CASE("additions that differ in anything have another digest")
{
    using Change = void (*)(Additions & a);
    const Change changes[] = {
        [](Additions&) {},
        [](Additions& a) { a.types.clear(); },
        [](Additions& a) { a.types = twice(a.types); },
        [](Additions& a) { a.types[0].name += "1"; },
        [](Additions& a) { a.types[0].family = "1"; },
        [](Additions& a) { a.types[0].description = "1"; },
        [](Additions& a) { a.types[0].cpu = 2; },
        [](Additions& a) { a.types[0].memory_gib = 2; },
        [](Additions& a) { a.types[0].gpu = 2; },
        [](Additions& a) { a.types[0].gpu_type = "1"; },
        [](Additions& a) { a.types[0].architecture = "arm"; },
        [](Additions& a) { a.types[0].cpu_type = "1"; },
        [](Additions& a) { a.types[0].frequency = "1"; },
        [](Additions& a) { a.types[0].bandwidth_gbps = 0.5; },
        [](Additions& a) { a.types[0].pps = 2; },
        [](Additions& a) { a.types[0].month = Cents{0}; },
        [](Additions& a) { a.types[0].month = Cents{1}; },
        [](Additions& a) { a.images.clear(); },
        [](Additions& a) { a.images[0].id += "1"; },
        [](Additions& a) { a.images[0].name = "1"; },
        [](Additions& a) { a.images[0].os_name = "1"; },
        [](Additions& a) { a.images[0].type = "1"; },
        [](Additions& a) { a.images[0].created_at = Instant{}; },
        [](Additions& a) { a.images[0].description = "1"; },
        [](Additions& a) { a.images[0].source = "1"; },
        [](Additions& a) { a.images[0].creator = "1"; },
        [](Additions& a) { a.images[0].state = "1"; },
        [](Additions& a) { a.images[0].format = "1"; },
        [](Additions& a) { a.images[0].architecture = "arm"; },
        [](Additions& a) { a.images[0].platform = "1"; },
        [](Additions& a) { a.images[0].size_gib = 1; },
        [](Additions& a) { a.images[0].license_type = "1"; },
        [](Additions& a) { a.images[0].family = ""; },
        [](Additions& a) { a.images[0].snapshots.reset(); },
        [](Additions& a) { a.images[0].snapshots->clear(); },
        [](Additions& a) { a.images[0].snapshots->front().id = "1"; },
        [](Additions& a) { a.images[0].snapshots->front().usage = "1"; },
        [](Additions& a) { a.images[0].snapshots->front().size_gib = 1; },
        [](Additions& a) { a.images[0].tags.clear(); },
        [](Additions& a) {
            a.images[0].tags[0] = {"kv", ""};
        },
        [](Additions& a) {
            a.images[0].tags[0] = {"", "kv"};
        },
        [](Additions& a) { a.zones.clear(); },
        [](Additions& a) { a.zones[0].name += "1"; },
        [](Additions& a) { a.zones[0].id = "1"; },
        [](Additions& a) { a.zones[0].region = "1"; },
        [](Additions& a) { a.zones[0].names.en = "1"; },
        [](Additions& a) { a.zones[0].names.zh = "1"; },
        [](Additions& a) { a.zones[0].available = false; },
        [](Additions& a) { a.hosts.clear(); },
        [](Additions& a) { a.hosts[0].id = "1"; },
        [](Additions& a) { a.hosts[0].zone = "1"; },
        [](Additions& a) { a.roles.clear(); },
        [](Additions& a) { a.roles[0].name = "1"; },
        [](Additions& a) { a.roles[0].id = "2"; },
        [](Additions& a) { a.roles[0].allowed.clear(); },
    };
    std::set<std::string> seen;
    for (const Change change : changes) {
        Additions additions = one_of_each();
        change(additions);
        CHECK(seen.insert(digest_of(additions)).second);
    }
}
