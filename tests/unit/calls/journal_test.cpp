#include "server/calls/journal.hpp"

#include <doctest/doctest.h>

using namespace cvm;
using calls::CallRecord;
using calls::Journal;

namespace {

std::string numbers(const Journal::Part& part)
{
    std::string text;
    for (const CallRecord& call : part.calls)
        text += std::to_string(call.number) + " ";
    return text;
}

void add(Journal& journal, const std::string& uin, int times, std::size_t bytes = 0)
{
    for (int i = 0; i < times; ++i)
        journal.add({.request_id = uin + "-" + std::to_string(i), .uin = uin, .params = std::string(bytes, 'a')});
}

} // namespace

TEST_CASE("calls are counted and kept account by account")
{
    Journal journal{{}};
    add(journal, "1", 2);
    add(journal, "2", 1);
    CHECK(numbers(journal.of("1")) == "1 2 ");
    CHECK(numbers(journal.of("2")) == "1 ");
    CHECK(numbers(journal.of("3")).empty());
    CHECK(journal.find("2-0")->uin == "2");
    CHECK(journal.find("2-1") == nullptr);
}

TEST_CASE("beyond the number of calls the oldest is dropped and counted")
{
    Journal journal{{.calls = 3}};
    add(journal, "1", 5);
    add(journal, "2", 1);
    CHECK(numbers(journal.of("1")) == "3 4 5 ");
    CHECK(journal.of("1").dropped == 2);
    CHECK(journal.size() == 4);
    journal.clear("1");
    CHECK(journal.size() == 1);
    journal.clear_all();
    CHECK(journal.size() == 0);
    CHECK(journal.dropped() == 2); // those that were cleared do not count
    CHECK(journal.of("2").dropped == 0);
    CHECK(journal.find("1-0") == nullptr);

    Journal none{{.calls = 0}};
    add(none, "1", 2);
    CHECK(none.of("1").calls.empty());
    CHECK(none.of("1").dropped == 2);
    CHECK(none.of("1").last == 2);
    CHECK(none.bytes() == 0);
}

TEST_CASE("above the limit of bytes the account with the most bytes loses calls")
{
    Journal journal{{.bytes = 100'000}};
    add(journal, "quiet", 3, 100);
    add(journal, "busy", 1000, 1000);
    CHECK(journal.bytes() <= 100'000);
    CHECK(journal.of("quiet").calls.size() == 3);
    CHECK(journal.of("quiet").dropped == 0);
    CHECK(journal.of("busy").calls.size() > 10);
    CHECK(journal.of("busy").calls.size() + journal.of("busy").dropped == 1000);

    add(journal, "huge", 1, 200'000);
    CHECK(journal.of("huge").calls.empty());
    CHECK(journal.of("huge").dropped == 1);
    CHECK(journal.of("quiet").calls.size() == 3);
}

TEST_CASE("calls without an account get only a small share, and every text counts")
{
    Journal journal{{.bytes = 100'000}};
    add(journal, "1", 10, 1000);
    add(journal, "", 1000, 100);
    CHECK(journal.of("1").dropped == 0);
    CHECK(journal.of("").bytes <= 100'000 / 8);
    const std::size_t before = journal.bytes();
    journal.add({.uin = "1", .method = std::string(500, 'm'), .version = std::string(500, 'v')});
    CHECK(journal.bytes() > before + 1000);
}

TEST_CASE("clearing forgets calls and what was dropped, not the numbers; forgetting forgets all")
{
    Journal journal{{.calls = 2}};
    add(journal, "1", 3);
    add(journal, "2", 1);
    CHECK(journal.clear("1") == 2);
    CHECK(journal.clear("3") == 0);
    CHECK(journal.of("1").calls.empty());
    CHECK(journal.of("1").dropped == 0);
    add(journal, "1", 1);
    CHECK(numbers(journal.of("1")) == "4 ");
    journal.forget("1");
    add(journal, "1", 1);
    CHECK(numbers(journal.of("1")) == "1 ");
    journal.clear("1");
    journal.forget("2");
    CHECK(journal.bytes() == 0);
    add(journal, "1", 1);
    journal.clear_all();
    CHECK(journal.bytes() == 0);
    CHECK(journal.of("1").last == 0);
}
