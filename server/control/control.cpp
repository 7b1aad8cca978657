#include "server/control/control.hpp"

#include "server/api/catch_up.hpp"
#include "server/auth/crypto.hpp"
#include "server/base/text.hpp"
#include "server/wire/envelope.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace cvm::control {

namespace json = boost::json;
namespace bhttp = boost::beast::http;

namespace {

constexpr std::array<std::string_view, 1> by_account{"account"};
constexpr std::array<std::string_view, 2> by_fault{"account", "id"};
constexpr std::array<std::string_view, 13> by_call{"account",  "action",    "version",    "region", "dialect",
                                                   "method",   "secret_id", "request_id", "code",   "fault",
                                                   "instance", "after",     "limit"};

constexpr std::array all_routes{
    Route{"GET", "/health", get_health},
    Route{"GET", "/_emulator/health", get_health},
    Route{"GET", "/_emulator/openapi.json", get_openapi},
    Route{"GET", "/_emulator/coverage", get_coverage},
    Route{"GET", "/_emulator/clock", get_clock, by_account},
    Route{"POST", "/_emulator/clock", post_clock, by_account},
    Route{"GET", "/_emulator/ledger", get_ledger, by_account},
    Route{"POST", "/_emulator/ledger", post_ledger, by_account},
    Route{"GET", "/_emulator/invariants", get_invariants, by_account},
    Route{"POST", "/_emulator/reset", post_reset, by_account},
    Route{"GET", "/_emulator/state", get_state, by_account},
    Route{"PUT", "/_emulator/state", put_state, by_account},
    Route{"GET", "/_emulator/accounts", get_accounts},
    Route{"POST", "/_emulator/accounts", post_accounts},
    Route{"DELETE", "/_emulator/accounts", delete_accounts, by_account},
    Route{"POST", "/_emulator/accounts/credentials", post_credentials, by_account},
    Route{"GET", "/_emulator/faults", get_faults, by_account},
    Route{"POST", "/_emulator/faults", post_faults, by_account},
    Route{"DELETE", "/_emulator/faults", delete_faults, by_fault},
    Route{"GET", "/_emulator/requests", get_requests, by_call},
    Route{"DELETE", "/_emulator/requests", delete_requests, by_account},
    Route{"POST", "/_emulator/requests/verify", post_verify, by_account},
    Route{"POST", "/_emulator/requests/wait", post_wait, by_account},
    Route{"POST", "/_emulator/signatures/explain", post_explain},
    Route{"GET", "/_emulator/signatures/{RequestId}", get_signature},
};

constexpr unsigned max_json_depth = 32;
constexpr std::size_t max_body_bytes = 1024 * 1024; // of all but a state document

Answer refused(unsigned status, const std::string& what) { return {status, json::object{{"error", printable(what)}}}; }

// Whether a route is for this path; what is open in it goes into `rest`.
bool leads_to(const Route& route, std::string_view path, std::string_view& rest)
{
    const auto open = route.path.find('{');
    if (open == std::string_view::npos)
        return route.path == path;
    if (!path.starts_with(route.path.substr(0, open)) || path.size() == open)
        return false;
    rest = path.substr(open);
    return rest.find('/') == std::string_view::npos;
}

// The route of a request, or the methods that its path takes.
struct Found {
    const Route* route = nullptr;
    std::string_view rest{};
    std::string others{};
};

Found find_route(std::string_view method, std::string_view path)
{
    Found found;
    // A path with a route of its own is not what another leaves open.
    const bool named = std::ranges::any_of(
        all_routes, [&](const Route& route) { return route.path == path && path.find('{') == std::string_view::npos; });
    for (const Route& route : all_routes) {
        std::string_view rest;
        if (found.route != nullptr || !leads_to(route, path, rest) || (named && !rest.empty()))
            continue;
        if (route.method == method || (route.method == "GET" && method == "HEAD")) {
            found.route = &route;
            found.rest = rest;
        } else if (found.others.find(route.method) == std::string::npos) {
            found.others += (found.others.empty() ? "" : ", ") + std::string{route.method};
        }
    }
    return found;
}

std::string known_parameters(const Route& route)
{
    if (route.query.empty())
        return "there is none";
    std::string names;
    for (const std::string_view name : route.query)
        names += (names.empty() ? "`" : ", `") + std::string{name} + "`";
    return (route.query.size() == 1 ? "there is " : "there are ") + names;
}

// Health answers without a token, so that probes need none.
bool authorized(const Services& services, const http::Request& request, const Route& route)
{
    if (services.admin_token.empty() || route.handle == get_health)
        return true;
    const auto given = request[bhttp::field::authorization];
    constexpr std::string_view scheme = "Bearer ";
    return boost::beast::iequals(given.substr(0, scheme.size()), scheme) &&
           auth::equal_constant_time(trimmed({given.data() + scheme.size(), given.size() - scheme.size()}),
                                     services.admin_token);
}

// `foreign`: why the request is not answered, but for health.
Answer dispatch(Services& services, const http::Request& request, std::chrono::milliseconds waited,
                const std::optional<std::string>& foreign)
{
    const wire::Target target = wire::split_target({request.target().data(), request.target().size()});
    const Found found = find_route({request.method_string().data(), request.method_string().size()}, target.path);
    if (foreign && (found.route == nullptr || found.route->handle != get_health))
        return refused(403, *foreign);
    if (found.route == nullptr && found.others.empty())
        return refused(404, "no such path: " + std::string{target.path});
    if (found.route == nullptr)
        return refused(405, std::string{target.path} + " takes " + found.others);
    if (!authorized(services, request, *found.route))
        return refused(401, "send the header Authorization: Bearer <the token given with --admin-token>");

    auto query = wire::parse_form(target.query);
    if (!query)
        return refused(400, "the query is not of the form name=value&name=value");
    const Request read{.query = *std::move(query), .body = request.body(), .rest = found.rest, .waited = waited};
    for (const auto& [name, value] : read.query)
        if (std::ranges::find(found.route->query, name) == found.route->query.end())
            return refused(400, "unknown query parameter `" + name + "`; " + known_parameters(*found.route));
    try {
        return found.route->handle(services, read);
    } catch (const Problem& problem) {
        return refused(problem.status, problem.what());
    } catch (const BadDocument& problem) {
        return refused(400, problem.what());
    }
}

// The answer to a browser that asks whether a page of an allowed origin may send what it wants to send.
http::Response preflight()
{
    http::Response response{bhttp::status::no_content, 11};
    response.set("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE");
    response.set("Access-Control-Allow-Headers", "Authorization, Content-Type");
    return response;
}

} // namespace

