#pragma once

#include "server/api/catalog.hpp"
#include "server/control/events.hpp"
#include "server/document/fixtures.hpp"
#include "server/gateway/app.hpp"
#include "server/tls/identity.hpp"
#include "state/store/caching_store.hpp"
#include "state/store/sqlite_store.hpp"
#include "tests/support/call.hpp"

#include <boost/json.hpp>

#include <string>
#include <string_view>

// The whole server without sockets: App on a store in memory, with a real clock that is stopped, and predictable
// RequestIds.

namespace cvm::test {

class StillClock final : public state::WallClock {
public:
    explicit StillClock(state::Instant instant) : instant_{instant} {}
    state::Instant now() const override { return instant_; }
    void set(state::Instant instant) { instant_ = instant; }

private:
    state::Instant instant_;
};

class FixedRequestIds final : public RequestIds {
public:
    std::string next() override
    {
        if (!counting)
            return fixed;
        const std::string number = std::to_string(++count);
        return "00000000-0000-4000-8000-" + std::string(12 - number.size(), '0') + number;
    }

    bool counting = false; // consecutive ids: 00000000-0000-4000-8000-000000000001, ...2
    std::uint64_t count = 0;
    static constexpr std::string_view value = "6ef60bec-0242-43af-bb20-270359fb54a7";
    std::string fixed{value}; // every id, unless `counting`
};

http::Request control_request(std::string_view method, std::string_view target, std::string_view body = {});

// The reply with a body in pieces joined together.
http::Reply whole(http::Reply reply);

class Emulator {
public:
    explicit Emulator(Fixtures fixtures = Fixtures::built_in(), state::Instant now = test_time);

    // The server's reply, whatever it is; a body in pieces is joined, a live one is read as far as it exists.
    http::Reply reply(const http::Request& request, std::chrono::milliseconds waited = {})
    {
        return whole(app.handle(request, {.waited = waited}));
    }
    http::Response send(const http::Request& request) { return reply(request).response; }

    // The parts of a server, for a second one.
    control::Services services(state::Store& of);

    // The exact body of the answer.
    std::string call(const Call& call);

    // The parsed answer without the envelope: the members of Response.
    boost::json::object response(const Call& call);

    // Error.Code of the answer; "OK" if there is none.
    std::string code(const Call& call);

    // A request to the control API; returns the body of the answer. Throws if the status is not `status`.
    boost::json::value control(std::string_view method, std::string_view target, std::string_view body = {},
                               unsigned status = 200);

    // GET /_emulator/state.
    boost::json::value state() { return control("GET", "/_emulator/state"); }

    // One instance of the default account, as DescribeInstances shows it.
    boost::json::object instance(std::string_view id);

    StillClock wall;
    Fixtures fixtures;
    state::CachingStore store{std::make_unique<state::SqliteStore>(":memory:"), state::Writes::when_needed};
    api::Catalog catalog = api::built_in_catalog();
    FixedRequestIds ids;
    Log log{LogLevel::off};
    calls::Journal journal{{}};
    calls::Faults faults;
    auth::Nonces nonces;
    auth::SigningKeys signing_keys;
    Random random{1};
    control::Figures figures;
    control::Events events{"drawn"};
    tls::Identity identity{{.names = {"localhost"}}, wall, log};
    App app;
};

} // namespace cvm::test
