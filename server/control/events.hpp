#pragma once

#include "server/http/message.hpp"

#include <boost/json/object.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cvm::calls {
struct CallRecord;
}

namespace cvm::control {

// The parts of the state that can change.
inline constexpr std::array<std::string_view, 7> all_parts{"instances", "orders",   "ledger", "faults",
                                                           "accounts",  "requests", "state"};
// The parts that a writing call, or time that passes, may change.
inline constexpr std::span<const std::string_view> resource_parts{all_parts.data(), 3};

// The most recent events for listeners (GET /_emulator/events), as server-sent events
// (https://html.spec.whatwg.org/multipage/server-sent-events.html). A listener that has fallen behind the kept events
// is disconnected.
class Events {
public:
    struct Limits {
        std::size_t kept = 1000;
        std::size_t kept_bytes = std::size_t{256} * 1024; // except for the last one
        std::size_t listeners = 64;
    };

    // `server`: a word that distinguishes the events of this process from those of another one.
    explicit Events(std::string server) : Events{std::move(server), Limits{}} {}
    Events(std::string server, Limits limits) : server_{std::move(server)}, limits_{limits} {}
    Events(const Events&) = delete;
    Events& operator=(const Events&) = delete;

    // Whether events should be added. Also true for some time after the last listener has left, since it may reconnect:
    // until as many events were added as are kept.
    bool heard() const noexcept { return heard_; }

    // Adds a call with its number. If memory runs out, the event is lost and all listeners are disconnected.
    void add_call(const calls::CallRecord& call) noexcept;
    // `uin`: nullopt means all accounts.
    void add_change(const std::optional<std::string>& uin, std::span<const std::string_view> parts) noexcept;
    // `clock`: the answer of GET /_emulator/clock, possibly with more members.
    void add_clock(const boost::json::object& clock) noexcept;

    // A stream of the events of the account `uin`, or of all accounts. It begins with `console`, then continues after
    // the event `last_id`, unless that is empty. The body must not outlive this object. nullptr if there are already
    // Limits::listeners.
    std::unique_ptr<http::LiveBody> listen(std::string_view console, const std::optional<std::string>& uin,
                                           std::string_view last_id);

private:
    class Listener;

    struct Event {
        std::optional<std::string> uin; // the account that it concerns; nullopt: all
        std::string text;
    };

    void add(std::string_view kind, std::optional<std::string> uin, const boost::json::object& data);
    void lose() noexcept;
    void drop_oldest();
    std::uint64_t first_kept() const noexcept { return last_ + 1 - kept_.size(); }
    std::optional<std::uint64_t> number_in(std::string_view id) const;

    std::string server_;
    Limits limits_;
    bool heard_ = false;
    std::size_t listeners_ = 0;
    std::size_t unheard_ = 0; // events added since the last listener left
    std::uint64_t last_ = 0;  // the number of the last event
    std::deque<Event> kept_{};
    std::size_t kept_bytes_ = 0;
};

} // namespace cvm::control
