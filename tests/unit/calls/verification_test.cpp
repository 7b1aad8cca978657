#include "server/calls/verification.hpp"

#include <doctest/doctest.h>

using namespace cvm;
using calls::CallRecord;
using calls::Expectation;
using calls::Pattern;

namespace {

Pattern action(const std::string& name) { return {.texts = {{&calls::traits().front(), name}}}; }

// Calls of these actions, numbered from `first`.
calls::Journal::Part journal(const std::vector<std::string>& actions, std::uint64_t first = 1)
{
    calls::Journal::Part part{.last = first - 1, .dropped = first - 1};
    for (const std::string& name : actions)
        part.calls.push_back(
            CallRecord{.number = ++part.last, .request_id = "r" + std::to_string(part.last), .action = name});
    return part;
}

std::string why(const Expectation& expectation, const calls::Journal::Part& part)
{
    const calls::Outcome outcome = calls::verify(expectation, part);
    CHECK(outcome.ok == outcome.why.empty());
    return outcome.ok ? "ok" : outcome.why;
}

} // namespace

TEST_CASE("numbers of calls are compared exactly at their limits")
{
    const auto part = journal({"A", "B", "A"});
    REQUIRE(calls::traits().front().name == "action");
    CHECK(why({.patterns = {action("A")}, .exactly = 2}, part) == "ok");
    CHECK(why({.patterns = {action("A")}, .exactly = 1}, part) == "expected exactly 1 call of this kind, found 2");
    CHECK(why({.patterns = {action("A")}, .exactly = 3}, part) == "expected exactly 3 calls of this kind, found 2");
    CHECK(why({.patterns = {action("A")}, .at_least = 2}, part) == "ok");
    CHECK(why({.patterns = {action("B")}, .at_least = 2}, part) == "expected at least 2 calls of this kind, found 1");
    CHECK(why({.patterns = {action("A")}, .at_most = 2}, part) == "ok");
    CHECK(why({.patterns = {action("A")}, .at_most = 1}, part) == "expected at most 1 call of this kind, found 2");
    CHECK(why({.patterns = {action("A")}, .at_least = 1, .at_most = 2}, part) == "ok");
    CHECK(why({.patterns = {action("A")}, .exactly = 1, .after = 1}, part) == "ok");
    CHECK(why({.patterns = {action("A")}, .exactly = 0, .after = 3}, part) == "ok");
    CHECK(calls::verify({.patterns = {action("A")}, .exactly = 2}, part).matched.back()->request_id == "r3");
}

TEST_CASE("an order is found with others in between, each call once")
{
    const auto part = journal({"A", "X", "B", "A"});
    CHECK(why({.patterns = {action("A"), action("B"), action("A")}, .in_order = true}, part) == "ok");
    CHECK(why({.patterns = {action("B"), action("B")}, .in_order = true}, part) == "call 2 of 2 did not come after r3");
    CHECK(why({.patterns = {action("C")}, .in_order = true}, part) == "call 1 of 1 did not come");
    CHECK(why({.patterns = {action("A"), action("B")}, .in_order = true, .after = 1}, part) ==
          "call 2 of 2 did not come after r4");
}

TEST_CASE("a claim does not hold if relevant calls were dropped")
{
    const auto part = journal({"A", "A"}, 4); // 1 to 3 are gone
    const std::string unsure = "the request log has dropped 3 calls of this account that might match; clear it before "
                               "the test (DELETE /_emulator/requests), or raise --journal";
    CHECK(why({.patterns = {action("A")}, .exactly = 2}, part) == unsure);
    CHECK(why({.patterns = {action("A")}, .at_most = 2}, part) == unsure);
    CHECK(why({.patterns = {action("A")}, .at_most = 4}, part) == unsure);
    CHECK(why({.patterns = {action("A")}, .at_most = 5}, part) == "ok"); // even if all three were
    CHECK(why({.patterns = {action("A")}, .at_least = 2}, part) == "ok");
    CHECK(why({.patterns = {action("A")}, .at_least = 3}, part) ==
          "expected at least 3 calls of this kind, found 2; " + unsure);
    CHECK(why({.patterns = {action("A")}, .at_most = 1}, part) == "expected at most 1 call of this kind, found 2");
    CHECK(why({.patterns = {action("B")}, .in_order = true}, part) == "call 1 of 1 did not come; " + unsure);
    // Nothing was dropped after the third.
    CHECK(why({.patterns = {action("A")}, .exactly = 2, .after = 3}, part) == "ok");
    CHECK(why({.patterns = {action("A")}, .exactly = 2, .after = 2}, part) == unsure);
    const calls::Journal::Part empty{.last = 3, .dropped = 3};
    CHECK(why({.patterns = {action("A")}, .exactly = 0, .after = 3}, empty) == "ok");
    CHECK(why({.patterns = {action("A")}, .exactly = 0, .after = 2}, empty) == unsure);
}

