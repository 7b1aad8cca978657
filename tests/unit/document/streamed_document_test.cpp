#include "server/document/streamed_document.hpp"

#include "server/document/fixtures.hpp"
#include "state/store/sqlite_store.hpp"
#include "tests/support/difference.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cvm;
using state::AccountState;
using state::Instance;

namespace {

constexpr state::Instant wall = std::chrono::sys_days{std::chrono::year{2026} / 3 / 31} + std::chrono::hours{8};

std::string instance(const std::string& id, const std::string& more = "")
{
    return R"({"InstanceId":")" + id + R"(","Placement":{"Zone":"ap-guangzhou-3"})" + more + "}";
}

std::string document(const std::string& instances, const std::string& more = "")
{
    return R"({"about":"x","format_version":1,"accounts":[{"Uin":"1","Instances":[)" + instances + "]" + more + "}]}";
}

// Members after the instances affect them: the clock and the types of the account.
std::string two_accounts()
{
    return R"({"accounts":[{"Uin":"1","Instances":[)" +
           instance("ins-aaaaaaaa",
                    R"(,"InstanceType":"X1.BIG","ExpiredTime":"+P10D","Tags":[{"Key":"a\u4e2d","Value":""}])") +
           "," +
           instance("ins-bbbbbbbb",
                    R"(,"DataDisks":[{"DiskId":"disk-bbbbbbb2","Portable":true,"DeadlineTime":"+P1M"}])") +
           R"(],"Disks":[{"DiskId":"disk-free0001","Portable":true,"Placement":{"Zone":"ap-guangzhou-3"},)"
           R"("DeadlineTime":"+P3D"}],"Types":[{"InstanceType":"X1.BIG","Cpu":77,"Memory":99}],)"
           R"("Orders":[{"OrderId":"o1","Status":4,"SubProductCode":"sp","ZoneCode":"z"}],)"
           R"("Clock":{"FrozenAt":"2027-01-01T00:00:00Z"}},{"Uin":"2","Instances":[]},{"Uin":"3","Instances":[)" +
           instance("ins-aaaaaaaa") + R"(]},{"Uin":"4"}],"format_version":1})";
}

// The accounts with their instances, as the stream passes them on.
std::vector<AccountState> collect(const StreamedDocument& streamed)
{
    std::vector<AccountState> accounts = streamed.accounts(wall);
    for (const AccountState& account : accounts)
        CHECK(account.instances.empty());
    std::vector<std::pair<std::size_t, Instance>> found;
    CHECK(streamed.each_instance(accounts, wall, [&](std::size_t at, Instance&& i) { found.emplace_back(at, i); }));
    for (auto& [at, i] : found)
        accounts[at].instances.push_back(std::move(i));
    return accounts;
}

std::string large(const std::string& text) { return text + std::string(streamed_from_bytes, ' '); }

// The accounts loaded from a fixture file, or what is wrong with it.
std::string loaded(const std::string& text)
{
    const test::TempDir dir;
    const std::string file = dir.write("f.json", text);
    try {
        const Fixtures fixtures = Fixtures::from_files(std::vector{file});
        state::SqliteStore store{":memory:"};
        replace_all(store, fixtures, wall);
        std::string all;
        for (const std::string& uin : store.account_uins())
            all += to_document(std::vector{store.dump_account(uin).value()}) + "\n";
        return all;
    } catch (const BadDocument& e) {
        return std::string{e.what()}.substr(dir.path().string().size());
    }
}

} // namespace

TEST_CASE("a streamed document hands over the instances that a whole one has, one by one")
{
    const std::string text = two_accounts();
    const AccountState whole = read_accounts(read_document(text, "x"), "x", wall).front();
    REQUIRE(whole.instances.size() == 2);
    const auto streamed = StreamedDocument::read(text, "x");
    REQUIRE(streamed.has_value());
    CHECK(test::difference(collect(*streamed), read_accounts(read_document(text, "x"), "x", wall)) == "");
}

TEST_CASE("an instance is converted only when its turn comes")
{
    const std::string text = document(instance("ins-aaaaaaaa") + "," + instance("ins-bbbbbbbb") + "," +
                                      instance("ins-cccccccc", R"(,"InstanceType":"NO.SUCH")"));
    const auto streamed = StreamedDocument::read(text, "x");
    REQUIRE(streamed.has_value());
    std::string ids;
    CHECK_FALSE(
        streamed->each_instance(streamed->accounts(wall), wall, [&](std::size_t, Instance&& i) { ids += i.id + " "; }));
    CHECK(ids == "ins-aaaaaaaa ins-bbbbbbbb ");
}

