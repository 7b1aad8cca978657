#include "server/calls/faults.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <set>

using namespace cvm;
using calls::CallRecord;
using calls::Faults;
using calls::When;

namespace {

constexpr state::Instant now{std::chrono::seconds{1'000'000}};

// The calls, of so many, to which a rule applies.
std::string hits(const When& when, int calls)
{
    Faults faults;
    faults.add("1", {.when = when});
    std::string text;
    for (int i = 0; i < calls; ++i)
        text += faults.hit(CallRecord{.uin = "1"}, {}, now) != nullptr ? 'x' : '.';
    return text;
}

} // namespace

TEST_CASE("a rule applies to the calls that it counts")
{
    CHECK(hits({}, 5) == "xxxxx");
    CHECK(hits({.nth = 1}, 5) == "x....");
    CHECK(hits({.nth = 5}, 6) == "....x.");
    CHECK(hits({.every = 1}, 3) == "xxx");
    CHECK(hits({.every = 2}, 6) == ".x.x.x");
    CHECK(hits({.times = 3}, 5) == "xxx..");
    CHECK(hits({.every = 2, .times = 1}, 6) == ".x....");
    CHECK(hits({.probability = 0.0}, 100) == std::string(100, '.'));
    CHECK(hits({.probability = 1.0}, 100) == std::string(100, 'x'));
    CHECK(hits({.probability = 1.0, .times = 2}, 4) == "xx..");
}

TEST_CASE("a probability depends only on seed and number and is accurate")
{
    std::set<std::string> runs;
    int applied = 0;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        const std::string run = hits({.probability = 0.3, .seed = seed}, 200);
        CHECK(run == hits({.probability = 0.3, .seed = seed}, 200));
        applied += static_cast<int>(std::ranges::count(run, 'x'));
        runs.insert(run);
    }
    CHECK(runs.size() == 50);
    CHECK(applied > 2700);
    CHECK(applied < 3300);
}

TEST_CASE("a rule that can never apply again is spent")
{
    Faults faults;
    faults.add("1", {.when = {.nth = 2}});
    faults.add("1", {.when = {.times = 1}});
    const auto spent = [&] {
        std::string text;
        for (const calls::Rule& rule : faults.of("1", now))
            text += rule.spent() ? 'x' : '.';
        return text;
    };
    CHECK(spent() == "..");
    faults.hit(CallRecord{.uin = "1"}, {}, now);
    CHECK(spent() == ".x");
    faults.hit(CallRecord{.uin = "1"}, {}, now);
    CHECK(spent() == "xx");
}

TEST_CASE("a rule belongs to its account")
{
    Faults faults;
    faults.add("1", {});
    CHECK(faults.any("1"));
    CHECK_FALSE(faults.any("2"));
    CHECK(faults.hit(CallRecord{.uin = "2"}, {}, now) == nullptr);
    CHECK(faults.of("2", now).empty());
    CHECK(faults.erase("2") == 0);
    CHECK(faults.erase("1", "fault-2") == 0);
    CHECK(faults.erase("1", "fault-1") == 1);
    CHECK_FALSE(faults.any("1"));
}

TEST_CASE("a rule ends with its time to live")
{
    Faults faults;
    faults.add("1", {.ends_at = now + std::chrono::seconds{1}});
    CHECK(faults.hit(CallRecord{.uin = "1"}, {}, now) != nullptr);
    CHECK(faults.of("1", now).size() == 1);
    CHECK(faults.hit(CallRecord{.uin = "1"}, {}, now + std::chrono::seconds{1}) == nullptr);
    CHECK_FALSE(faults.any("1"));
}

TEST_CASE("the first rule that fires applies; a rule that does not fire leaves the call to the next one")
{
    Faults faults;
    faults.add("1", {.when = {.every = 2}});
    faults.add("1", {.when = {.times = 2}});
    std::string ids;
    for (int i = 0; i < 6; ++i) {
        const calls::Rule* rule = faults.hit(CallRecord{.uin = "1"}, {}, now);
        ids += rule != nullptr ? rule->id.back() : '.';
    }
    CHECK(ids == "2121.1");
    CHECK(faults.of("1", now).at(0).matched == 6);
    CHECK(faults.of("1", now).at(1).matched == 2);
    CHECK(faults.of("1", now).at(1).spent());
}

TEST_CASE("consecutive seeds give independent sequences")
{
    const std::string run = hits({.probability = 0.5, .seed = 1}, 50);
    CHECK(run.substr(1) != hits({.probability = 0.5, .seed = 2}, 49));
}

TEST_CASE("a hit that is undone does not count")
{
    Faults faults;
    faults.add("1", {.when = {.nth = 2}});
    CHECK(faults.hit(CallRecord{.uin = "1"}, {}, now) == nullptr);
    CHECK(faults.hit(CallRecord{.uin = "1"}, {}, now) != nullptr);
    faults.undo_hit("1", "fault-1");
    faults.undo_hit("1", "fault-2");
    faults.undo_hit("2", "fault-1");
    CHECK(faults.hit(CallRecord{.uin = "1"}, {}, now) != nullptr);
    CHECK(faults.of("1", now).front().applied == 1);
}

TEST_CASE("a label says what was done and how to reproduce it")
{
    Faults faults;
    faults.add("1", {.when = {.probability = 1.0, .seed = 42},
                     .then = {.error = Errc::internal_error,
                              .status = 500,
                              .delay = std::chrono::milliseconds{5},
                              .truncate = 0,
                              .bytes_per_second = 7,
                              .commit_then_fail = true}});
    CHECK(calls::label(*faults.hit(CallRecord{.uin = "1"}, {}, now)) ==
          "fault-1; error=InternalError; status=500; delay_ms=5; truncate=0; bytes_per_second=7; commit_then_fail; "
          "call=1; seed=42");
    faults.clear();
    faults.add("1", {.then = {.drop = true}});
    CHECK(calls::label(*faults.hit(CallRecord{.uin = "1"}, {}, now)) == "fault-2; drop; call=1");
}

TEST_CASE("an effect says whether the answer is hidden and whether the work is done")
{
    struct Case {
        calls::Effect effect;
        bool hides;
        bool skips;
    };
    for (const Case& c :
         {Case{{.delay = std::chrono::milliseconds{1}}, false, false}, Case{{.truncate = 1}, false, false},
          Case{{.bytes_per_second = 1}, false, false}, Case{{.error = Errc::internal_error}, true, true},
          Case{{.status = 500}, true, true}, Case{{.drop = true}, true, true},
          Case{{.commit_then_fail = true}, true, false}, Case{{.drop = true, .commit_then_fail = true}, true, false}}) {
        CHECK(c.effect.hides_answer() == c.hides);
        CHECK(c.effect.skips_work() == c.skips);
    }
}
