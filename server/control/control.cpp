#include "server/control/control.hpp"

#include "server/auth/crypto.hpp"
#include "server/base/json_numbers.hpp"
#include "server/base/text.hpp"
#include "server/control/events.hpp"
#include "server/control/inject.hpp"
#include "server/wire/envelope.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace cvm::control {

namespace json = boost::json;
namespace bhttp = boost::beast::http;

namespace {

constexpr std::array<std::string_view, 1> by_account{"account"};
constexpr std::array<std::string_view, 3> by_line{"account", "after", "limit"};
constexpr std::array<std::string_view, 2> by_fault{"account", "id"};
constexpr std::array<std::string_view, 13> by_call{"account",  "action",    "version",    "region", "dialect",
                                                   "method",   "secret_id", "request_id", "code",   "fault",
                                                   "instance", "after",     "limit"};

// Answered without a token and for any host: probes, and clients that do not trust the server yet, have neither.
constexpr Handler health = &inject<get_health>;
constexpr Handler ca = &inject<get_ca>;

bool is_open(const Route& route) { return route.handle == health || route.handle == ca; }

// Answered for any host: scrapers use whatever name their network gives to the server. They can send a token.
constexpr Handler metrics = &inject<get_metrics>;

bool is_for_any_host(const Route& route) { return is_open(route) || route.handle == metrics; }

constexpr std::array<std::string_view, 1> of_faults{"faults"};
constexpr std::array<std::string_view, 1> of_accounts{"accounts"};
constexpr std::array<std::string_view, 1> of_requests{"requests"};

constexpr std::array all_routes{
    Route{"GET", health_path, health},
    Route{"GET", long_health_path, health},
    Route{"GET", metrics_path, metrics},
    Route{"GET", "/_emulator/ca.pem", ca},
    Route{"GET", "/_emulator/openapi.json", &inject<get_openapi>},
    Route{"GET", "/_emulator/coverage", &inject<get_coverage>},
    Route{"GET", "/_emulator/events", &inject<get_events>, by_account},
    Route{"GET", "/_emulator/clock", &inject<get_clock>, by_account},
    Route{"POST", "/_emulator/clock", &inject<post_clock>, by_account, Effect::changes_unless_dry}, // tells by itself
    Route{"GET", "/_emulator/timeline", &inject<get_timeline>, by_line},
    Route{"GET", "/_emulator/ledger", &inject<get_ledger>, by_line},
    Route{"POST", "/_emulator/ledger", &inject<post_ledger>, by_account, Effect::changes, resource_parts},
    Route{"GET", "/_emulator/invariants", &inject<get_invariants>, by_account},
    Route{"POST", "/_emulator/reset", &inject<post_reset>, by_account, Effect::changes, all_parts, Concerns::named},
    Route{"GET", "/_emulator/state", &inject<get_state>, by_account},
    Route{"PUT", "/_emulator/state", &inject<put_state>, by_account, Effect::changes, all_parts, Concerns::named},
    Route{"GET", "/_emulator/accounts", &inject<get_accounts>},
    Route{"POST", "/_emulator/accounts", &inject<post_accounts>, by_account, Effect::changes, of_accounts,
          Concerns::all},
    Route{"DELETE", "/_emulator/accounts", &inject<delete_accounts>, by_account, Effect::changes, of_accounts,
          Concerns::all},
    Route{"POST", "/_emulator/accounts/credentials", &inject<post_credentials>, by_account, Effect::changes,
          of_accounts, Concerns::all},
    Route{"GET", "/_emulator/faults", &inject<get_faults>, by_account},
    Route{"POST", "/_emulator/faults", &inject<post_faults>, by_account, Effect::changes, of_faults},
    Route{"DELETE", "/_emulator/faults", &inject<delete_faults>, by_fault, Effect::changes, of_faults},
    Route{"GET", "/_emulator/requests", &inject<get_requests>, by_call},
    Route{"DELETE", "/_emulator/requests", &inject<delete_requests>, by_account, Effect::changes, of_requests},
    Route{"POST", "/_emulator/requests/verify", &inject<post_verify>, by_account},
    Route{"POST", "/_emulator/requests/wait", &inject<post_wait>, by_account},
    Route{"POST", "/_emulator/call", &inject<post_call>, by_account, Effect::changes},
    Route{"POST", "/_emulator/signatures/explain", &inject<post_explain>, by_account},
    Route{"GET", "/_emulator/signatures/{RequestId}", &inject<get_signature>, by_account},
};

std::string_view to_std(boost::beast::string_view text) { return {text.data(), text.size()}; }

constexpr unsigned max_json_depth = 32;
constexpr std::size_t max_body_bytes = 1024 * 1024; // for everything but a state document

Answer refused(unsigned status, const std::string& what) { return {status, json::object{{"error", printable(what)}}}; }

// Whether a route matches the path; sets `rest` to the variable part of the path.
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

// The route of a request, or the methods that its path supports.
struct Found {
    const Route* route = nullptr;
    std::string_view rest{};
    std::string others{};
};

Found find_route(std::string_view method, std::string_view path)
{
    Found found;
    // A path with its own route does not match a route with a variable part.
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
        return "this path takes none";
    std::string names;
    for (const std::string_view name : route.query)
        names += (names.empty() ? "`" : ", `") + std::string{name} + "`";
    return (route.query.size() == 1 ? "there is " : "there are ") + names;
}

bool authorized(const Services& services, const http::Request& request, const Route& route)
{
    if (services.admin_token.empty() || is_open(route))
        return true;
    const auto given = request[bhttp::field::authorization];
    constexpr std::string_view scheme = "Bearer ";
    return boost::beast::iequals(given.substr(0, scheme.size()), scheme) &&
           auth::equal_constant_time(trimmed({given.data() + scheme.size(), given.size() - scheme.size()}),
                                     services.admin_token);
}

// Whether a page in a browser sent the request: browsers add these headers, except to some GET requests, and no page
// can add or remove them.
bool comes_from_browser(const http::Request& request)
{
    return request.count(bhttp::field::origin) > 0 || request.count("Sec-Fetch-Site") > 0;
}

bool changes_state(const Route& route, const Request& request)
{
    if (route.effect != Effect::changes_unless_dry)
        return route.effect == Effect::changes;
    const json::object body = body_of(request);
    const auto* dry = body.if_contains("dry_run");
    return dry == nullptr || *dry != json::value(true);
}

// The account that a change concerns; nullopt: all accounts.
std::optional<std::string> concerned(const Services& services, const Route& route, const Request& request)
{
    if (route.concerns == Concerns::all || (route.concerns == Concerns::named && !request.query.contains("account")))
        return std::nullopt;
    try {
        return account_of(services.store, request).uin;
    } catch (const Problem&) {
        return std::nullopt; // it no longer exists, or never did
    }
}

// Notifies listeners if a request has changed something. `caught_up`: whether overdue events were processed first.
void tell(const Services& services, const Route& route, const Request& request, const Answer& answer, bool caught_up)
{
    const bool over = answer.status < 300 && !answer.wait && !answer.continue_after;
    if (!over || route.effect == Effect::looks) {
        if (over && caught_up)
            services.events.add_change(concerned(services, route, request), resource_parts);
        return;
    }
    if (route.parts.empty() || !changes_state(route, request))
        return;
    services.events.add_change(concerned(services, route, request), route.parts);
}

// `foreign`: the reason not to answer the request, unless its route is for any host.
Answer dispatch(const Services& services, const http::Request& request, const http::Arrival& arrival,
                const std::optional<std::string>& foreign)
{
    const wire::Target target = wire::split_target({request.target().data(), request.target().size()});
    const Found found = find_route({request.method_string().data(), request.method_string().size()}, target.path);
    if (foreign && (found.route == nullptr || !is_for_any_host(*found.route)))
        return refused(403, *foreign);
    if (found.route == nullptr && found.others.empty())
        return refused(404, "no such path: " + std::string{target.path});
    if (found.route == nullptr)
        return {.status = 405,
                .body = json::object{{"error", printable(std::string{target.path} + " takes " + found.others)}},
                .headers = {{bhttp::field::allow, found.others}}};
    if (!authorized(services, request, *found.route))
        return refused(401, "send the header Authorization: Bearer <the token given with --admin-token>");

    auto query = wire::parse_form(target.query);
    if (!query)
        return refused(400, "the query is not of the form name=value&name=value");
    const Request read{.query = *std::move(query),
                       .body = request.body(),
                       .rest = found.rest,
                       .waited = arrival.waited,
                       .kept = arrival.kept,
                       .last_event_id = to_std(request["Last-Event-ID"])};
    for (const auto& [name, value] : read.query)
        if (std::ranges::find(found.route->query, name) == found.route->query.end())
            return refused(400, "unknown query parameter `" + name + "`; " + known_parameters(*found.route));
    try {
        if (services.console == ConsoleMode::read_only && comes_from_browser(request) &&
            changes_state(*found.route, read))
            return refused(
                403, "the server was started with --console read-only: browsers can read but not change anything");
        const std::uint64_t transactions = services.store.transactions();
        Answer answer = found.route->handle(services, read);
        if (services.events.heard())
            tell(services, *found.route, read, answer, services.store.transactions() != transactions);
        return answer;
    } catch (const Problem& problem) {
        return refused(problem.status, problem.what());
    } catch (const BadDocument& problem) {
        return refused(400, problem.what());
    }
}

// The answer to a preflight request of a browser for a page of an allowed origin.
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
    return path == health_path || path == metrics_path || path == "/_emulator" || path.starts_with("/_emulator/");
}

