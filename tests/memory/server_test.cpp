// Lack of memory in the HTTP layer: at worst a connection ends, and the server keeps running.

#include "server/http/listener.hpp"
#include "tests/memory/small_account.hpp"
#include "tests/support/emulator.hpp"
#include "tests/support/failing_memory.hpp"
#include "tests/support/http/client.hpp"
#include "tests/support/http/server_fixture.hpp"
#include "tests/support/http/server_thread.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <string>

namespace cvm::http::test {

namespace {

using cvm::test::Failing;
using cvm::test::FailingMemory;

// The whole server on a file, so that answers are held back. Its allocations can be made to fail.
class Failable {
public:
    Failable()
    {
        replace_all(store_, emulator_.fixtures.accounts(emulator_.wall.now()));
        port_ = server_.listen("127.0.0.1", 0).port();
        thread_.start([this] { server_.run(); });
    }
    ~Failable()
    {
        thread_.stop([this] { server_.stop_now(); });
    }
    Failable(const Failable&) = delete;
    Failable& operator=(const Failable&) = delete;

    std::uint16_t port() const { return port_; }

    void fail(std::uint64_t number)
    {
        thread_.run([&] {
            emulator_.nonces.clear();
            failing_.emplace(number, Failing::once);
        });
    }

    // Whether an allocation failed.
    bool end_failing()
    {
        bool failed = false;
        thread_.run([&] {
            failed = FailingMemory::failed();
            failing_.reset();
        });
        return failed;
    }

    std::size_t connections()
    {
        std::size_t count = 0;
        thread_.run([&] { count = server_.connections(); });
        return count;
    }

    std::string text_of(const Call& call) { return Served::text_of(cvm::test::sign(call, emulator_.wall.now())); }

private:
    cvm::test::TempDir dir_;
    cvm::test::Emulator emulator_{cvm::test::small_account()};
    state::CachingStore store_{std::make_unique<state::SqliteStore>(dir_.file("cvm.db")), state::Writes::at_once};
    App app_{emulator_.services(store_), emulator_.catalog, emulator_.ids, emulator_.log, {.shared_commit = true}};
    ServerThread thread_;
    Server server_{thread_.io(), app_, {}, [](Importance, std::string_view) {}};
    std::uint16_t port_ = 0;
    std::optional<FailingMemory> failing_;
};

Call modify(std::string_view flag)
{
    return {.action = "ModifyInstancesRenewFlag", .params = {{"InstanceIds", {"ins-r8hr2upy"}}, {"RenewFlag", flag}}};
}

} // namespace

TEST_CASE("each allocation between connecting and the end of a connection may fail, and other clients are served")
{
    Failable server;
    const std::string requests[] = {get("/health", "Connection: close\r\n"), get("/health", "Connection: close\r\n"),
                                    server.text_of(modify("NOTIFY_AND_AUTO_RENEW")),
                                    post("/_emulator/requests/wait", R"({"match":{"action":"NoSuch"},"timeout_ms":1})"),
                                    "nonsense\r\n\r\n"};
    for (const std::string& request : requests) {
        CAPTURE(request.substr(0, 20));
        bool failed = true;
        for (std::uint64_t number = 1; failed; ++number) {
            CAPTURE(number);
            Client other{server.port()};
            CHECK(other.exchange(get("/health")).status == 200);
            server.fail(number);
            {
                Client client{server.port()};
                client.send(request);
                client.receive(); // or the connection ends
            }
            // A connection that was accepted before, and a later one.
            const bool kept = other.send(get("/health")) && other.receive().has_value();
            failed = server.end_failing();
            CHECK((kept || failed));
            Client next{server.port()};
            CHECK(next.exchange(get("/health")).status == 200);
            CHECK(next.exchange(server.text_of(modify("NOTIFY_AND_MANUAL_RENEW"))).status == 200);
            REQUIRE(number < 10'000);
        }
    }
    // No connection was forgotten.
    const auto until = std::chrono::steady_clock::now() + patience;
    while (server.connections() > 0 && std::chrono::steady_clock::now() < until) {
    }
    CHECK(server.connections() == 0);
}

} // namespace cvm::http::test
