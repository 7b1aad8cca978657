#pragma once

#include "server/api/catalogs.hpp"
#include "server/base/random.hpp"
#include "server/control/console.hpp"
#include "server/control/guard.hpp"
#include "server/document/fixtures.hpp"
#include "server/http/message.hpp"
#include "state/model/clock.hpp"
#include "state/store/store.hpp"

#include <boost/json/value.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The control surface: /health, /metrics and everything under /_emulator/. JSON in, JSON out, never signed.

namespace cvm::auth {
class Nonces;
class SigningKeys;
} // namespace cvm::auth

namespace cvm::calls {
class Faults;
class Journal;
} // namespace cvm::calls

namespace cvm::tls {
class Identity;
}

namespace cvm::control {

inline constexpr std::string_view health_path = "/health";
inline constexpr std::string_view long_health_path = "/_emulator/health";

// Whether the path is answered without a look at what other processes have done to the state.
constexpr bool is_health(std::string_view path) noexcept { return path == health_path || path == long_health_path; }

// What the server is made of, as main() puts it together. Borrowed. No resource sees it whole: inject.hpp hands each
// one what it uses.
inline constexpr std::string_view metrics_path = "/metrics";

struct Figures; // figures.hpp
class Events;   // events.hpp

struct Services {
    state::Store& store;
    const Fixtures& fixtures;
    const state::WallClock& wall;
    calls::Journal& journal;
    calls::Faults& faults;
    auth::Nonces& nonces;
    auth::SigningKeys& signing_keys;
    Random& random; // of made-up keys and seeds
    Figures& figures;
    Events& events;
    std::string admin_token; // empty: none is asked for
    Guard guard{};
    ConsoleMode console = ConsoleMode::on;
    tls::Identity* identity = nullptr;                           // of the server in TLS; nullptr: it speaks none
    std::shared_ptr<api::Catalogs> catalogs{};                   // App makes them
    std::function<http::Reply(const http::Request&)> call_api{}; // as if it had come over HTTPS; likewise
};

struct Request {
    std::map<std::string, std::string, std::less<>> query{};
    std::string_view body{};
    std::string_view rest{};            // of the path, where the route leaves it open
    std::chrono::milliseconds waited{}; // since the request was handled first
    std::any* kept = nullptr;           // http::Arrival::kept; nullptr: there must be an answer at once
    std::string_view last_event_id{};   // the header, which those send who listened before
};

struct Answer {
    unsigned status = 200;
    boost::json::value body{};
    std::optional<std::chrono::milliseconds> wait{}; // none yet: to be asked again after another request, or then
    bool unfinished = false;                         // none yet: to be asked again soon
    std::string pem{};                               // the answer, if it is a certificate and not JSON
    std::string text{};                              // the answer, if its text is ready
    std::string_view type = "application/json";      // of that text
    std::unique_ptr<http::BodySource> pieces{};      // the answer, if it is JSON that is sent while it is made
    std::unique_ptr<http::LiveBody> live{};          // the answer, if it goes on until the client leaves
    std::vector<std::pair<boost::beast::http::field, std::string>> headers{}; // besides Content-Type
    std::chrono::milliseconds delay{};                                        // before it is sent
    bool state_changed = false; // those that wait may have what they wait for
};

// A request that cannot be done: the status and a sentence that says what to do.
struct Problem : std::runtime_error {
    Problem(unsigned code, const std::string& what) : std::runtime_error{what}, status{code} {}
    unsigned status;
};

// A method of a resource. Throws Problem, or BadDocument for a document in the request.
using Handler = Answer (*)(const Services& services, const Request& request);

// What a request does to the state.
enum class Effect {
    looks,
    changes,
    changes_unless_dry, // with "dry_run": true in the body it looks
};

// Whom a change concerns.
enum class Concerns {
    one,   // the account that the request names, or the default one
    named, // the account that the request names, or all
    all,
};

struct Route {
    std::string_view method;
    std::string_view path; // one that ends with a name in braces takes anything there
    Handler handle;
    std::span<const std::string_view> query{}; // the parameters it knows
    Effect effect = Effect::looks;
    std::span<const std::string_view> parts{}; // of the state that it changes, as GET /_emulator/events tells them
    Concerns concerns = Concerns::one;
};

std::span<const Route> routes() noexcept;

// Whether the path belongs to the control surface.
bool owns(std::string_view path) noexcept;

// The largest body in bytes: an export of a large account must fit.
inline constexpr std::uint64_t body_limit = std::uint64_t{64} * 1024 * 1024;

// Answers any request to a path that it owns. An exception other than Problem and BadDocument passes through.
http::Reply handle(const Services& services, const http::Request& request, const http::Arrival& arrival);

// --- for the resources ---

// The body as a JSON object, {} if it is empty. Problem 400, or 413 for more than a mebibyte.
boost::json::object body_of(const Request& request);

struct Accounts;      // account_lookup.hpp
struct FreshAccounts; // fresh_account.hpp
struct CallMemory;    // call_memory.hpp

// Makes a call of the API.
struct ApiCall {
    const std::function<http::Reply(const http::Request&)>& make;
    const calls::Journal& journal;
};

// The resources, a file each. A resource declares what it uses; the table of routes injects it (inject.hpp).
Answer get_health(state::Store& store);
Answer get_metrics(const Figures& figures, const calls::Journal& journal, state::Store& store);
Answer get_ca(tls::Identity* identity);
Answer get_coverage();
Answer get_openapi();
Answer get_accounts(const Accounts& accounts);
Answer post_accounts(state::Store& store, const FreshAccounts& fresh, const state::WallClock& wall, Random& random,
                     const Request& request);
Answer delete_accounts(state::Store& store, const CallMemory& memory, const Request& request);
Answer post_credentials(state::Store& store, const state::WallClock& wall, Random& random, const Request& request);
Answer get_faults(state::Store& store, calls::Faults& faults, const state::WallClock& wall, const Request& request);
Answer post_faults(state::Store& store, calls::Faults& faults, const state::WallClock& wall, Random& random,
                   const Request& request);
Answer delete_faults(state::Store& store, calls::Faults& faults, const Request& request);
Answer get_requests(state::Store& store, const calls::Journal& journal, const Request& request);
Answer delete_requests(state::Store& store, calls::Journal& journal, const Request& request);
Answer post_verify(state::Store& store, const calls::Journal& journal, const Request& request);
Answer post_wait(state::Store& store, const calls::Journal& journal, const Request& request);
Answer get_signature(state::Store& store, const calls::Journal& journal, const Request& request);
Answer post_explain(state::Store& store, const state::WallClock& wall, const Request& request);
Answer get_clock(const Accounts& accounts, const Request& request);
Answer post_clock(const Accounts& accounts, const Request& request);
Answer post_reset(state::Store& store, const FreshAccounts& fresh, const CallMemory& memory, auth::Nonces& nonces,
                  const Request& request);
Answer get_events(state::Store& store, Events& events, const ConsoleMode& console, const Request& request);
Answer post_call(state::Store& store, const ApiCall& api, const state::WallClock& wall, const Request& request);
Answer get_timeline(const Accounts& accounts, const Request& request);
Answer get_ledger(const Accounts& accounts, const Request& request);
Answer post_ledger(const Accounts& accounts, const Request& request);
Answer get_invariants(const Accounts& accounts, const Request& request);
Answer get_state(const Accounts& accounts, const Request& request);
Answer put_state(state::Store& store, const CallMemory& memory, const state::WallClock& wall, const Request& request);

} // namespace cvm::control
