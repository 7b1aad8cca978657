#pragma once

#include "server/api/catalog.hpp"
#include "server/fixtures.hpp"
#include "server/http/message.hpp"
#include "state/clock.hpp"
#include "state/store.hpp"

#include <boost/json/value.hpp>

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

// The control surface: /health and everything under /_emulator/. JSON in, JSON out, never signed.

namespace cvm::control {

// What the resources may touch. Borrowed.
struct Parts {
    state::Store& store;
    const Fixtures& fixtures;
    const state::WallClock& wall;
    std::string admin_token; // empty: none is asked for
    const api::Catalog& catalog = api::built_in_catalog();
};

struct Request {
    std::map<std::string, std::string, std::less<>> query;
    std::string_view body;
};

struct Answer {
    unsigned status = 200;
    boost::json::value body;
};

// A request that cannot be done: the status and a sentence that says what to do.
struct Problem : std::runtime_error {
    Problem(unsigned code, const std::string& what) : std::runtime_error{what}, status{code} {}
    unsigned status;
};

// A resource's method. Throws Problem, or BadDocument for a document in the request.
using Handler = Answer (*)(Parts& parts, const Request& request);

struct Route {
    std::string_view method;
    std::string_view path;
    Handler handle;
};

std::span<const Route> routes() noexcept;

// Whether the path belongs to the control surface.
bool owns(std::string_view path) noexcept;

// The largest body in bytes: an export of a large account must fit.
inline constexpr std::uint64_t body_limit = std::uint64_t{64} * 1024 * 1024;

// Answers any request to a path that it owns. An exception other than Problem and BadDocument passes through.
http::Response handle(Parts& parts, const http::Request& request);

// --- for the resources ---

// The account named by ?account= (a Uin or a SecretId), or the default account. Problem 404 if there is none such.
state::Account account_of(Parts& parts, const Request& request);

// The same, after everything that its clock has made due.
state::Account settled_account_of(Parts& parts, const Request& request);

// The body as a JSON object, {} if it is empty. Problem 400.
boost::json::object body_of(const Request& request);

// The resources, a file each.
Answer get_health(Parts& parts, const Request& request);
Answer get_coverage(Parts& parts, const Request& request);
Answer get_clock(Parts& parts, const Request& request);
Answer post_clock(Parts& parts, const Request& request);
Answer post_reset(Parts& parts, const Request& request);
Answer get_ledger(Parts& parts, const Request& request);
Answer post_ledger(Parts& parts, const Request& request);
Answer get_invariants(Parts& parts, const Request& request);
Answer get_state(Parts& parts, const Request& request);
Answer put_state(Parts& parts, const Request& request);

} // namespace cvm::control
