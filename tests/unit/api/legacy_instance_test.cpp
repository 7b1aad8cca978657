#include "server/api/legacy_instance.hpp"

#include "state/store/sqlite_store.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <string>

using namespace cvm;
using state::InstanceState;

namespace {

constexpr state::Instant now = std::chrono::sys_days{std::chrono::year{2026} / 3 / 31};

state::Instance instance_with(const std::string& id, const std::string& uuid)
{
    state::Instance i;
    i.id = id;
    i.region = "ap-guangzhou";
    i.zone = "ap-guangzhou-3";
    i.created_at = now;
    i.expires_at = now;
    i.attributes.uuid = uuid;
    return i;
}

// A store with two accounts, and calls of the first one.
struct World {
    explicit World(std::vector<state::Instance> instances = {
                       instance_with("ins-aaaaaaaa", "a0000000-0000-4000-8000-00000000000a"),
                       instance_with("ins-bbbbbbbb", "b0000000-0000-4000-8000-00000000000b")})
    {
        state::AccountState mine;
        mine.account.uin = "100000000001";
        mine.account.is_default = true;
        mine.instances = std::move(instances);
        mine.instances.push_back(instance_with("ins-shanghai", "c0000000-0000-4000-8000-00000000000c"));
        mine.instances.back().region = "ap-shanghai";
        mine.instances.back().zone = "ap-shanghai-2";
        state::AccountState other;
        other.account.uin = "100000000002";
        other.instances = {instance_with("ins-foreign0", "f0000000-0000-4000-8000-00000000000f")};
        store.insert_account(mine);
        store.insert_account(other);
        account = mine.account;
    }

    api::Call call(std::string_view region) const
    {
        return {.account = account,
                .now = now,
                .region = region,
                .request_id = "6ef60bec-0242-43af-bb20-270359fb54a7",
                .language = Language::english,
                .legacy = true};
    }

    state::SqliteStore store{":memory:"};
    state::Account account;
};

std::string found(World& world, std::string_view id, std::string_view region = "ap-guangzhou")
{
    const auto instance = api::find_legacy_instance(world.store, world.call(region), id);
    return instance ? instance->id : "none";
}

} // namespace

TEST_CASE("every state has the number of the legacy page and 21 if it has none")
{
    struct Case {
        InstanceState state;
        std::int64_t number;
    };
    const Case cases[] = {
        {InstanceState::launch_failed, -1},
        {InstanceState::running, 2},
        {InstanceState::pending, 3},
        {InstanceState::stopped, 4},
        {InstanceState::shutdown, 5},
        {InstanceState::terminating, 6},
        {InstanceState::rebooting, 7},
        {InstanceState::starting, 8},
        {InstanceState::stopping, 9},
        {InstanceState::enter_rescue_mode, 21},
        {InstanceState::rescue_mode, 21},
        {InstanceState::exit_rescue_mode, 21},
        {InstanceState::enter_service_live_migrate, 21},
        {InstanceState::service_live_migrate, 21},
        {InstanceState::exit_service_live_migrate, 21},
    };
    CHECK(std::size(cases) == state::Names<InstanceState>::all.size());
    for (const Case& c : cases) {
        CAPTURE(state::name(c.state));
        CHECK(api::legacy_status(c.state) == c.number);
    }
}

TEST_CASE("the older id is qcvm and the digits of the Uuid")
{
    CHECK(api::legacy_id(instance_with("ins-aaaaaaaa", "a0000000-0000-4000-8000-00000000000a")) ==
          "qcvma000000000004000800000000000000a");
    CHECK(api::legacy_id(instance_with("ins-bbbbbbbb", "a0000000-0000-4000-8000-00000000000a")) ==
          "qcvma000000000004000800000000000000a"); // whatever the newer one is
}

TEST_CASE("an instance is found by either id in the account and the region of the call alone")
{
    struct Case {
        std::string_view what;
        std::string_view id;
        std::string_view expected;
    };
    const Case cases[] = {
        {"nothing", "", "none"},
        {"unknown", "ins-zzzzzzzz", "none"},
        {"malformed", "ins-", "none"},
        {"another case", "INS-AAAAAAAA", "none"},
        {"of another region", "ins-shanghai", "none"},
        {"of another account", "ins-foreign0", "none"},
        {"older and nothing", "qcvm", "none"},
        {"older and unknown", "qcvm00000000000000000000000000000000", "none"},
        {"older and cut off", "qcvma000000000004000800000000000000", "none"},
        {"older and too long", "qcvma000000000004000800000000000000aa", "none"},
        {"older in another case", "qcvmA000000000004000800000000000000A", "none"},
        {"older with hyphens", "qcvma0000000-0000-4000-8000-00000000000a", "none"},
        {"the Uuid", "a0000000-0000-4000-8000-00000000000a", "none"},
        {"older of another region", "qcvmc000000000004000800000000000000c", "none"},
        {"older of another account", "qcvmf000000000004000800000000000000f", "none"},
        {"the newer", "ins-aaaaaaaa", "ins-aaaaaaaa"},
        {"another newer", "ins-bbbbbbbb", "ins-bbbbbbbb"},
        {"the older", "qcvma000000000004000800000000000000a", "ins-aaaaaaaa"},
        {"another older", "qcvmb000000000004000800000000000000b", "ins-bbbbbbbb"},
    };
    World world;
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(found(world, c.id) == c.expected);
    }
    CHECK(found(world, "ins-shanghai", "ap-shanghai") == "ins-shanghai");
    CHECK(found(world, "qcvmc000000000004000800000000000000c", "ap-shanghai") == "ins-shanghai");
    CHECK(found(world, "ins-aaaaaaaa", "") == "none");
    CHECK(found(world, "qcvma000000000004000800000000000000a", "") == "none");
}

TEST_CASE("an instance is found by its older id among thousands")
{
    std::vector<state::Instance> many;
    for (int i = 0; i < 2000; ++i) {
        const std::string digits = std::to_string(100'000'000 + i).substr(1);
        many.push_back(instance_with("ins-" + digits, digits + "-0000-4000-8000-000000000000"));
    }
    World world{std::move(many)};
    for (const std::string number : {"00000000", "00000999", "00001000", "00001999"}) {
        CAPTURE(number);
        CHECK(found(world, "qcvm" + number + "000040008000000000000000") == "ins-" + number);
    }
    CHECK(found(world, "qcvm00002000000040008000000000000000") == "none"); // the pages are full to the last
}
