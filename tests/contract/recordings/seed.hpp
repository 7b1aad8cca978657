#pragma once

#include "state/model/calendar.hpp"

#include <boost/json.hpp>

#include <span>
#include <string>

namespace cvm::test {

// An exchange with the real service, as it was recorded.
struct Exchange {
    std::string action;
    std::string version;
    std::string region; // empty: none was sent
    std::string host;
    std::string request; // JSON
    std::string body;    // of the answer
    state::Instant at{};
};

// Throws if the text is not that of recordings.
std::vector<Exchange> read_exchanges(const std::string& text);

// The state document of an account that holds what an exchange shows. What a page of an answer leaves out is taken from
// the other exchanges of the same seconds.
boost::json::object seed_of(const Exchange& exchange, std::span<const Exchange> all);

} // namespace cvm::test