TEST_CASE("many instances, each larger than the others together have room for, are handed over in their order")
{
    std::string list;
    for (int i = 0; i < 200; ++i)
        list += (i == 0 ? "" : ",") + instance("ins-00000" + std::to_string(100 + i),
                                               R"(,"UserData":")" + std::string(i % 3 == 0 ? 40'000 : 10, 'x') + '"');
    const std::string text = document(list);
    const auto streamed = StreamedDocument::read(text, "x");
    REQUIRE(streamed.has_value());
    int next = 100;
    CHECK(streamed->each_instance(streamed->accounts(wall), wall, [&](std::size_t, const Instance& i) {
        CHECK(i.id == "ins-00000" + std::to_string(next));
        CHECK(i.attributes.user_data.value().size() == ((next++ - 100) % 3 == 0 ? 40'000 : 10));
    }));
    CHECK(next == 300);
}

TEST_CASE("bad or unusual documents are left to reading the document as a whole")
{
    const std::string one = instance("ins-aaaaaaaa");
    CHECK(StreamedDocument::read(document(one), "x").has_value());
    for (const std::string& text : std::vector<std::string>{
             "{",
             document(one) + "x",
             document("1"),
             document("[]"),
             document("null"),
             document(instance("ins-A")),
             document(instance("ins-aaaaaaaa", R"(,"Unknown":1)")),
             document(one, R"(,"Unknown":1)"),
             document(one, R"(,"Instances":[])"),
             document(one, R"(,"Orders":[{"OrderId":"o1","Status":4}])"),
             document(instance("ins-aaaaaaaa", R"(,"IsolatedSource":"ARREAR")")),
             R"({"format_version":1,"accounts":[],"accounts":[{"Uin":"1"}]})",
             R"({"format_version":1,"accounts":[{"Uin":"1"}],"accounts":[{"Uin":"1"}]})",
             R"({"format_version":2,"accounts":[{"Uin":"1"}]})",
             R"({"format_version":1,"accounts":[{"Uin":"1"}],"more":[{"Instances":[{}]}]})",
         })
        CHECK_MESSAGE(!StreamedDocument::read(text, "x"), text);
}

TEST_CASE("an instance with a duplicate id of its own or of a disk is not handed over")
{
    for (const std::string& twins : {instance("ins-aaaaaaaa") + "," + instance("ins-aaaaaaaa"),
                                     instance("ins-aaaaaaaa", R"(,"SystemDisk":{"DiskId":"disk-aaaaaaa1"})") + "," +
                                         instance("ins-bbbbbbbb", R"(,"SystemDisk":{"DiskId":"disk-aaaaaaa1"})")}) {
        const std::string text = document(twins);
        const auto streamed = StreamedDocument::read(text, "x");
        REQUIRE(streamed.has_value());
        int taken = 0;
        CHECK_FALSE(streamed->each_instance(streamed->accounts(wall), wall, [&](std::size_t, Instance&&) { ++taken; }));
        CHECK(taken == 1);
    }
}

TEST_CASE("a large fixture gives the same result and the same problems as a small one")
{
    const std::string one = instance("ins-aaaaaaaa");
    for (const std::string& text : std::vector<std::string>{
             two_accounts(), document(one + "," + one), document("1"), document(one + ",}"),
             document(instance("ins-aaaaaaaa", R"(,"SystemDisk":{"DiskId":"disk-aaaaaaa1"})") + "," +
                      instance("ins-bbbbbbbb", R"(,"SystemDisk":{"DiskId":"disk-aaaaaaa1"})")),
             document(instance("ins-aaaaaaaa", R"(,"SystemDisk":{"DiskId":"disk-free0001"})"),
                      R"(,"Disks":[{"DiskId":"disk-free0001","Portable":true,"Placement":{"Zone":"ap-guangzhou-3"},)"
                      R"("DeadlineTime":"+P3D"}])"),
             document(instance("ins-aaaaaaaa", R"(,"InstanceType":"NO.SUCH")"), R"(,"Lifecycle":"none")"),
             document(one, R"(,"Lifecycle":"none")"),
             document(instance("ins-aaaaaaaa", R"(,"IsolatedSource":"ARREAR")")),
             document(one, R"(,"Orders":[{"OrderId":"o1","Status":4,"ResourceId":"ins-aaaaaaaa"}])"),
             document(one, R"(,"Default":true},{"Uin":"2","Default":true)")}) {
        const std::string small = loaded(text);
        CHECK(small.size() > 20);
        CHECK(loaded(large(text)) == small);
    }
}
