#include "server/base/text.hpp"
#include "server/calls/journal.hpp"
#include "server/calls/verification.hpp"
#include "server/control/account_lookup.hpp"
#include "server/control/body.hpp"
#include "server/control/call_json.hpp"
#include "server/control/control.hpp"
#include "server/control/or_null.hpp"
#include "server/control/pattern_json.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <any>

namespace cvm::control {

namespace json = boost::json;

namespace {

constexpr std::int64_t max_listed = 1000;
constexpr std::int64_t max_count = 1'000'000'000;
constexpr std::int64_t max_timeout_ms = 60'000;
constexpr std::int64_t default_timeout_ms = 10'000;
constexpr std::size_t max_in_order = 100;

calls::Pattern filter_of(const Request& request)
{
    calls::Pattern filter;
    for (const calls::Trait& trait : calls::traits())
        if (const auto at = request.query.find(trait.name); at != request.query.end())
            filter.texts.emplace_back(&trait, printable(at->second));
    if (const auto at = request.query.find("instance"); at != request.query.end())
        filter.instance = at->second;
    return filter;
}

struct Question {
    calls::Expectation expected{};
    std::chrono::milliseconds timeout{default_timeout_ms};
};

// Kept for a waiting request until it is handled again.
struct Waiting {
    Question question;
    calls::Awaited awaited;
};

std::vector<calls::Pattern> read_order(const json::value& value)
{
    if (!value.is_array() || value.get_array().empty() || value.get_array().size() > max_in_order)
        throw Problem{400,
                      "`in_order` must be an array of 1 to " + std::to_string(max_in_order) + " objects as in `match`"};
    std::vector<calls::Pattern> patterns;
    for (const json::value& pattern : value.get_array())
        patterns.push_back(read_pattern(pattern, Known::at_last));
    return patterns;
}

Question read_question(const json::object& body)
{
    Question question;
    calls::Expectation& expected = question.expected;
    const auto count = [&](std::string_view name, std::optional<std::int64_t>& into) {
        if (const auto* given = body.if_contains(name))
            into = integer(*given, name, 0, max_count);
        return into.has_value();
    };
    const int counts =
        count("exactly", expected.exactly) + count("at_least", expected.at_least) + count("at_most", expected.at_most);
    const auto* order = body.if_contains("in_order");
    if (order != nullptr && (body.contains("match") || counts > 0))
        throw Problem{400, "`in_order` excludes `match` and the counts"};
    if (expected.at_least && expected.at_most && *expected.at_least > *expected.at_most)
        throw Problem{400, "`at_least` is more than `at_most`"};
    if (expected.exactly && counts > 1)
        throw Problem{400, "`exactly` excludes `at_least` and `at_most`"};
    expected.in_order = order != nullptr;
    if (order != nullptr)
        expected.patterns = read_order(*order);
    else
        expected.patterns.push_back(body.contains("match") ? read_pattern(body.at("match"), Known::at_last)
                                                           : calls::Pattern{});
    if (counts == 0)
        expected.at_least = 1;
    if (const auto* after = body.if_contains("after"))
        expected.after = static_cast<std::uint64_t>(integer(*after, "after", 0, max_json_integer));
    if (const auto* timeout = body.if_contains("timeout_ms"))
        question.timeout = std::chrono::milliseconds{integer(*timeout, "timeout_ms", 0, max_timeout_ms)};
    return question;
}

json::object to_json(const calls::Outcome& outcome, const calls::Journal::Part& part)
{
    json::array ids;
    for (const calls::CallRecord* call : outcome.matched)
        ids.emplace_back(call->request_id);
    json::object o{{"ok", outcome.ok}, {"matched", outcome.matched.size()}, {"RequestIds", std::move(ids)}};
    if (!outcome.ok) {
        json::array nearest;
        for (const calls::Nearest& near : outcome.nearest) {
            json::array differs;
            for (const calls::Difference& difference : near.differs)
                differs.push_back(
                    json::object{{"what", difference.what}, {"wanted", difference.wanted}, {"was", difference.was}});
            nearest.push_back(json::object{{"RequestId", near.call->request_id},
                                           {"action", near.call->action},
                                           {"code", or_null(near.call->code)},
                                           {"differs", std::move(differs)}});
        }
        o["why"] = outcome.why;
        o["nearest"] = std::move(nearest);
    }
    o["dropped"] = part.dropped;
    o["last"] = part.last;
    return o;
}

// A reset of everything restarts the numbering, so a number from before it is invalid.
const calls::Journal::Part& part_for(state::Store& store, const calls::Journal& journal, const Request& request,
                                     const calls::Expectation& expected)
{
    const calls::Journal::Part& part = journal.of(uin_of_calls(store, request));
    if (expected.after > part.last)
        throw Problem{409, "`after` is " + std::to_string(expected.after) + ", but the last call has the number " +
                               std::to_string(part.last)};
    return part;
}

} // namespace

Answer get_requests(state::Store& store, const calls::Journal& journal, const Request& request)
{
    const std::string uin = uin_of_calls(store, request);
    const calls::Journal::Part& part = journal.of(uin);
    const calls::Pattern filter = filter_of(request);
    const auto after = static_cast<std::uint64_t>(number_of(request, "after", 0, max_json_integer));
    const std::int64_t limit = number_of(request, "limit", max_listed, max_listed);

    std::vector<const calls::CallRecord*> found;
    for (const calls::CallRecord& call : part.calls)
        if (call.number > after && calls::matches(filter, call))
            found.push_back(&call);
    const auto left_out = std::max<std::int64_t>(0, static_cast<std::int64_t>(found.size()) - limit);
    json::array list;
    for (auto at = found.begin() + left_out; at != found.end(); ++at)
        list.push_back(to_json(**at));
    return {200, json::object{{"account", or_null(uin)},
                              {"calls", std::move(list)},
                              {"left_out", left_out},
                              {"dropped", part.dropped},
                              {"last", part.last}}};
}

Answer delete_requests(state::Store& store, calls::Journal& journal, const Request& request)
{
    return {200, json::object{{"deleted", journal.clear(uin_of_calls(store, request))}}};
}

Answer post_verify(state::Store& store, const calls::Journal& journal, const Request& request)
{
    const json::object body = body_of(request);
    expect_members(body, {"match", "in_order", "exactly", "at_least", "at_most", "after"});
    const Question question = read_question(body);
    const calls::Journal::Part& part = part_for(store, journal, request, question.expected);
    return {200, to_json(calls::verify(question.expected, part), part)};
}

Answer post_wait(state::Store& store, const calls::Journal& journal, const Request& request)
{
    auto* before = std::any_cast<Waiting>(request.kept);
    if (before != nullptr && request.waited < before->question.timeout &&
        !before->awaited.should_verify(before->question.expected, journal))
        return {.status = 200, .body = nullptr, .wait = before->question.timeout - request.waited};

    const json::object body = body_of(request);
    expect_members(body, {"match", "in_order", "exactly", "at_least", "after", "timeout_ms"});
    Question question = read_question(body);
    const calls::Journal::Part& part = part_for(store, journal, request, question.expected);
    const calls::Outcome outcome = calls::verify(question.expected, part);
    // If there are already more calls than expected, waiting is pointless.
    const auto most = question.expected.exactly;
    const bool hopeless = most && static_cast<std::int64_t>(outcome.matched.size()) > *most;
    if (outcome.ok || hopeless || request.waited >= question.timeout)
        return {200, to_json(outcome, part)};
    const auto rest = question.timeout - request.waited;
    if (request.kept != nullptr) {
        calls::Awaited awaited{question.expected, outcome, journal, uin_of_calls(store, request)};
        *request.kept = Waiting{std::move(question), std::move(awaited)};
    }
    return {.status = 200, .body = nullptr, .wait = rest};
}

} // namespace cvm::control
