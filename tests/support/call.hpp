#pragma once

#include "server/http/message.hpp"
#include "server/wire/envelope.hpp"
#include "state/model/calendar.hpp"

#include <boost/json.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cvm::test {

// The default time of tests: 2026-03-31T08:30:00Z, the last day of a month.
inline constexpr state::Instant test_time =
    std::chrono::sys_days{std::chrono::year{2026} / 3 / 31} + std::chrono::hours{8} + std::chrono::minutes{30};

// A call at the level of the API. sign() turns it into a request.
struct Call {
    std::string action{};
    boost::json::object params{};
    std::optional<std::string> body{};             // of a POST with tc3; replaces params
    std::string content_type = "application/json"; // of a POST with tc3
    std::string version = "2017-03-12";
    std::string region = "ap-guangzhou"; // empty: not sent
    std::string language{};              // empty: not sent
    std::string token{};                 // empty: not sent
    std::string force_error{};           // X-Emulator-Force-Error; empty: not sent
    std::string secret_id = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE";
    std::string secret_key = "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE";
    wire::Dialect dialect = wire::Dialect::tc3;
    std::string method = "POST";
    bool sha256 = false; // for v1 and legacy
    std::string host = "127.0.0.1:8213";
    std::string service = "cvm"; // in the scope of a tc3 signature
    std::int64_t nonce = 11886;
};

// The same call with another key pair of the fixtures: "hosts" means AKIDhostsEXAMPLE.
Call by(std::string_view owner, Call call);

// The request that a correct client would send at `now`.
http::Request sign(const Call& call, state::Instant now);

} // namespace cvm::test
