#pragma once

#include "server/calls/call.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace cvm::calls {

// The last calls of each account, in memory. A call of one account never pushes out one of another, as long as the
// bytes suffice for all.
class Journal {
public:
    struct Limits {
        std::size_t calls = 10'000; // of one account; 0 keeps none
        // Of all accounts; beyond it the account with most bytes loses its oldest calls.
        std::size_t bytes = std::size_t{12} << 20U;
    };

    // The calls of one account.
    struct Part {
        std::deque<CallRecord> calls{}; // oldest first
        std::uint64_t last = 0;         // the number of the last call, kept or not
        std::uint64_t dropped = 0;      // calls that are not kept, mostly because of the limits, since it was cleared
        std::size_t bytes = 0;
    };

    explicit Journal(Limits limits) : limits_{limits} {}

    // Without memory for it: as lose().
    void add(CallRecord call) noexcept;
    // Counts a call that is not kept as dropped.
    void lose(std::string_view uin) noexcept;
    bool keeps_calls() const { return limits_.calls > 0; }

    const Part& of(std::string_view uin) const;

    // A call of any account; nullptr if it is not kept.
    const CallRecord* find(std::string_view request_id) const;

    // Erases the calls of an account and returns how many there were. Numbers go on.
    std::size_t clear(std::string_view uin);
    void forget(std::string_view uin); // erases the calls too; numbers start again
    void clear_all();

    // Of all accounts.
    std::size_t size() const;
    std::size_t bytes() const { return bytes_; }
    std::uint64_t dropped() const { return dropped_; } // calls that the limits ever pushed out

    // Counts how often calls were erased on request: what was seen of them before says nothing any more.
    std::uint64_t erasures() const { return erasures_; }

private:
    void drop_oldest(Part& part);

    Limits limits_;
    std::map<std::string, Part, std::less<>> parts_;
    std::size_t bytes_ = 0;
    std::uint64_t dropped_ = 0;
    std::uint64_t erasures_ = 0;
};

} // namespace cvm::calls
