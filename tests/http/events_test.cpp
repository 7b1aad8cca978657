// /_emulator/events over a real socket: what listeners receive.
#include "state/model/calendar.hpp"
#include "tests/support/http/server_fixture.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace cvm::http::test {

namespace {

struct Event {
    std::string id;
    std::string kind;
    json::value data;
};

// Listens as an HTTP/1.0 client, which gets no chunks.
class Listener {
public:
    explicit Listener(const Served& served, std::string_view query = "", std::string_view fields = "")
        : client_{served.port()}
    {
        CHECK(client_.send("GET /_emulator/events" + std::string{query} + " HTTP/1.0\r\nHost: " + served.host() +
                           "\r\n" + std::string{fields} + "\r\n"));
        head = take("\r\n\r\n");
        if (head.find(" 200 ") != std::string::npos)
            hello = next();
    }

    // Waits for the next event.
    Event next()
    {
        const std::string text = take("\n\n");
        Event event;
        for (std::string_view rest = text; !rest.empty();) {
            const std::string_view line = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(line.size() + 1);
            if (line.starts_with("id: "))
                event.id = line.substr(4);
            else if (line.starts_with("event: "))
                event.kind = line.substr(7);
            else if (line.starts_with("data: "))
                event.data = json::parse(std::string{line.substr(6)});
        }
        return event;
    }

    bool ends() { return client_.ends_in_silence(); }

    std::string head;
    Event hello;

private:
    std::string take(std::string_view end)
    {
        while (received_.find(end) == std::string::npos) {
            REQUIRE(client_.receive_more());
            received_ += client_.take_received();
        }
        const std::size_t bytes = received_.find(end) + end.size();
        std::string taken = received_.substr(0, bytes);
        received_.erase(0, bytes);
        return taken;
    }

    Client client_;
    std::string received_;
};

// "change 100000000001 faults"
std::string shown(const Event& event)
{
    std::string line = event.kind + " " + (event.data.at("account").is_null() ? "all" : text(event.data.at("account")));
    if (const auto* parts = event.data.as_object().if_contains("of"))
        for (const json::value& part : parts->as_array())
            line += " " + text(part);
    if (const auto* call = event.data.as_object().if_contains("call"))
        line += " " + text(call->at("action")) + " " + text(call->at("code"));
    return line;
}

} // namespace

TEST_CASE("a listener gets a greeting, and calls as in the journal")
{
    Served served;
    Listener listener{served};
    CHECK(listener.head.find("Content-Type: text/event-stream\r\n") != std::string::npos);
    CHECK(listener.head.find("Cache-Control: no-store\r\n") != std::string::npos);
    CHECK(listener.hello.kind == "hello");
    CHECK(listener.hello.id.empty());
    CHECK(listener.hello.data == json::value{{"server", "drawn"}, {"version", CVM_VERSION}, {"console", "on"}});

    served.send({.action = "DescribeInstances"});
    served.response({.action = "RenewInstances", .params = renewal("ins-r8hr2upy")});
    const Event first = listener.next();
    CHECK(shown(first) == "call 100000000001 DescribeInstances OK");
    CHECK(first.id == "drawn-1");
    const Event second = listener.next();
    CHECK(shown(second) == "call 100000000001 RenewInstances OK");
    CHECK(shown(listener.next()) == "change 100000000001 instances orders ledger");
    const json::value kept = served.control("GET", "/_emulator/requests").at("calls");
    CHECK(kept.at(0) == first.data.at("call"));
    CHECK(kept.at(1) == second.data.at("call"));

    Call unknown{.action = "DescribeInstances"};
    unknown.secret_id = "AKIDnobody";
    served.send(unknown);
    CHECK(shown(listener.next()) == "call all DescribeInstances AuthFailure.SecretIdNotFound");
}

TEST_CASE("a listener gets clock events and changes, but nothing about reads")
{
    Served served;
    Listener listener{served};
    const auto ask = [&](const char* method, const char* target, const char* body = "") {
        return served.control(method, target, body);
    };
    ask("POST", "/_emulator/clock", R"({"advance":"P1D","dry_run":true})");
    ask("POST", "/_emulator/requests/verify", R"({"at_most":5})");
    ask("GET", "/_emulator/accounts");
    served.problem("POST", "/_emulator/clock", R"({"advance":1})", 400);
    ask("POST", "/_emulator/clock", R"({"frozen":true})");
    const Event clock = listener.next();
    CHECK(clock.kind == "clock");
    CHECK(clock.data == ask("GET", "/_emulator/clock"));
    CHECK(shown(listener.next()) == "change 100000000001 instances orders ledger");

    ask("POST", "/_emulator/ledger", R"({"deposit":100})");
    CHECK(shown(listener.next()) == "change 100000000001 instances orders ledger");
    ask("POST", "/_emulator/faults?account=AKIDnomoneyEXAMPLE", R"({"then":{"drop":true}})");
    CHECK(shown(listener.next()).ends_with(" faults"));
    ask("DELETE", "/_emulator/requests");
    CHECK(shown(listener.next()) == "change 100000000001 requests");
    const json::value made = ask("POST", "/_emulator/accounts", "{}");
    CHECK(shown(listener.next()) == "change all accounts");
    const std::string query = "?account=" + text(made.at("Uin"));
    served.control("POST", "/_emulator/reset" + query);
    CHECK(shown(listener.next()) ==
          "change " + text(made.at("Uin")) + " instances orders ledger faults accounts requests state");
    served.control("DELETE", "/_emulator/accounts" + query);
    CHECK(shown(listener.next()) == "change all accounts");
    ask("POST", "/_emulator/reset");
    CHECK(shown(listener.next()) == "change all instances orders ledger faults accounts requests state");
}

