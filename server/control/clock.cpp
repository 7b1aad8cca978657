#include "server/api/catch_up.hpp"
#include "server/control/advance.hpp"
#include "server/control/body.hpp"
#include "server/control/event_json.hpp"
#include "server/control/events.hpp"
#include "state/store/account_repository.hpp"

#include <boost/json.hpp>

#include <any>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace cvm::control {

namespace json = boost::json;

using state::Instant;

namespace {

// How far to look ahead if only hours are scheduled, since they may lead to arrears.
constexpr std::chrono::days look_at_hours{31};

// The amount of work in a search for the next event; no other request is served meanwhile.
constexpr std::int64_t work_of_look = 10'000 * state::work_of_event;

// How long other requests wait for a part of an advance.
constexpr std::chrono::milliseconds max_part_time{25};

// How long a file is left to other servers between two parts: they look every millisecond whether they may write to it.
constexpr std::chrono::milliseconds gap_for_other_servers{2};

// What would happen up to the next event; nullopt if none is in sight. Not finished if that is too much work.
std::optional<state::SimulationResult> look_ahead(const Accounts& accounts, const state::Account& account, Instant now,
                                                  bool list_hours)
{
    const state::Lifecycle& lifecycle = accounts.catalogs.built_in().lifecycle_of(account);
    const auto catalog = accounts.catalog_of(account);
    const auto scheduled = state::next_due(accounts.store, account, state::before_all, lifecycle);
    if (!scheduled && !accounts.store.next_due(account.uin))
        return std::nullopt;
    const auto simulate_until = [&](Instant until) {
        return api::simulate(accounts.store, *catalog, account,
                             {.until = std::min(until, state::latest), .list_hours = list_hours, .stop_at_first = true},
                             work_of_look);
    };
    Instant until = scheduled ? std::max(*scheduled, now) : now + look_at_hours;
    auto result = simulate_until(until);
    // Something scheduled may produce no event, such as a reminder if there is enough money; then try the next one.
    while (result.events.empty() && result.finished) {
        const auto next = state::next_due(accounts.store, result, until, lifecycle);
        if (!next || *next > state::latest)
            return std::nullopt;
        until = *next + state::longest_reminder(lifecycle);
        result = simulate_until(until);
    }
    return result;
}

// For an event that is too far away only the time is known, from the schedule; during a jump not even that.
json::value show_next(const Accounts& accounts, const state::Account& account, Instant now)
{
    if (accounts.store.is_in_jump(account.uin))
        return nullptr;
    const auto next = look_ahead(accounts, account, now, false);
    if (!next)
        return nullptr;
    if (next->finished)
        return to_json(next->events.front());
    const auto scheduled =
        state::next_due(accounts.store, account, now, accounts.catalogs.built_in().lifecycle_of(account));
    return scheduled ? json::value{{"time", state::format_instant(*scheduled)}} : json::value(nullptr);
}

json::object show(const Accounts& accounts, const state::Account& account, Instant wall)
{
    const Instant now = account.clock.now(wall);
    return {{"account", account.uin},
            {"now", state::format_instant(now)},
            {"frozen", account.clock.frozen_at.has_value()},
            {"next_event", show_next(accounts, account, now)}};
}

// The change that a POST requests.
struct Change {
    std::optional<state::Duration> advance;
    std::optional<Instant> set;
    bool to_next_event = false;
    std::optional<bool> frozen;
    bool dry_run = false;
    bool hours = false;
};

Change read_change(const json::object& body)
{
    expect_members(body, {"advance", "set", "advance_to", "frozen", "dry_run", "hours"});
    Change change;
    if (const auto* advance = body.if_contains("advance")) {
        change.advance = state::parse_duration(text(*advance, "advance"));
        if (!change.advance)
            throw Problem{400, "`advance` must be an ISO 8601 duration such as P1M or PT90S, of less than ten "
                               "thousand years"};
    }
    if (const auto* set = body.if_contains("set")) {
        change.set = state::parse_instant(text(*set, "set"));
        if (!change.set)
            throw Problem{400, "`set` must be an instant such as 2026-12-01T00:00:00Z"};
    }
    if (const auto* to = body.if_contains("advance_to")) {
        change.to_next_event = text(*to, "advance_to") == "next_event";
        if (!change.to_next_event)
            throw Problem{400, "`advance_to` must be next_event"};
    }
    if (const auto* frozen = body.if_contains("frozen"))
        change.frozen = flag(*frozen, "frozen");
    if (const auto* dry_run = body.if_contains("dry_run"))
        change.dry_run = flag(*dry_run, "dry_run");
    if (const auto* hours = body.if_contains("hours"))
        change.hours = flag(*hours, "hours");
    const int ways = (change.advance ? 1 : 0) + (change.set ? 1 : 0) + (change.to_next_event ? 1 : 0);
    if (ways > 1)
        throw Problem{400, "give one of `advance`, `set` and `advance_to`"};
    if (ways == 0 && !change.frozen)
        throw Problem{400, "give `advance`, `set`, `advance_to` or `frozen`"};
    return change;
}

Instant target_of(const Change& change, Instant now)
{
    Instant target = now;
    try {
        target = change.set ? *change.set : change.advance ? state::add(now, *change.advance) : now;
    } catch (const std::out_of_range&) {
        throw Problem{400, "that is past the year 9999"};
    }
    if (target < now)
        throw Problem{400, "the clock shows " + state::format_instant(now) +
                               " and cannot go back; POST /_emulator/reset starts over, PUT /_emulator/state restores "
                               "an exported state"};
    return target;
}

Instant next_event(const Accounts& accounts, const state::Account& account, Instant now, bool list_hours)
{
    const auto next = look_ahead(accounts, account, now, list_hours);
    if (!next)
        throw Problem{409, "nothing is scheduled for the account " + account.uin +
                               ", and its hourly charges cause no event in the next 31 days; give `advance` or `set`"};
    if (!next->finished)
        throw Problem{409, "the account " + account.uin + " pays for more than " +
                               std::to_string(work_of_look / state::work_of_hour) +
                               " hours before the next event; give `advance` or `set`"};
    return std::max(next->reached, now);
}

Answer show(const Accounts& accounts, const Advance& advance)
{
    json::object clock = show(accounts, accounts.store.find_account(advance.uin()).value(), accounts.wall.now());
    const json::object rest{
        {"left_out", advance.left_out()},
        {"hours", json::object{{"charged", advance.hours().charged}, {"total", advance.hours().total.value}}}};
    std::string text = json::serialize(clock);
    text.pop_back();
    text += R"(,"events":[)" + advance.events() + "]," + json::serialize(rest).substr(1);
    return {.body = std::move(clock), .text = std::move(text)};
}

// A move of a clock that one request asks for. Listeners are told of it at its end, also if it ends early.
class Move {
public:
    Move(const Accounts& accounts, Events& events, ClockChange change, WorkLimits limits)
        : accounts_{accounts}, events_{events}, uin_{change.uin}, advance_{std::in_place, std::move(change), limits}
    {
    }
    Move(const Move&) = delete;
    Move& operator=(const Move&) = delete;
    ~Move()
    {
        if (!shown_ || !events_.heard())
            return;
        advance_.reset(); // the next event is known again
        tell(clock_now());
    }

