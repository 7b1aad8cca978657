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

// The control API: /health, /metrics and everything under /_emulator/. JSON in, JSON out, never signed.

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

// Whether the path is answered without checking for changes by other processes.
constexpr bool is_health(std::string_view path) noexcept { return path == health_path || path == long_health_path; }

inline constexpr std::string_view metrics_path = "/metrics";

struct Figures; // figures.hpp
class Events;   // events.hpp

// The parts of the server, as main() puts them together. All must outlive the server. No resource sees the whole
// struct: inject.hpp passes each one what it uses.
struct Services {
    state::Store& store;
    const Fixtures& fixtures;
    const state::WallClock& wall;
    calls::Journal& journal;
    calls::Faults& faults;
    auth::Nonces& nonces;
    auth::SigningKeys& signing_keys;
    Random& random; // for generated keys and seeds
    Figures& figures;
    Events& events;
    std::string admin_token; // empty: none is required
    Guard guard{};
    ConsoleMode console = ConsoleMode::on;
    tls::Identity* identity = nullptr;         // the server's TLS identity; nullptr: no TLS
    std::shared_ptr<api::Catalogs> catalogs{}; // set by App
    // Makes a call as if it had come over HTTPS; set by App.
    std::function<http::Reply(const http::Request&)> call_api{};
};

struct Request {
    std::map<std::string, std::string, std::less<>> query{};
    std::string_view body{};
    std::string_view rest{};            // the variable part of the path
    std::chrono::milliseconds waited{}; // since the request was first handled
    std::any* kept = nullptr;           // http::Arrival::kept; nullptr: the answer must be given now
    std::string_view last_event_id{};   // the header Last-Event-ID, sent by clients that reconnect
};

struct Answer {
    unsigned status = 200;
    boost::json::value body{};
    // No answer yet: handle again after another request, or after this time.
    std::optional<std::chrono::milliseconds> wait{};
    // No answer yet: handle again after others that have arrived, and after this time.
    std::optional<std::chrono::milliseconds> continue_after{};
    std::string pem{};                          // the answer, if it is a certificate and not JSON
    std::string text{};                         // the answer, if its text is already there; `body` may be a part of it
    std::string_view type = "application/json"; // the content type of `text`
    std::unique_ptr<http::BodySource> pieces{}; // the answer, if it is JSON that is generated while it is sent
    std::unique_ptr<http::LiveBody> live{};     // the answer, if it continues until the client leaves
    std::vector<std::pair<boost::beast::http::field, std::string>> headers{}; // in addition to Content-Type
    std::chrono::milliseconds delay{};                                        // before the answer is sent
    bool state_changed = false;                                               // waiting requests may now be answered
};

// A request that cannot be executed: the status and a sentence that says what to do.
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
    changes_unless_dry, // only looks with "dry_run": true in the body
};

// The accounts that a change concerns.
enum class Concerns {
    one,   // the account that the request names, or the default one
    named, // the account that the request names, or all
    all,
};

struct Route {
    std::string_view method;
    std::string_view path; // a last segment in braces matches anything
    Handler handle;
    std::span<const std::string_view> query{}; // the known query parameters
    Effect effect = Effect::looks;
    std::span<const std::string_view> parts{}; // of the state that it changes, as in GET /_emulator/events
    Concerns concerns = Concerns::one;
};

std::span<const Route> routes() noexcept;

// Whether the path belongs to the control API.
bool owns(std::string_view path) noexcept;

// The maximum body size in bytes: an export of a large account must fit.
inline constexpr std::uint64_t body_limit = std::uint64_t{64} * 1024 * 1024;

// Answers any request to a path that it owns. An exception other than Problem and BadDocument passes through.
http::Reply handle(const Services& services, const http::Request& request, const http::Arrival& arrival);

// --- for the resources ---

// The body as a JSON object; {} if it is empty. Problem 400, or 413 for more than a mebibyte.
boost::json::object body_of(const Request& request);

struct Accounts;      // account_lookup.hpp
struct FreshAccounts; // fresh_account.hpp
struct CallMemory;    // call_memory.hpp

// Makes a call of the API.
struct ApiCall {
    const std::function<http::Reply(const http::Request&)>& make;
    const calls::Journal& journal;
};

// The resources, one file each. A resource declares what it uses as parameters; the route table injects them
// (inject.hpp).
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
Answer post_clock(const Accounts& accounts, Events& events, const Request& request);
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