http::Reply handle(const Services& services, const http::Request& request, const http::Arrival& arrival)
{
    http::Reply reply;
    // The page is not a secret, and any other page may link to it.
    if (is_console(wire::split_target({request.target().data(), request.target().size()}).path) &&
        !refuse_foreign_host(request, services.guard)) {
        reply.response = console_response(request, services.console);
        return reply;
    }
    const auto foreign = refuse_foreign(request, services.guard);
    if (!foreign && request.method() == bhttp::verb::options) {
        reply.response = preflight();
    } else {
        Answer answer = dispatch(services, request, arrival, foreign);
        reply.wait = answer.wait;
        reply.continue_after = answer.continue_after;
        reply.response = http::Response{bhttp::int_to_status(answer.status), 11};
        const bool pem = !answer.pem.empty();
        const std::string_view type = pem ? "application/x-pem-file" : answer.type;
        reply.response.set(bhttp::field::content_type, boost::beast::string_view{type.data(), type.size()});
        for (const auto& [field, value] : answer.headers)
            reply.response.set(field, value);
        reply.delivery.delay = answer.delay;
        reply.state_changed = answer.state_changed;
        reply.body = std::move(answer.pieces);
        reply.live = std::move(answer.live);
        if (!answer.wait && !answer.continue_after && !reply.body && !reply.live)
            reply.response.body() = pem                    ? std::move(answer.pem)
                                    : !answer.text.empty() ? std::move(answer.text)
                                                           : json::serialize(answer.body);
    }
    if (const std::string origin = foreign_origin(request); !foreign && !origin.empty()) {
        reply.response.set("Access-Control-Allow-Origin", origin);
        reply.response.set("Vary", "Origin");
    }
    return reply;
}

json::object body_of(const Request& request)
{
    if (request.body.empty())
        return {};
    if (request.body.size() > max_body_bytes)
        throw Problem{413, "the body may have at most " + std::to_string(max_body_bytes) + " bytes here"};
    json::parse_options options;
    options.max_depth = max_json_depth;
    boost::system::error_code ec;
    const std::string_view text = without_byte_order_mark(request.body);
    json::value body = json::parse(json::string_view{text.data(), text.size()}, ec, {}, options);
    if (ec)
        throw Problem{400, "the body is not JSON: " + ec.message()};
    if (!body.is_object())
        throw Problem{400, "the body must be a JSON object"};
    make_whole_numbers(body);
    return std::move(body.get_object());
}

} // namespace cvm::control
