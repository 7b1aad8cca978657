#include "server/control/events.hpp"

#include "server/control/account_lookup.hpp"
#include "server/control/call_json.hpp"
#include "server/control/or_null.hpp"

#include <boost/json.hpp>

#include <charconv>
#include <new>
#include <utility>

namespace cvm::control {

namespace json = boost::json;

namespace {

// The approximate amount that is sent at once.
constexpr std::size_t event_piece_bytes = std::size_t{64} * 1024;

constexpr std::string_view still_there = ": keep-alive\n\n";

std::string event_text(std::string_view kind, const json::object& data)
{
    return "event: " + std::string{kind} + "\ndata: " + json::serialize(data) + "\n\n";
}

std::string_view word_of(ConsoleMode mode)
{
    switch (mode) {
    case ConsoleMode::on:
        return "on";
    case ConsoleMode::read_only:
        return "read-only";
    case ConsoleMode::off:
        return "off";
    }
    return {};
}

} // namespace

// The position of a listener in the list of events.
class Events::Listener final : public http::LiveBody {
public:
    Listener(Events& events, std::optional<std::string> uin, std::string begin, std::uint64_t next)
        : events_{events}, uin_{std::move(uin)}, begin_{std::move(begin)}, next_{next}
    {
        ++events_.listeners_;
        events_.heard_ = true;
    }
    ~Listener() override
    {
        if (--events_.listeners_ == 0)
            events_.unheard_ = 0;
    }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    bool ready() const noexcept override { return !begin_.empty() || next_ <= events_.last_; }

    std::optional<std::string> next(bool silent) override
    {
        if (next_ < events_.first_kept())
            return std::nullopt;
        std::string text = std::exchange(begin_, {});
        for (; next_ <= events_.last_ && text.size() < event_piece_bytes; ++next_) {
            const Event& event = events_.kept_[next_ - events_.first_kept()];
            if (!uin_ || !event.uin || *event.uin == *uin_)
                text += event.text;
        }
        return text.empty() && silent ? std::string{still_there} : text;
    }

private:
    Events& events_;
    std::optional<std::string> uin_;
    std::string begin_;
    std::uint64_t next_; // the number of the next event to send
};

void Events::add_call(const calls::CallRecord& call) noexcept
try {
    add("call", call.uin, {{"account", or_null(call.uin)}, {"call", to_json(call)}});
} catch (const std::bad_alloc&) {
    lose();
}

void Events::add_change(const std::optional<std::string>& uin, std::span<const std::string_view> parts) noexcept
try {
    add("change", uin, {{"account", or_null(uin.value_or(""))}, {"of", json::array(parts.begin(), parts.end())}});
} catch (const std::bad_alloc&) {
    lose();
}

void Events::add_clock(const json::object& clock) noexcept
try {
    json::object told;
    for (const std::string_view member : {"account", "now", "frozen", "next_event"})
        told[member] = clock.at(member);
    add("clock", std::string{clock.at("account").as_string()}, told);
} catch (const std::bad_alloc&) {
    lose();
}

void Events::add(std::string_view kind, std::optional<std::string> uin, const json::object& data)
{
    if (listeners_ == 0 && ++unheard_ > limits_.kept) {
        heard_ = false;
        return lose();
    }
    std::string text = "id: " + server_ + "-" + std::to_string(last_ + 1) + "\n" + event_text(kind, data);
    const std::size_t bytes = text.size();
    kept_.push_back({std::move(uin), std::move(text)});
    ++last_;
    kept_bytes_ += bytes;
    while (kept_.size() > limits_.kept || (kept_bytes_ > limits_.kept_bytes && kept_.size() > 1))
        drop_oldest();
}

// Skips a number, so that listeners notice that an event is missing.
void Events::lose() noexcept
{
    kept_.clear();
    kept_bytes_ = 0;
    ++last_;
}

void Events::drop_oldest()
{
    kept_bytes_ -= kept_.front().text.size();
    kept_.pop_front();
}

// The number of an event of this process; nullopt for any other id.
std::optional<std::uint64_t> Events::number_in(std::string_view id) const
{
    if (!id.starts_with(server_ + "-"))
        return std::nullopt;
    id.remove_prefix(server_.size() + 1);
    std::uint64_t number = 0;
    const auto [end, ec] = std::from_chars(id.data(), id.data() + id.size(), number);
    const bool good = ec == std::errc{} && end == id.data() + id.size() && number <= last_;
    return good ? std::optional{number} : std::nullopt;
}

std::unique_ptr<http::LiveBody> Events::listen(std::string_view console, const std::optional<std::string>& uin,
                                               std::string_view last_id)
{
    if (listeners_ >= limits_.listeners)
        return nullptr;
    std::string begin = event_text("hello", {{"server", server_}, {"version", CVM_VERSION}, {"console", console}});
    std::uint64_t next = last_ + 1;
    if (!last_id.empty()) {
        const auto heard_last = number_in(last_id);
        if (heard_last && *heard_last + 1 >= first_kept())
            next = *heard_last + 1;
        else
            begin += event_text("gap", {});
    }
    return std::make_unique<Listener>(*this, uin, std::move(begin), next);
}

Answer get_events(state::Store& store, Events& events, const ConsoleMode& console, const Request& request)
{
    std::optional<std::string> uin;
    if (request.query.contains("account"))
        uin = uin_of_calls(store, request);
    auto live = events.listen(word_of(console), uin, request.last_event_id);
    if (!live)
        return {.status = 503,
                .body = json::object{{"error", "too many clients are listening; close one, or try again later"}},
                .headers = {{boost::beast::http::field::retry_after, "5"}}};
    return {.type = "text/event-stream",
            .live = std::move(live),
            .headers = {{boost::beast::http::field::cache_control, "no-store"}}};
}

} // namespace cvm::control