std::span<const Route> routes() noexcept { return all_routes; }

bool owns(std::string_view path) noexcept
{
    return path == "/health" || path == "/_emulator" || path.starts_with("/_emulator/");
}

http::Reply handle(Services& services, const http::Request& request, std::chrono::milliseconds waited)
{
    http::Reply reply;
    const auto foreign = refuse_foreign(request, services.guard);
    if (!foreign && request.method() == bhttp::verb::options) {
        reply.response = preflight();
    } else {
        const Answer answer = dispatch(services, request, waited, foreign);
        reply.wait = answer.wait;
        reply.response = http::Response{bhttp::int_to_status(answer.status), 11};
        reply.response.set(bhttp::field::content_type, "application/json");
        if (!answer.wait)
            reply.response.body() = json::serialize(answer.body);
    }
    if (const std::string origin = foreign_origin(request); !foreign && !origin.empty()) {
        reply.response.set("Access-Control-Allow-Origin", origin);
        reply.response.set("Vary", "Origin");
    }
    return reply;
}

state::Account account_of(Services& services, const Request& request)
{
    const auto at = request.query.find("account");
    if (at == request.query.end()) {
        auto account = services.store.default_account();
        if (!account)
            throw Problem{404, "there is no default account; name one with ?account="};
        return *std::move(account);
    }
    const std::string& name = at->second;
    auto account = services.store.find_account(name);
    if (!account)
        if (const auto credential = services.store.find_credential(name))
            account = services.store.find_account(credential->uin);
    if (!account)
        throw Problem{404, "no account has the Uin or SecretId `" + name + "`"};
    return *std::move(account);
}

state::Account current_account_of(Services& services, const Request& request)
{
    return caught_up(services, account_of(services, request));
}

state::Account caught_up(Services& services, const state::Account& account)
{
    api::catch_up(services.store, services.catalog, account, account.clock.now(services.wall.now()));
    return services.store.find_account(account.uin).value();
}

json::object body_of(const Request& request)
{
    if (request.body.empty())
        return {};
    if (request.body.size() > max_body_bytes)
        throw Problem{413, "the body may have " + std::to_string(max_body_bytes) + " bytes here"};
    json::parse_options options;
    options.max_depth = max_json_depth;
    boost::system::error_code ec;
    json::value body = json::parse(request.body, ec, {}, options);
    if (ec)
        throw Problem{400, "the body is not JSON: " + ec.message()};
    if (!body.is_object())
        throw Problem{400, "the body must be a JSON object"};
    return std::move(body.get_object());
}

} // namespace cvm::control
