// Calls that arrive together on a server with a database file: over real sockets.
#include "server/http/listener.hpp"
#include "tests/support/emulator.hpp"
#include "tests/support/full_disk.hpp"
#include "tests/support/http/server_fixture.hpp"
#include "tests/support/http/server_thread.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

namespace cvm::http::test {

namespace {

// Several clients of a server on a file.
struct OnFile {
    OnFile()
    {
        replace_all(store, emulator.fixtures.accounts(emulator.wall.now()));
        port = server.listen("127.0.0.1", 0).port();
        thread.start();
        for (int i = 0; i < 8; ++i)
            clients.emplace_back(port);
    }
    ~OnFile()
    {
        thread.stop([this] { server.stop_now(); });
    }
    OnFile(const OnFile&) = delete;
    OnFile& operator=(const OnFile&) = delete;

    // The codes in the answers to renewals that reach the server at the same time.
    std::vector<std::string> renew_together()
    {
        for (Client& client : clients)
            client.exchange(get("/health"));
        const Call call{
            .action = "RenewInstances", .params = renewal("ins-r8hr2upy"), .host = "127.0.0.1:" + std::to_string(port)};
        const std::string request = Served::text_of(cvm::test::sign(call, emulator.wall.now()));
        thread.run([&] {
            for (Client& client : clients)
                CHECK(client.send(request));
        });
        std::vector<std::string> codes;
        for (Client& client : clients) {
            const json::object answer = json::parse(client.receive().value().body).at("Response").as_object();
            const auto* problem = answer.if_contains("Error");
            codes.push_back(problem != nullptr ? text(problem->at("Code")) : "OK");
        }
        return codes;
    }

    // As seen by another process.
    std::size_t orders()
    {
        state::SqliteStore other{dir.file("cvm.db")};
        return other.list_deals_of(other.default_account().value().uin, "ins-r8hr2upy").size();
    }

    cvm::test::TempDir dir;
    cvm::test::Emulator emulator;
    state::CachingStore store{std::make_unique<state::SqliteStore>(dir.file("cvm.db")), state::Writes::at_once};
    App app{emulator.services(store),
            emulator.catalog,
            emulator.ids,
            emulator.log,
            {.shared_commit = true, .longest_shared = std::chrono::hours{1}}};
    ServerThread thread;
    Server server{thread.io(), app, {}, [](Importance, std::string_view) {}};
    std::uint16_t port = 0;
    std::vector<Client> clients;
};

} // namespace

TEST_CASE_FIXTURE(OnFile, "calls that arrive together are in the file when they are answered")
{
    const std::size_t before = orders();
    CHECK(renew_together() == std::vector<std::string>(8, "OK"));
    CHECK(orders() == before + 8);
    CHECK(renew_together() == std::vector<std::string>(8, "OK"));
    CHECK(orders() == before + 16);
}

TEST_CASE_FIXTURE(OnFile, "calls that arrive together on a full disk all fail, and later ones work again")
{
    const std::size_t before = orders();
    {
        const cvm::test::FullDisk full;
        CHECK(renew_together() == std::vector<std::string>(8, "InternalServerError"));
    }
    CHECK(orders() == before);
    CHECK(renew_together() == std::vector<std::string>(8, "OK"));
    CHECK(orders() == before + 8);
}

} // namespace cvm::http::test
