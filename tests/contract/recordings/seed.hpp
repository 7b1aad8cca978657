#pragma once

#include "state/model/calendar.hpp"

#include <boost/json.hpp>

#include <span>
#include <string>

namespace cvm::test {

// A recorded exchange with the real service.
struct Exchange {
    std::string action;
    std::string version;
    std::string region; // empty: not sent
    std::string host;
    std::string request; // JSON
    std::string body;    // of the answer
    state::Instant at{};
};

// Throws if the text is not a file of recordings.
std::vector<Exchange> read_exchanges(const std::string& text);

// The state document of an account with everything that an exchange shows. What one page of an answer omits is taken
// from the other exchanges of the same seconds.
boost::json::object seed_of(const Exchange& exchange, std::span<const Exchange> all);

} // namespace cvm::test
