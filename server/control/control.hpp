#pragma once

#include "server/api/catalog.hpp"
#include "server/base/random.hpp"
#include "server/control/guard.hpp"
#include "server/document/fixtures.hpp"
#include "server/http/message.hpp"
#include "state/model/clock.hpp"
#include "state/store/store.hpp"

#include <boost/json/value.hpp>

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

// The control surface: /health and everything under /_emulator/. JSON in, JSON out, never signed.

namespace cvm::auth {
class Nonces;
}

namespace cvm::calls {
class Faults;
class Journal;
} // namespace cvm::calls

namespace cvm::control {

// What the resources may touch. Borrowed.
struct Services {
    state::Store& store;
    const Fixtures& fixtures;
    const state::WallClock& wall;
    calls::Journal& journal;
    calls::Faults& faults;
    auth::Nonces& nonces;
    Random& random;          // of made-up keys and seeds
    std::string admin_token; // empty: none is asked for
    Guard guard{};
    const api::Catalog& catalog = api::built_in_catalog();
};

struct Request {
    std::map<std::string, std::string, std::less<>> query{};
    std::string_view body{};
    std::string_view rest{};            // of the path, where the route leaves it open
    std::chrono::milliseconds waited{}; // since the request was handled first
};

struct Answer {
    unsigned status = 200;
    boost::json::value body;
    std::optional<std::chrono::milliseconds> wait{}; // none yet: to be asked again after another request, or then
};

// A request that cannot be done: the status and a sentence that says what to do.
struct Problem : std::runtime_error {
    Problem(unsigned code, const std::string& what) : std::runtime_error{what}, status{code} {}
    unsigned status;
};

// A resource's method. Throws Problem, or BadDocument for a document in the request.
using Handler = Answer (*)(Services& services, const Request& request);

struct Route {
    std::string_view method;
    std::string_view path; // one that ends with a name in braces takes anything there
    Handler handle;
    std::span<const std::string_view> query{}; // the parameters it knows
};

std::span<const Route> routes() noexcept;

// Whether the path belongs to the control surface.
bool owns(std::string_view path) noexcept;

// The largest body in bytes: an export of a large account must fit.
inline constexpr std::uint64_t body_limit = std::uint64_t{64} * 1024 * 1024;

// Answers any request to a path that it owns. An exception other than Problem and BadDocument passes through.
http::Reply handle(Services& services, const http::Request& request, std::chrono::milliseconds waited);

// --- for the resources ---

// The account named by ?account= (a Uin or a SecretId), or the default account. Problem 404 if there is none such.
state::Account account_of(Services& services, const Request& request);

// What ?account= says for calls that no account can be named for, because their SecretId is not known.
inline constexpr std::string_view nobody = "none";

// An account after everything that its clock has made due.
state::Account caught_up(Services& services, const state::Account& account);

// Both.
state::Account current_account_of(Services& services, const Request& request);

// The body as a JSON object, {} if it is empty. Problem 400, or 413 for more than a mebibyte.
boost::json::object body_of(const Request& request);

// The resources, a file each.
Answer get_health(Services& services, const Request& request);
Answer get_coverage(Services& services, const Request& request);
Answer get_accounts(Services& services, const Request& request);
Answer post_accounts(Services& services, const Request& request);
Answer delete_accounts(Services& services, const Request& request);
Answer post_credentials(Services& services, const Request& request);
Answer get_faults(Services& services, const Request& request);
Answer post_faults(Services& services, const Request& request);
Answer delete_faults(Services& services, const Request& request);
Answer get_requests(Services& services, const Request& request);
Answer delete_requests(Services& services, const Request& request);
Answer post_verify(Services& services, const Request& request);
Answer post_wait(Services& services, const Request& request);
Answer get_signature(Services& services, const Request& request);
Answer post_explain(Services& services, const Request& request);
Answer get_openapi(Services& services, const Request& request);
Answer get_clock(Services& services, const Request& request);
Answer post_clock(Services& services, const Request& request);
Answer post_reset(Services& services, const Request& request);
Answer get_ledger(Services& services, const Request& request);
Answer post_ledger(Services& services, const Request& request);
Answer get_invariants(Services& services, const Request& request);
Answer get_state(Services& services, const Request& request);
Answer put_state(Services& services, const Request& request);

} // namespace cvm::control
