#include "server/control/control.hpp"

#include "server/api/settle.hpp"
#include "server/auth/crypto.hpp"
#include "server/text.hpp"
#include "server/wire/envelope.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace cvm::control {

namespace json = boost::json;
namespace bhttp = boost::beast::http;

namespace {

constexpr std::array all_routes{
    Route{"GET", "/health", get_health},
    Route{"GET", "/_emulator/health", get_health},
    Route{"GET", "/_emulator/clock", get_clock},
    Route{"POST", "/_emulator/clock", post_clock},
    Route{"GET", "/_emulator/coverage", get_coverage},
    Route{"GET", "/_emulator/ledger", get_ledger},
    Route{"POST", "/_emulator/ledger", post_ledger},
    Route{"GET", "/_emulator/invariants", get_invariants},
    Route{"POST", "/_emulator/reset", post_reset},
    Route{"GET", "/_emulator/state", get_state},
    Route{"PUT", "/_emulator/state", put_state},
};

constexpr unsigned max_json_depth = 32;

http::Response to_response(const Answer& answer)
{
    http::Response response{bhttp::int_to_status(answer.status), 11};
    response.set(bhttp::field::content_type, "application/json");
    response.body() = json::serialize(answer.body);
    return response;
}

Answer refused(unsigned status, const std::string& what) { return {status, json::object{{"error", printable(what)}}}; }

// Health answers without a token, so that probes need none.
bool authorized(const Parts& parts, const http::Request& request, const Route& route)
{
    if (parts.admin_token.empty() || route.handle == get_health)
        return true;
    const auto given = request[bhttp::field::authorization];
    constexpr std::string_view scheme = "Bearer ";
    return boost::beast::iequals(given.substr(0, scheme.size()), scheme) &&
           auth::equal_constant_time(trimmed({given.data() + scheme.size(), given.size() - scheme.size()}),
                                     parts.admin_token);
}

Answer dispatch(Parts& parts, const http::Request& request)
{
    const wire::Target target = wire::split_target({request.target().data(), request.target().size()});
    const std::string_view method{request.method_string().data(), request.method_string().size()};
    const Route* found = nullptr;
    std::string others;
    for (const Route& route : all_routes) {
        if (route.path != target.path)
            continue;
        if (route.method == method || (route.method == "GET" && method == "HEAD"))
            found = &route;
        else
            others += (others.empty() ? "" : ", ") + std::string{route.method};
    }
    if (found == nullptr && others.empty())
        return refused(404, "no such path: " + std::string{target.path});
    if (found == nullptr)
        return refused(405, std::string{target.path} + " takes " + others);
    if (!authorized(parts, request, *found))
        return refused(401, "send the header Authorization: Bearer <the token given with --admin-token>");

    auto query = wire::parse_form(target.query);
    if (!query)
        return refused(400, "the query is not of the form name=value&name=value");
    const Request read{.query = *std::move(query), .body = request.body()};
    for (const auto& [name, value] : read.query)
        if (name != "account")
            return refused(400, "unknown query parameter `" + name + "`; there is `account`");
    try {
        return found->handle(parts, read);
    } catch (const Problem& problem) {
        return refused(problem.status, problem.what());
    } catch (const BadDocument& problem) {
        return refused(400, problem.what());
    }
}

} // namespace

std::span<const Route> routes() noexcept { return all_routes; }

bool owns(std::string_view path) noexcept
{
    return path == "/health" || path == "/_emulator" || path.starts_with("/_emulator/");
}

http::Response handle(Parts& parts, const http::Request& request) { return to_response(dispatch(parts, request)); }

state::Account account_of(Parts& parts, const Request& request)
{
    const auto at = request.query.find("account");
    if (at == request.query.end()) {
        auto account = parts.store.default_account();
        if (!account)
            throw Problem{404, "there is no default account; name one with ?account="};
        return *std::move(account);
    }
    std::string uin = at->second;
    if (const auto credential = parts.store.find_credential(uin))
        uin = credential->uin;
    auto account = parts.store.find_account(uin);
    if (!account)
        throw Problem{404, "no account has the Uin or SecretId `" + at->second + "`"};
    return *std::move(account);
}

state::Account settled_account_of(Parts& parts, const Request& request)
{
    const state::Account account = account_of(parts, request);
    api::settle(parts.store, parts.catalog, account, account.clock.now(parts.wall.now()));
    return parts.store.find_account(account.uin).value();
}

json::object body_of(const Request& request)
{
    if (request.body.empty())
        return {};
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
