#include "server/control/control.hpp"

#include "server/api/settle.hpp"

#include <boost/json.hpp>

#include <stdexcept>

namespace cvm::control {

namespace json = boost::json;

using state::Instant;

namespace {

json::object show(const state::Account& account, Instant wall)
{
    return {{"account", account.uin},
            {"now", state::format_instant(account.clock.now(wall))},
            {"frozen", account.clock.frozen_at.has_value()},
            {"next_event", nullptr}};
}

// What a POST asks for.
struct Change {
    std::optional<state::Duration> advance;
    std::optional<Instant> set;
    std::optional<bool> frozen;
    bool dry_run = false;
};

std::string text(const json::value& v, std::string_view name)
{
    if (!v.is_string())
        throw Problem{400, "`" + std::string{name} + "` must be a string"};
    return std::string{v.get_string()};
}

bool flag(const json::value& v, std::string_view name)
{
    if (!v.is_bool())
        throw Problem{400, "`" + std::string{name} + "` must be true or false"};
    return v.get_bool();
}

Change read_change(const json::object& body)
{
    Change change;
    for (const auto& [name, value] : body) {
        if (name == "advance") {
            change.advance = state::parse_duration(text(value, name));
            if (!change.advance)
                throw Problem{400, "`advance` must be an ISO 8601 duration such as P1M or PT90S"};
        } else if (name == "set") {
            change.set = state::parse_instant(text(value, name));
            if (!change.set)
                throw Problem{400, "`set` must be an instant such as 2026-12-01T00:00:00Z"};
        } else if (name == "frozen") {
            change.frozen = flag(value, name);
        } else if (name == "dry_run") {
            change.dry_run = flag(value, name);
        } else {
            throw Problem{400,
                          "unknown member `" + std::string{name} + "`; there are advance, set, frozen and dry_run"};
        }
    }
    if (change.advance && change.set)
        throw Problem{400, "give `advance` or `set`, not both"};
    if (!change.advance && !change.set && !change.frozen)
        throw Problem{400, "give `advance`, `set` or `frozen`"};
    return change;
}

Instant target_of(const Change& change, Instant now)
{
    try {
        return change.set ? *change.set : change.advance ? state::add(now, *change.advance) : now;
    } catch (const std::out_of_range&) {
        throw Problem{400, "that is past the year 9999"};
    }
}

} // namespace

Answer get_clock(Parts& parts, const Request& request)
{
    return {200, show(account_of(parts, request), parts.wall.now())};
}

Answer post_clock(Parts& parts, const Request& request)
{
    state::Transaction transaction{parts.store};
    state::Account account = account_of(parts, request);
    const Change change = read_change(body_of(request));
    const Instant wall = parts.wall.now();
    const Instant now = account.clock.now(wall);
    const Instant target = target_of(change, now);
    if (target < now)
        throw Problem{400, "the clock shows " + state::format_instant(now) +
                               " and does not run backwards; POST /_emulator/reset starts anew"};

    account.clock = account.clock.moved_to(target, wall);
    if (change.frozen)
        account.clock = account.clock.frozen(*change.frozen, wall);
    if (!change.dry_run) {
        parts.store.save_account(account);
        transaction.commit();
        api::settle(parts.store, account.uin, account.clock.now(wall));
    }
    json::object answer = show(account, wall);
    answer["events"] = json::array{};
    return {200, std::move(answer)};
}

} // namespace cvm::control
