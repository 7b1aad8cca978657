#include "server/control/events.hpp"

#include "server/calls/call.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace cvm;
using control::Events;
namespace json = boost::json;

namespace {

// The event lines received by a listener: "hello", "change drawn-1".
std::vector<std::string> kinds(std::string_view text)
{
    std::vector<std::string> found;
    std::string id;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (line.starts_with("id: "))
            id = " " + std::string{line.substr(4)};
        if (line.starts_with("event: "))
            found.push_back(std::string{line.substr(7)} + id);
        if (line.empty())
            id.clear();
    }
    return found;
}

using Kinds = std::vector<std::string>;

std::string all_of(http::LiveBody& listener)
{
    std::string text;
    while (listener.ready())
        text += listener.next(false).value();
    return text;
}

constexpr std::array<std::string_view, 1> faults{"faults"};

} // namespace

TEST_CASE("a listener gets a greeting and all later events")
{
    Events events{"drawn"};
    CHECK_FALSE(events.heard());
    auto listener = events.listen("read-only", std::nullopt, "");
    CHECK(events.heard());
    CHECK(listener->next(false) == "event: hello\ndata: {\"server\":\"drawn\",\"version\":\"" CVM_VERSION
                                   "\",\"console\":\"read-only\"}\n\n");
    CHECK_FALSE(listener->ready());
    CHECK(listener->next(false) == "");
    CHECK(listener->next(true) == ": keep-alive\n\n");
    events.add_change("7", faults);
    events.add_change(std::nullopt, control::resource_parts);
    CHECK(listener->ready());
    CHECK(listener->next(true) == "id: drawn-1\nevent: change\ndata: {\"account\":\"7\",\"of\":[\"faults\"]}\n\n"
                                  "id: drawn-2\nevent: change\ndata: "
                                  "{\"account\":null,\"of\":[\"instances\",\"orders\",\"ledger\"]}\n\n");
    events.add_clock({{"account", "7"}, {"now", "n"}, {"frozen", true}, {"next_event", nullptr}, {"events", 1}});
    CHECK(listener->next(false) ==
          "id: drawn-3\nevent: clock\ndata: {\"account\":\"7\",\"now\":\"n\",\"frozen\":true,\"next_event\":null}\n\n");
    calls::CallRecord call;
    call.number = 5;
    call.action = "Line\nEnd";
    events.add_call(call);
    const std::string text = listener->next(false).value();
    CHECK(std::ranges::count(text, '\n') == 4);
    const json::value told = json::parse(text.substr(text.find('{'), text.rfind('}') + 1 - text.find('{')));
    CHECK(told.at("account").is_null());
    CHECK(told.at("call").at("number").as_int64() == 5);
    CHECK(told.at("call").at("action").as_string() == "Line\nEnd");
}

TEST_CASE("a listener of an account gets its events and those for all accounts")
{
    Events events{"drawn"};
    auto listener = events.listen("on", "7", "");
    auto nobody = events.listen("on", "", "");
    events.add_change("7", faults);
    events.add_change("8", faults);
    events.add_change(std::nullopt, faults);
    events.add_call({});
    CHECK(kinds(all_of(*listener)) == Kinds{"hello", "change drawn-1", "change drawn-3"});
    CHECK(kinds(all_of(*nobody)) == Kinds{"hello", "change drawn-3", "call drawn-4"});
}

TEST_CASE("a listener that returns gets the missed events, or is told that some are missing")
{
    Events events{"drawn", {.kept = 3}};
    auto listener = events.listen("on", std::nullopt, "");
    for (int i = 0; i < 5; ++i)
        events.add_change("7", faults);
    const auto resumed = [&](std::string_view id) { return kinds(all_of(*events.listen("on", std::nullopt, id))); };
    CHECK(resumed("drawn-5") == Kinds{"hello"});
    CHECK(resumed("drawn-4") == Kinds{"hello", "change drawn-5"});
    CHECK(resumed("drawn-2") == Kinds{"hello", "change drawn-3", "change drawn-4", "change drawn-5"});
    for (const char* id : {"drawn-1", "drawn-6", "other-5", "drawn-", "drawn-x", "drawn-5x", "drawn", "-5",
                           "drawn-99999999999999999999"}) {
        CAPTURE(id);
        CHECK(resumed(id) == Kinds{"hello", "gap"});
    }
}

TEST_CASE("a listener that falls behind what is kept is cut off")
{
    Events by_number{"drawn", {.kept = 3}};
    Events by_bytes{"drawn", {.kept_bytes = 200}};
    for (Events* events : {&by_number, &by_bytes}) {
        auto slow = events->listen("on", std::nullopt, "");
        auto quick = events->listen("on", std::nullopt, "");
        for (int i = 0; i < 4; ++i) {
            events->add_change("7", faults);
            CHECK(quick->next(false).has_value());
        }
        CHECK(slow->ready());
        CHECK_FALSE(slow->next(false).has_value());
        CHECK_FALSE(quick->ready());
    }
}

TEST_CASE("an event larger than the limit of kept events is kept too")
{
    Events events{"drawn", {.kept_bytes = 1}};
    auto listener = events.listen("on", std::nullopt, "");
    events.add_change("7", faults);
    CHECK(kinds(all_of(*listener)) == Kinds{"hello", "change drawn-1"});
}

TEST_CASE("the number of listeners is limited")
{
    Events events{"drawn", {.listeners = 2}};
    auto first = events.listen("on", std::nullopt, "");
    auto second = events.listen("on", std::nullopt, "");
    CHECK(events.listen("on", std::nullopt, "") == nullptr);
    first.reset();
    CHECK(events.listen("on", std::nullopt, "") != nullptr);
}

TEST_CASE("events are kept for listeners that may return, and then no longer added")
{
    Events events{"drawn", {.kept = 2}};
    auto listener = events.listen("on", std::nullopt, "");
    listener.reset();
    for (int i = 0; i < 2; ++i) {
        CHECK(events.heard());
        events.add_change("7", faults);
    }
    CHECK(kinds(all_of(*events.listen("on", std::nullopt, "drawn-0"))) ==
          Kinds{"hello", "change drawn-1", "change drawn-2"});
    for (int i = 0; i < 3; ++i)
        events.add_change("7", faults);
    CHECK_FALSE(events.heard());
    // Events after that are unknown, until somebody listens again.
    CHECK(kinds(all_of(*events.listen("on", std::nullopt, "drawn-4"))) == Kinds{"hello", "gap"});
    CHECK(events.heard());
}

TEST_CASE("many events are sent in pieces")
{
    Events events{"drawn"};
    auto listener = events.listen("on", std::nullopt, "");
    calls::CallRecord call;
    call.action = std::string(10'000, 'a');
    for (int i = 0; i < 10; ++i)
        events.add_call(call);
    const std::string first = listener->next(false).value();
    CHECK(first.size() > 60'000);
    CHECK(first.size() < 80'000);
    CHECK(listener->ready());
    CHECK(kinds(first + all_of(*listener)).size() == 11);
}
