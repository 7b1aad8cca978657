#pragma once

#include "server/base/error.hpp"
#include "server/calls/pattern.hpp"
#include "state/model/clock.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

// Rules that make calls fail on purpose. They belong to an account and exist until the process ends.

namespace cvm::calls {

// Restricts which of the matching calls a rule applies to. By default it applies to all.
struct When {
    std::int64_t nth = 0;                // only the nth call, from 1; 0: no restriction
    std::int64_t every = 0;              // every call whose number is a multiple; 0: no restriction
    std::optional<double> probability{}; // from 0 to 1, for each call; derived from seed and number only
    std::uint64_t seed = 0;
    std::int64_t times = 0; // at most this often; 0: unlimited
};

// Hides new instances, as observed by clients of the real service (hashicorp/packer#10396): for a time after their
// creation, by the account's clock, or in the first answers that would contain them.
struct Hide {
    std::chrono::seconds time{0};
    std::int64_t times = 0; // for each instance created after the rule; 0: `time` applies
    state::Instant since{}; // when the rule was created, by the account's clock
    std::map<std::string, std::int64_t, std::less<>> hidden{}; // how often, by id; only used with `times`

    // Whether an instance is hidden at `now`; counts it. At most max_counted instances are counted; all others are
    // visible.
    bool covers(const std::string& id, state::Instant created_at, state::Instant now);
    static constexpr std::size_t max_counted = 10'000;
};

// The actions whose answers `hide` changes.
inline constexpr std::array<std::string_view, 2> hiding_actions{"DescribeInstances", "DescribeInstancesStatus"};

// What the client receives, and whether the action is executed.
struct Effect {
    std::optional<Errc> error{};
    std::string message{};                 // replaces the error's text, in both languages; empty: keep that text
    unsigned status = 0;                   // HTTP status; 0: unchanged
    std::chrono::milliseconds delay{0};    // before the answer
    bool drop = false;                     // close the connection without an answer
    std::optional<std::size_t> truncate{}; // send only so many bytes of the body, then close the connection
    std::size_t bytes_per_second = 0;      // of the body; 0: unlimited
    bool commit_then_fail = false;         // execute the action although the client is told otherwise
    std::optional<Hide> hide{};

    // Whether the client receives something other than the action's answer.
    bool hides_answer() const { return error || status != 0 || drop || commit_then_fail; }
    bool skips_work() const { return hides_answer() && !commit_then_fail; }
};

struct Rule {
    std::string id{}; // set by Faults
    Pattern match{};
    When when{};
    Effect then{};
    std::optional<state::Instant> ends_at{}; // real time
    std::int64_t matched = 0;                // number of calls that matched
    std::int64_t applied = 0;

    // Whether the rule can never apply again.
    bool spent() const;
};

// Which rule did what to which call, with everything needed to reproduce it: "fault-1; error=InternalError;
// commit_then_fail; call=3; seed=42". For a rule that has just applied.
std::string label(const Rule& rule);

// Whether a rule applies to the matching call with this number, from 1.
bool fires(const When& when, std::int64_t number);

class Faults {
public:
    static constexpr std::size_t max_rules = 1000; // per account

    // Sets the id of the rule. The account must have room: rules(uin).size() < max_rules.
    const Rule& add(std::string_view uin, Rule rule);

    // The rule that applies to a call: the first one, in order of creation, that matches and fires. Rules after it do
    // not count the call as matched. nullptr if no rule applies.
    const Rule* hit(const CallRecord& call, const boost::json::value& params, state::Instant now);

    // A rule of an account; nullptr if it has expired or was erased.
    Rule* find(std::string_view uin, std::string_view id);

    // Undoes the last hit of this rule: the call is counted neither as matched nor as applied.
    void undo_hit(std::string_view uin, std::string_view id);

    // Whether the account has rules; if not, hit() finds none.
    bool any(std::string_view uin) const { return rules_.contains(uin); }

    // The rules of an account that have not expired at `now`, in order of creation.
    const std::deque<Rule>& of(std::string_view uin, state::Instant now);

    // Erases all rules of an account, or the rule with this id. Returns the number of erased rules.
    std::size_t erase(std::string_view uin, std::string_view id = {});
    void clear() { rules_.clear(); }

private:
    void end_old(std::string_view uin, state::Instant now);

    std::uint64_t made_ = 0;
    std::map<std::string, std::deque<Rule>, std::less<>> rules_; // no empty list
};

} // namespace cvm::calls
