#include "server/gateway/rate_limit.hpp"

namespace cvm {

std::optional<Error> RateLimit::count(const api::Action& action, std::string_view region, std::string_view secret_id,
                                      state::Instant now)
{
    if (!on_)
        return std::nullopt;
    const DocumentedCodes* page = documented_codes(action.name, action.version);
    if (page == nullptr)
        return std::nullopt;
    if (now != second_) {
        calls_.clear();
        second_ = now;
    }
    const std::int64_t calls = ++calls_[Key{&action, std::string{region}, std::string{secret_id}}];
    if (calls <= page->rate_limit)
        return std::nullopt;
    return error(Errc::request_limit_exceeded, std::to_string(calls), std::to_string(page->rate_limit));
}

} // namespace cvm
