#pragma once

#include "server/api/action.hpp"
#include "server/base/error.hpp"
#include "state/model/calendar.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace cvm {

// Limits the calls of each action per second, as its page says (fixtures/catalog/actions/, rate_limit). Calls are
// counted for each action, region and key (https://cloud.tencent.com/document/product/1278/109059), in whole seconds of
// real time (assumed).
class RateLimit {
public:
    explicit RateLimit(bool on) : on_{on} {}

    // Counts a call. RequestLimitExceeded if it exceeds the limit.
    std::optional<Error> count(const api::Action& action, std::string_view region, std::string_view secret_id,
                               state::Instant now);

private:
    using Key = std::tuple<const api::Action*, std::string, std::string>;

    bool on_;
    state::Instant second_{};
    std::map<Key, std::int64_t> calls_; // in the current second
};

} // namespace cvm
