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

// The parts of the state that a change may concern.
inline constexpr std::array<std::string_view, 7> of_everything{"instances", "orders",   "ledger", "faults",
                                                               "accounts",  "requests", "state"};
// Those that a call that writes, or time that passes, may change.
inline constexpr std::span<const std::string_view> of_books{of_everything.data(), 3};

// What happens, for those who listen (GET /_emulator/events): the last events, as server-sent events
// (https://html.spec.whatwg.org/multipage/server-sent-events.html). A listener that is further behind than what is kept
// is cut off.
class Events {
public:
    struct Limits {
        std::size_t kept = 1000;
        std::size_t kept_bytes = std::size_t{256} * 1024; // but for the last one
        std::size_t listeners = 64;
    };

    // `server`: a word that tells the events of this process from those of another.
    explicit Events(std::string server) : Events{std::move(server), Limits{}} {}
    Events(std::string server, Limits limits) : server_{std::move(server)}, limits_{limits} {}
    Events(const Events&) = delete;
    Events& operator=(const Events&) = delete;

    // Whether events are to be added. After the last listener has left they are, for it may come back, until as many
    // have been added as are kept.
    bool heard() const noexcept { return heard_; }

    // A call with its number. Where memory runs out, an event is lost, and all who listen are cut off.
    void add_call(const calls::CallRecord& call) noexcept;
    // `uin`: nullopt means all accounts.
    void add_change(const std::optional<std::string>& uin, std::span<const std::string_view> parts) noexcept;
    // `clock`: what GET /_emulator/clock answers, and maybe more.
    void add_clock(const boost::json::object& clock) noexcept;

    // Who hears the events of the account `uin`, or all. It begins with what it was told, then with what came after the
    // event `last_id`, unless that is empty; the body must not outlive this. nullptr: there are Limits::listeners.
    std::unique_ptr<http::LiveBody> listen(std::string_view console, const std::optional<std::string>& uin,
                                           std::string_view last_id);

private:
    class Listener;

    struct Event {
        std::optional<std::string> uin; // whom it concerns; nullopt: all
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
    std::size_t unheard_ = 0; // how many were added since the last listener left
    std::uint64_t last_ = 0;  // the number of the last event
    std::deque<Event> kept_{};
    std::size_t kept_bytes_ = 0;
};

} // namespace cvm::control
