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

// Rules that make calls fail on purpose. They belong to an account and live as long as the process.

namespace cvm::calls {

// Which of the calls that match a rule it applies to: all, unless a member says otherwise.
struct When {
    std::int64_t nth = 0;                // the nth alone, from 1; 0: not asked for
    std::int64_t every = 0;              // each one whose number is a multiple; 0: not asked for
    std::optional<double> probability{}; // of each one, from 0 to 1, decided by seed and number alone
    std::uint64_t seed = 0;
    std::int64_t times = 0; // at most so often; 0: without end
};

// New instances are not seen yet, as clients of the real service met it (hashicorp/packer#10396): for a time from their
// creation, by the account's clock, or in the first answers in which they would be.
struct Hide {
    std::chrono::seconds time{0};
    std::int64_t times = 0; // of each instance that is created after the rule; 0: by time
    state::Instant since{}; // when the rule was made, by the account's clock
    std::map<std::string, std::int64_t, std::less<>> hidden{}; // how often, by id; of `times`

    // Whether an instance is not seen at `now`; counts it. Of more than max_counted instances the further are seen.
    bool covers(const std::string& id, state::Instant created_at, state::Instant now);
    static constexpr std::size_t max_counted = 10'000;
};

// The actions whose answers `hide` changes.
inline constexpr std::array<std::string_view, 2> hiding_actions{"DescribeInstances", "DescribeInstancesStatus"};

// What the client gets to see, and whether the action is carried out.
struct Effect {
    std::optional<Errc> error{};
    std::string message{};                 // in place of the error's text, in both languages; empty: that text
    unsigned status = 0;                   // of HTTP; 0: what it would be
    std::chrono::milliseconds delay{0};    // before the answer
    bool drop = false;                     // the connection ends without an answer
    std::optional<std::size_t> truncate{}; // so many bytes of the body, then the connection ends
    std::size_t bytes_per_second = 0;      // of the body; 0: as fast as it goes
    bool commit_then_fail = false;         // the action is carried out although the client is told otherwise
    std::optional<Hide> hide{};

    // Whether the client gets something else than the action's answer.
    bool hides_answer() const { return error || status != 0 || drop || commit_then_fail; }
    bool skips_work() const { return hides_answer() && !commit_then_fail; }
};

struct Rule {
    std::string id{}; // given by Faults
    Pattern match{};
    When when{};
    Effect then{};
    std::optional<state::Instant> ends_at{}; // real time
    std::int64_t matched = 0;                // calls that matched
    std::int64_t applied = 0;

    // Whether the rule can never apply again.
    bool spent() const;
};

// Which rule did what to which call, with everything that is needed to see it again: "fault-1; error=InternalError;
// commit_then_fail; call=3; seed=42". Of a rule that has just applied.
std::string label(const Rule& rule);

// Whether a rule applies to the `number`th call that matches it, from 1.
bool fires(const When& when, std::int64_t number);

class Faults {
public:
    static constexpr std::size_t max_rules = 1000; // of an account

    // Gives the rule its id. The account must have room: rules(uin).size() < max_rules.
    const Rule& add(std::string_view uin, Rule rule);

    // The rule that applies to a call: the first, in the order in which they were added, that matches and fires. A call
    // is not counted as matched by the rules after that one. nullptr if no rule applies.
    const Rule* hit(const CallRecord& call, const boost::json::value& params, state::Instant now);

    // The rule of an account; nullptr if it has ended or was erased.
    Rule* find(std::string_view uin, std::string_view id);

    // Undoes the last hit of this rule: the call counts neither as matched nor as applied.
    void take_back(std::string_view uin, std::string_view id);

    // Whether the account has rules; if not, hit() finds none.
    bool any(std::string_view uin) const { return rules_.contains(uin); }

    // The rules of an account that have not ended at `now`, in the order in which they were added.
    const std::deque<Rule>& of(std::string_view uin, state::Instant now);

    // Erases all rules of an account, or the rule with this id. Returns how many there were.
    std::size_t erase(std::string_view uin, std::string_view id = {});
    void clear() { rules_.clear(); }

private:
    void end_old(std::string_view uin, state::Instant now);

    std::uint64_t made_ = 0;
    std::map<std::string, std::deque<Rule>, std::less<>> rules_; // no empty list
};

} // namespace cvm::calls