TEST_CASE("a claim about parameters does not hold if parameters were not stored")
{
    auto part = journal({"A", "A"});
    part.calls.front().params_lost = true;
    part.calls.back().params = R"({"Id":"ins-1"})";
    Pattern pattern = action("A");
    pattern.instance = "ins-1";
    const std::string unsure = "the request log has not kept the parameters of 1 call that might match";
    CHECK(why({.patterns = {pattern}, .exactly = 1}, part) == unsure);
    CHECK(why({.patterns = {pattern}, .at_most = 2}, part) == "ok");
    CHECK(why({.patterns = {pattern}, .at_least = 1}, part) == "ok");
    CHECK(why({.patterns = {action("A")}, .exactly = 2}, part) == "ok");
    pattern.texts.front().second = "B";
    CHECK(why({.patterns = {pattern}, .exactly = 0}, part) == "ok");
}

TEST_CASE("the nearest calls differ least, the latest first, and are no more than three")
{
    calls::Journal::Part part;
    for (const char* region : {"a", "b", "c", "d", "e"})
        part.calls.push_back(CallRecord{
            .number = ++part.last, .request_id = region, .action = *region == 'b' ? "A" : "B", .region = region});
    Pattern pattern = action("A");
    pattern.texts.emplace_back(&calls::traits()[2], "z");
    REQUIRE(calls::traits()[2].name == "region");
    std::string ids;
    for (const calls::Nearest& near : calls::verify({.patterns = {pattern}, .at_least = 1}, part).nearest)
        ids += near.call->request_id + std::to_string(near.differs.size()) + " ";
    CHECK(ids == "b1 e2 d2 ");
}

TEST_CASE("a waiting claim is verified again only when enough new calls match, or calls were erased")
{
    calls::Journal journal{{}};
    const auto add = [&](const std::string& name, bool params_lost = false) {
        journal.add(CallRecord{.uin = "1", .action = name, .params_lost = params_lost});
    };
    const auto waits = [&](const Expectation& claim) {
        return calls::Awaited{claim, calls::verify(claim, journal.of("1")), journal, "1"};
    };

    const Expectation two{.patterns = {action("A")}, .at_least = 2};
    add("A");
    calls::Awaited awaited = waits(two);
    CHECK_FALSE(awaited.should_verify(two, journal));
    add("B");
    CHECK_FALSE(awaited.should_verify(two, journal));
    add("A");
    CHECK(awaited.should_verify(two, journal));

    const Expectation order{.patterns = {action("A"), action("B"), action("A")}, .in_order = true};
    journal.forget("1");
    add("A");
    calls::Awaited next = waits(order);
    add("A");
    CHECK_FALSE(next.should_verify(order, journal));
    add("B");
    CHECK(next.should_verify(order, journal));

    // Numbering restarts when the account is reset: the new first call has the same number as the old one.
    journal.forget("1");
    add("X");
    const Expectation one{.patterns = {action("A")}, .at_least = 1};
    calls::Awaited anew = waits(one);
    journal.forget("1");
    add("A");
    CHECK(anew.should_verify(one, journal));

    // A call that may match counts; only verify() can decide whether it does.
    const Expectation params{.patterns = {{.params = {{"/Period", 1}}}}, .at_least = 1};
    calls::Awaited unsure = waits(params);
    add("A");
    CHECK_FALSE(unsure.should_verify(params, journal));
    add("A", true);
    CHECK(unsure.should_verify(params, journal));
    calls::Awaited cleared = waits(one);
    journal.clear("1");
    CHECK(cleared.should_verify(one, journal));
}

TEST_CASE("the nearest of many calls are found although only three are kept on the way")
{
    calls::Journal::Part part;
    for (int i = 0; i < 500; ++i)
        part.calls.push_back(CallRecord{.number = ++part.last,
                                        .request_id = "r" + std::to_string(i),
                                        .action = i == 250 ? "A" : "B",
                                        .code = i == 100 ? "OK" : "InternalError"});
    Pattern wanted = action("A");
    wanted.texts.emplace_back(&calls::traits()[7], "OK");
    REQUIRE(calls::traits()[7].name == "code");
    const calls::Outcome outcome = calls::verify({.patterns = {wanted}, .at_least = 1}, part);
    REQUIRE(outcome.nearest.size() == 3);
    CHECK(outcome.nearest[0].call->request_id == "r250"); // the same action, another outcome
    CHECK(outcome.nearest[1].call->request_id == "r100");
    CHECK(outcome.nearest[2].call->request_id == "r499");
}
