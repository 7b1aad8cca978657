#include "server/auth/nonces.hpp"

#include <new>

namespace cvm::auth {

bool Nonces::first_use(std::string_view secret_id, std::int64_t timestamp, std::int64_t nonce,
                       std::chrono::sys_seconds now)
{
    // A Timestamp may be up to one window ahead of the clock, hence twice the window.
    while (!by_age_.empty() && by_age_.front().first + 2 * window < now) {
        used_.erase(by_age_.front().second);
        by_age_.pop_front();
    }
    const auto [at, fresh] = used_.emplace(secret_id, timestamp, nonce);
    if (!fresh)
        return false;
    try {
        by_age_.emplace_back(now, at);
    } catch (const std::bad_alloc&) {
        used_.erase(at); // otherwise it would stay forever
        throw;
    }
    if (by_age_.size() > capacity_) {
        used_.erase(by_age_.front().second);
        by_age_.pop_front();
    }
    return true;
}

void Nonces::clear()
{
    by_age_.clear();
    used_.clear();
}

void Nonces::forget(std::string_view secret_id)
{
    std::erase_if(by_age_, [&](const auto& use) { return std::get<0>(*use.second) == secret_id; });
    std::erase_if(used_, [&](const Use& use) { return std::get<0>(use) == secret_id; });
}

} // namespace cvm::auth
