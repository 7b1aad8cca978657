#include "state/rules/order.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cvm::state;

TEST_CASE("the product of an instance follows from its family and that of a disk from its type")
{
    struct Case {
        std::string type;
        std::string of_instance;
        std::string of_disk;
    };
    const Case cases[] = {
        {"", "sp_cvm_", "sp_cbs_"},
        {"S5.MEDIUM2", "sp_cvm_s5", "sp_cbs_s5.medium2"},
        {"SA2.SMALL1", "sp_cvm_sa2", "sp_cbs_sa2.small1"},
        {"CLOUD_PREMIUM", "sp_cvm_cloud_premium", "sp_cbs_premium"},
        {"CLOUD_BSSD", "sp_cvm_cloud_bssd", "sp_cbs_bssd"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.type);
        Instance instance;
        instance.type = c.type;
        CHECK(sub_product(instance) == c.of_instance);
        Disk disk;
        disk.type = c.type;
        CHECK(sub_product(disk) == c.of_disk);
    }
}

TEST_CASE("an order has the resource, the place, the period and both prices")
{
    const Instant begin = parse_instant("2026-04-10T10:00:00Z").value();
    Instance instance;
    instance.id = "ins-aaaaaaaa";
    instance.type = "S5.MEDIUM2";
    instance.zone = "ap-shanghai-2";
    const Deal deal = order_for(instance, "renew", std::chrono::months{3}, {Cents{100}, Cents{96}}, begin);
    CHECK(deal.action == "renew");
    CHECK(deal.resource_id == "ins-aaaaaaaa");
    CHECK(deal.months == 3);
    CHECK(deal.original == Cents{100});
    CHECK(deal.total == Cents{96});
    CHECK(deal.begins_at == begin);
    CHECK(deal.sub_product == "sp_cvm_s5");
    CHECK(deal.zone == "ap-shanghai-2");

    Disk disk;
    disk.id = "disk-bbbbbbbb";
    disk.type = "CLOUD_SSD";
    const Deal of_disk = order_for(disk, "ap-tokyo-1", "renew", std::chrono::months{1}, {Cents{7}, Cents{7}});
    CHECK(of_disk.resource_id == "disk-bbbbbbbb");
    CHECK(of_disk.sub_product == "sp_cbs_ssd");
    CHECK(of_disk.zone == "ap-tokyo-1");
    CHECK(of_disk.begins_at == Instant{});
}
