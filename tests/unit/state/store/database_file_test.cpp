// A database file that cannot be used is detected when it is opened; one that fails while it is open is reported, and
// nothing is written to a file that can no longer be found.
#include "state/store/database_file.hpp"

#include "state/store/caching_store.hpp"
#include "state/store/sqlite_store.hpp"
#include "tests/support/full_disk.hpp"
#include "tests/support/own_file_system.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

using namespace cvm::state;
using cvm::test::FullDisk;
using cvm::test::TempDir;
namespace fs = std::filesystem;

namespace {

const std::string uin = "100000000001";

AccountState account_with(int instances)
{
    AccountState state;
    state.account.uin = uin;
    for (int number = 0; number < instances; ++number) {
        Instance made;
        made.id = "ins-" + std::to_string(10'000'000 + number);
        made.region = "ap-guangzhou";
        made.zone = "ap-guangzhou-3";
        state.instances.push_back(made);
    }
    return state;
}

void set_cash(Store& store, std::int64_t cents)
{
    Transaction transaction{store};
    auto account = store.find_account(uin).value();
    account.balance.cash = Cents{cents};
    store.save_account(account);
    transaction.commit();
}

std::int64_t cash_in(Store& store) { return store.find_account(uin).value().balance.cash.value; }

// The text of the exception; empty if there is none.
template <class Exception>
std::string thrown_by(auto work)
{
    try {
        work();
    } catch (const Exception& e) {
        return e.what();
    }
    return {};
}

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

// Until the end of the scope the process runs as this user, if it is root.
class As {
public:
    explicit As(uid_t user)
    {
        if (before_ == 0)
            REQUIRE(::seteuid(user) == 0);
    }
    ~As() { static_cast<void>(::seteuid(before_)); }
    As(const As&) = delete;
    As& operator=(const As&) = delete;

private:
    uid_t before_ = ::geteuid();
};

constexpr uid_t nobody = 65534;

// A database with an account, not opened by anybody.
std::string make_database(const TempDir& dir, int instances = 0)
{
    fs::permissions(dir.path(), fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec |
                                    fs::perms::group_read | fs::perms::others_read);
    const std::string path = dir.file("cvm.db");
    SqliteStore store{path};
    store.insert_account(account_with(instances));
    return path;
}

} // namespace

TEST_CASE("a file that a user cannot write is found before it is opened, and what lies beside it, too")
{
    for (const char* locked : {"", "-wal", "-shm"}) {
        CAPTURE(locked);
        const TempDir dir;
        const std::string path = make_database(dir);
        fs::permissions(dir.path(), fs::perms::all);
        for (const char* end : {"", "-wal", "-shm"}) {
            std::ofstream{path + end, std::ios::app}.close();
            REQUIRE(::chmod((path + end).c_str(), 0666) == 0);
        }
        REQUIRE(::chmod((path + locked).c_str(), 0444) == 0);
        {
            const As somebody{nobody};
            const std::string why = why_unusable(path).value_or("");
            CHECK(why.starts_with(path + ": not writable by uid " + std::to_string(::geteuid()) + ":"));
            CHECK(holds(why, path + locked + " belongs to "));
            CHECK(holds(why, "mode 444: let this user or group write it"));
        }
        if (::geteuid() == 0)
            CHECK(why_unusable(path) == std::nullopt); // whom modes do not bind
    }
}

TEST_CASE("a folder that a user cannot write is found")
{
    const TempDir dir;
    const std::string path = make_database(dir);
    REQUIRE(::chmod(path.c_str(), 0666) == 0);
    REQUIRE(::chmod(dir.path().c_str(), 0555) == 0);
    {
        const As somebody{nobody};
        const std::string why = why_unusable(path).value_or("");
        CHECK(why.starts_with(path + ": not writable by uid " + std::to_string(::geteuid()) + ":"));
        CHECK(holds(why, dir.path().string() + " belongs to "));
    }
    REQUIRE(::chmod(dir.path().c_str(), 0755) == 0);
}

TEST_CASE("a file on a file system that is mounted read-only is found, by root as well")
{
    const TempDir dir;
    const auto why = cvm::test::on_own_file_system(dir.path().string(), "size=4m", [&] {
        const std::string path = make_database(dir);
        cvm::test::make_read_only(dir.path().string());
        const std::string opened = thrown_by<BadDatabase>([&] { SqliteStore{path}; });
        return why_unusable(path).value_or("") + "\n" + opened;
    });
    if (!why)
        return;
    CAPTURE(*why);
    CHECK(why->starts_with(dir.file("cvm.db") + ": on a read-only file system, uid " + std::to_string(::geteuid())));
    CHECK(holds(*why, "--db"));
    CHECK(holds(*why, "\n" + dir.file("cvm.db") + ": cannot be used as a database: "));
}