    // Does the next part, in a transaction of its own. Returns the answer after the last one.
    std::optional<Answer> run_part()
    try {
        state::Transaction transaction{accounts_.store};
        const bool arrived = advance_->run_part(accounts_);
        std::optional<Answer> answer;
        if (arrived)
            answer = show(accounts_, *advance_);
        // Only the last part of a dry run has written anything.
        if (!advance_->dry_run() || !arrived)
            transaction.commit();
        advance_->fit_part(std::chrono::steady_clock::now());
        shown_ = arrived ? std::nullopt : advance_->seen();
        if (arrived && !advance_->dry_run())
            tell(answer->body.as_object());
        return answer;
    } catch (const state::BrokenStore& failure) {
        if (!shown_)
            throw;
        throw state::BrokenStore{std::string{failure.what()} + "; the clock shows " + state::format_instant(*shown_) +
                                 ": continue from there"};
    }

private:
    // `clock`: nullopt if it cannot be read.
    void tell(const std::optional<json::object>& clock) noexcept
    {
        if (!events_.heard())
            return;
        if (clock)
            events_.add_clock(*clock);
        events_.add_change(uin_, resource_parts);
    }

    std::optional<json::object> clock_now() noexcept
    try {
        const auto account = accounts_.store.find_account(uin_);
        return account ? std::optional{show(accounts_, *account, accounts_.wall.now())} : std::nullopt;
    } catch (const std::exception&) {
        return std::nullopt; // listeners that have to read the rest again will read the clock, too
    }

    Accounts accounts_;
    Events& events_;
    std::string uin_;
    std::optional<Advance> advance_;
    std::optional<Instant> shown_{}; // by the clock after the parts that listeners do not know of
};

// The move that this request has begun, or a new one.
std::shared_ptr<Move> move_of(const Accounts& accounts, Events& events, const Request& request)
{
    // Taken out, so that it ends here if it fails.
    if (auto* begun = std::any_cast<std::shared_ptr<Move>>(request.kept))
        return std::exchange(*begun, nullptr);
    const Change change = read_change(body_of(request));
    const state::Account account = account_of(accounts.store, request);
    const Instant now = account.clock.now(accounts.wall.now());
    const Instant target =
        change.to_next_event ? next_event(accounts, account, now, change.hours) : target_of(change, now);
    // Without a place to keep the move, nobody is served between its parts.
    const auto part_time = request.kept != nullptr ? std::optional{max_part_time} : std::nullopt;
    return std::make_shared<Move>(accounts, events,
                                  ClockChange{.uin = account.uin,
                                              .target = target,
                                              .frozen = change.frozen,
                                              .list_hours = change.hours,
                                              .dry_run = change.dry_run},
                                  WorkLimits{.part_time = part_time});
}

} // namespace

Answer get_clock(const Accounts& accounts, const Request& request)
{
    return {200, show(accounts, account_of(accounts.store, request), accounts.wall.now())};
}

Answer post_clock(const Accounts& accounts, Events& events, const Request& request)
{
    const auto move = move_of(accounts, events, request);
    for (;;) {
        if (auto answer = move->run_part())
            return *std::move(answer);
        if (request.kept != nullptr) {
            *request.kept = move;
            const bool shared = accounts.store.is_shared();
            return {.continue_after = shared ? gap_for_other_servers : std::chrono::milliseconds{0}};
        }
    }
}

} // namespace cvm::control
