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

// The most recent calls of each account, in memory. A call of one account does not displace a call of another account,
// unless the limit of bytes is reached.
class Journal {
public:
    struct Limits {
        std::size_t calls = 10'000; // per account; 0 stores none
        // For all accounts; above it the account with the most bytes loses its oldest calls.
        std::size_t bytes = std::size_t{12} << 20U;
    };

    // The calls of one account.
    struct Part {
        std::deque<CallRecord> calls{}; // oldest first
        std::uint64_t last = 0;         // the number of the last call, stored or not
        std::uint64_t dropped = 0;      // calls no longer stored, mostly because of the limits, since the last clear()
        std::size_t bytes = 0;
    };

    explicit Journal(Limits limits) : limits_{limits} {}

    // If there is no memory for the call, works as lose().
    void add(CallRecord call) noexcept;
    // Counts a call that is not stored as dropped.
    void lose(std::string_view uin) noexcept;
    bool keeps_calls() const { return limits_.calls > 0; }

    const Part& of(std::string_view uin) const;

    // A call of any account; nullptr if it is not stored.
    const CallRecord* find(std::string_view request_id) const;

    // Erases the calls of an account and returns their number. Numbering continues.
    std::size_t clear(std::string_view uin);
    void forget(std::string_view uin); // erases the calls too; numbering starts again
    void clear_all();

    // For all accounts.
    std::size_t size() const;
    std::size_t bytes() const { return bytes_; }
    std::uint64_t dropped() const { return dropped_; } // total number of calls displaced by the limits

    // Counts erasures on request. After an erasure, earlier observations of the calls are no longer valid.
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