TEST_CASE("time that passes on its own is reported at the next request")
{
    Served served;
    Listener listener{served};
    served.set_real_time(cvm::test::test_time + std::chrono::days{30});
    served.control("GET", "/_emulator/timeline");
    CHECK(shown(listener.next()) == "change 100000000001 instances orders ledger");
}

TEST_CASE("time that passes on its own is reported even if the call is refused")
{
    Served served;
    const json::value clock = served.control("GET", "/_emulator/clock");
    const state::Instant due = state::parse_instant(text(clock.at("next_event").at("time"))).value();
    served.control("POST", "/_emulator/clock",
                   R"({"set":")" + state::format_instant(due - std::chrono::minutes{1}) + "\"}");
    Listener listener{served};
    served.set_real_time(cvm::test::test_time + std::chrono::minutes{2});
    served.send({.action = "RenewInstances",
                 .body = R"({"InstanceIds":["ins-none0000"],"InstanceChargePrepaid":{"Period":1}})"});
    CHECK(shown(listener.next()) == "change 100000000001 instances orders ledger");
    CHECK(shown(listener.next()) == "call 100000000001 RenewInstances InvalidInstanceId.NotFound");
}

TEST_CASE("a listener gets only events of its account, which must exist")
{
    Served served;
    const json::object account = served.make_account();
    Listener listener{served, "?account=" + text(account.at("SecretId"))};
    served.send({.action = "DescribeInstances"});
    served.code(by(account, "DescribeInstances"));
    CHECK(shown(listener.next()) == "call " + text(account.at("Uin")) + " DescribeInstances OK");
    served.problem("GET", "/_emulator/events?account=42", "", 404);
}

TEST_CASE("a listener that returns gets the missed events")
{
    Served served;
    std::string last;
    {
        Listener listener{served};
        served.send({.action = "DescribeInstances"});
        last = listener.next().id;
    }
    served.send({.action = "DescribeZones"});
    Listener again{served, "", "Last-Event-ID: " + last + "\r\n"};
    CHECK(shown(again.next()) == "call 100000000001 DescribeZones OK");
    Listener other{served, "", "Last-Event-ID: other-1\r\n"};
    const Event gap = other.next();
    CHECK(gap.kind == "gap");
    CHECK(gap.id.empty());
    CHECK(gap.data == json::object{});
}

TEST_CASE("the number of listeners is limited, and one that leaves makes room")
{
    Served served;
    {
        std::vector<Listener> listeners;
        listeners.reserve(64);
        for (int i = 0; i < 64; ++i)
            listeners.emplace_back(served);
        const Answer refused = Client{served.port()}.exchange(served.control_text("GET", "/_emulator/events"));
        CHECK(refused.status == 503);
        CHECK_FALSE(refused.field("Retry-After").empty());
        // All listeners receive it, and other requests are served.
        served.send({.action = "DescribeInstances"});
        for (Listener& listener : listeners)
            CHECK(shown(listener.next()) == "call 100000000001 DescribeInstances OK");
    }
    for (;;) { // until the server has noticed
        const Listener listener{served};
        if (listener.head.find(" 200 ") != std::string::npos)
            break;
    }
}

TEST_CASE("a HEAD request does not listen")
{
    Served served;
    std::vector<Client> clients;
    for (int i = 0; i < 65; ++i) {
        Client& client = clients.emplace_back(served.port());
        CHECK(client.exchange(served.control_text("HEAD", "/_emulator/events"), BodySent::no).status == 200);
    }
    const Listener listener{served};
    CHECK(listener.head.find(" 200 ") != std::string::npos);
}

TEST_CASE("listening requires the token")
{
    Served served{{}, "open sesame"};
    CHECK(Listener{served}.head.find(" 401 ") != std::string::npos);
    CHECK(Listener{served, "", "Authorization: Bearer open sesame\r\n"}.hello.kind == "hello");
}

} // namespace cvm::http::test
