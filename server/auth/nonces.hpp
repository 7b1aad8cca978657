#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

namespace cvm::auth {

// The legacy API answers a call only once, so that it cannot be replayed: it remembers which SecretId used which Nonce
// with which Timestamp (https://www.tencentcloud.com/document/product/239/1757).
class Nonces {
public:
    // How long a use is remembered: two hours according to that page; https://cloud.tencent.com/document/api/213/11657
    // says five.
    static constexpr std::chrono::hours window{2};

    // At most `capacity` uses are remembered; then the oldest is forgotten.
    explicit Nonces(std::size_t capacity = 100'000) : capacity_{capacity} {}

    // Whether this is the first use. `now` is real time.
    bool first_use(std::string_view secret_id, std::int64_t timestamp, std::int64_t nonce,
                   std::chrono::sys_seconds now);

    // Forget all uses, or those of one SecretId.
    void clear();
    void forget(std::string_view secret_id);

    std::size_t size() const { return used_.size(); }

private:
    using Use = std::tuple<std::string, std::int64_t, std::int64_t>;

    std::size_t capacity_;
    std::set<Use> used_;
    std::deque<std::pair<std::chrono::sys_seconds, std::set<Use>::iterator>> by_age_;
};

} // namespace cvm::auth