TEST_CASE("a path that is not a regular file is refused")
{
    const TempDir dir;
    const std::string path = dir.file("cvm.db");
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    CHECK(why_unusable(path) == path + ": not a regular file; name another one with --db");
    fs::remove(path);
    fs::create_directory(path + "-wal");
    CHECK(why_unusable(path) == path + "-wal: a folder; name a file in it with --db");
    fs::remove(path + "-wal");
    CHECK(why_unusable(path) == std::nullopt);
}

TEST_CASE("a kept file to which nothing can be written is found when it is opened")
{
    const TempDir dir;
    const std::string path = make_database(dir);
    const std::string why = thrown_by<BadDatabase>([&] {
        const FullDisk full;
        SqliteStore{path};
    });
    CHECK(why.starts_with(path + ": "));
    CHECK(holds(why, "check whether its file system is full, read-only or broken"));
    CHECK(cash_in(*std::make_unique<SqliteStore>(path)) == 0);
}

TEST_CASE("a damaged page is found when every page is looked at, and told when a call meets it")
{
    const TempDir dir;
    const std::string path = make_database(dir, 2000);
    const auto bytes = fs::file_size(path);
    REQUIRE(bytes > 400'000);
    {
        std::fstream file{path, std::ios::in | std::ios::out | std::ios::binary};
        file.seekp(static_cast<std::streamoff>(bytes / 2));
        file << std::string(bytes / 3, '\xff');
    }
    const std::string why = thrown_by<BadDatabase>([&] { SqliteStore{path, DatabaseCheck::pages}; });
    CAPTURE(why);
    CHECK(why.starts_with(path + ": "));
    CHECK(holds(why, "it is damaged"));
    CHECK(holds(why, ".recover"));

    SqliteStore store{path};
    CHECK(store.why_broken() == std::nullopt);
    const std::string met = thrown_by<BrokenStore>([&] { store.dump_account(uin); });
    CHECK(met.starts_with(path + ": "));
    CHECK(holds(met, "it is damaged"));
    CHECK(store.why_broken() == met);
    CHECK(store.why_broken() == met); // whatever can still be written
}

TEST_CASE("a good file is good in every page")
{
    const TempDir dir;
    const std::string path = make_database(dir, 100);
    CHECK(thrown_by<BadDatabase>([&] { SqliteStore{path, DatabaseCheck::pages}; }) == "");
    CHECK(thrown_by<BadDatabase>([&] { SqliteStore{dir.file("new.db"), DatabaseCheck::pages}; }) == "");
}

TEST_CASE("a store whose writes fail says why until one succeeds")
{
    const TempDir dir;
    SqliteStore store{make_database(dir)};
    CHECK(store.why_broken() == std::nullopt);
    {
        const FullDisk full;
        const std::string why = thrown_by<BrokenStore>([&] { set_cash(store, 1); });
        CHECK(why.starts_with(dir.file("cvm.db") + ": "));
        CHECK(store.why_broken() == why);
        CHECK(store.why_broken() == why);
    }
    CHECK(store.why_broken() == std::nullopt);
    set_cash(store, 2);
    CHECK(cash_in(store) == 2);
    CHECK(cash_in(*std::make_unique<SqliteStore>(dir.file("cvm.db"))) == 2);
}

TEST_CASE("while another process holds the file a store is broken, and afterwards not")
{
    const TempDir dir;
    SqliteStore store{make_database(dir)};
    SqliteStore other{dir.file("cvm.db")};
    {
        const Transaction held{other};
        CHECK(holds(thrown_by<BrokenStore>([&] { set_cash(store, 1); }), "another process holds it"));
        CHECK(holds(store.why_broken().value_or(""), "another process holds it"));
    }
    CHECK(store.why_broken() == std::nullopt);
}

TEST_CASE("a commit shows that no other process holds the file any more")
{
    const TempDir dir;
    SqliteStore store{make_database(dir)};
    SqliteStore other{dir.file("cvm.db")};
    {
        const Transaction held{other};
        CHECK(thrown_by<BrokenStore>([&] { set_cash(store, 1); }) != "");
    }
    set_cash(store, 2);
    const Transaction held{other};
    CHECK(store.why_broken() == std::nullopt); // without a try, which would fail
}

TEST_CASE("other processes can change what is in a file, but not what is in memory")
{
    const TempDir dir;
    CHECK(SqliteStore{make_database(dir)}.is_shared());
    CHECK_FALSE(SqliteStore{":memory:"}.is_shared());
    CHECK(CachingStore{std::make_unique<SqliteStore>(dir.file("cvm.db")), Writes::at_once}.is_shared());
}

TEST_CASE("a failure of a statement itself does not mark the store as broken")
{
    const TempDir dir;
    SqliteStore store{make_database(dir)};
    CHECK_THROWS(store.insert_account(account_with(0)));
    CHECK(store.why_broken() == std::nullopt);
}

TEST_CASE("on a full disk a store is broken until there is room, and loses no committed changes")
{
    const TempDir dir;
    const auto seen = cvm::test::on_own_file_system(dir.path().string(), "size=6m", [&] {
        const std::string path = make_database(dir);
        CachingStore store{std::make_unique<SqliteStore>(path), Writes::at_once};
        std::string course;
        std::int64_t kept = 0;
        const auto note = [&](std::string_view what) {
            course += std::string{what} + (store.why_broken() ? " broken" : " well");
            course +=
                cash_in(store) == kept && cash_in(*std::make_unique<SqliteStore>(path)) == kept ? "\n" : " LOST\n";
        };
        set_cash(store, kept = 5);
        note("with room");
        {
            std::ofstream filler{dir.file("filler")};
            while (filler << std::string(1000, 'x') << std::flush) {
            }
        }
        std::string why;
        for (std::int64_t next = 6; why.empty(); ++next) {
            why = thrown_by<BrokenStore>([&] { set_cash(store, next); });
            kept = why.empty() ? next : kept;
        }
        // Looking at the file from elsewhere needs no room.
        course += holds(why, path + ": database or disk is full; make room") ? "full\n" : why + "\n";
        course += store.why_broken() ? "broken\n" : "well\n";
        course += cash_in(store) == kept ? "kept\n" : "LOST\n";
        fs::remove(dir.file("filler"));
        note("with room again");
        set_cash(store, kept = 1'000'000);
        note("after a write");
        return course;
    });
    if (seen)
        CHECK(*seen == "with room well\nfull\nbroken\nkept\nwith room again well\nafter a write well\n");
}

TEST_CASE("nothing is written to a file that was deleted or replaced while it was open")
{
    const TempDir dir;
    const std::string path = make_database(dir);
    auto store = std::make_unique<CachingStore>(std::make_unique<SqliteStore>(path), Writes::at_once);
    set_cash(*store, 1);
    std::string gone = path;
    SUBCASE("deleted") { fs::rename(path, dir.file("away")); }
    SUBCASE("replaced by a copy")
    {
        fs::copy_file(path, dir.file("copy"));
        fs::rename(path, dir.file("away"));
        fs::rename(dir.file("copy"), path);
    }
    SUBCASE("its log deleted")
    {
        gone = path + "-wal";
        fs::rename(gone, dir.file("away"));
    }
    CHECK(store->why_broken() == std::nullopt); // nobody has written
    const std::string why = thrown_by<BrokenStore>([&] { set_cash(*store, 2); });
    CHECK(why.starts_with(gone + ": deleted or replaced"));
    CHECK(holds(why, "restart"));
    CHECK(store->why_broken() == why);
    CHECK(cash_in(*store) == 1);
    CHECK(store->dump_account(uin).has_value()); // to be exported

    // Not even if it is restored: nobody knows what happened to it meanwhile.
    fs::rename(dir.file("away"), gone);
    CHECK(thrown_by<BrokenStore>([&] { set_cash(*store, 3); }) == why);
    CHECK(store->why_broken() == why);
    store.reset();
    SqliteStore again{path};
    CHECK(again.find_account(uin).has_value());
    CHECK(cash_in(again) == 1);
    CHECK(again.why_broken() == std::nullopt);
}

TEST_CASE("a change outside of a transaction is not written to a file that was deleted, either")
{
    const TempDir dir;
    SqliteStore store{make_database(dir)};
    fs::remove(dir.file("cvm.db"));
    CHECK(holds(thrown_by<BrokenStore>([&] { store.erase_account(uin); }), "deleted or replaced"));
    CHECK(store.find_account(uin).has_value());
}
