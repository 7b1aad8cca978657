#include "server/auth/signing_keys.hpp"

#include "server/auth/tc3.hpp"

#include <algorithm>

namespace cvm::auth {

HmacSha256& SigningKeys::of(std::string_view secret_key, std::string_view date, std::string_view service)
{
    const auto known = std::ranges::find_if(kept_, [&](const Entry& entry) {
        return entry.secret_key == secret_key && entry.date == date && entry.service == service;
    });
    if (known != kept_.end())
        return known->key;
    if (kept_.size() == capacity_)
        kept_.erase(kept_.begin());
    kept_.push_back({std::string{secret_key}, std::string{date}, std::string{service},
                     HmacSha256{tc3_keys(secret_key, date, service).signing}});
    return kept_.back().key;
}

} // namespace cvm::auth
