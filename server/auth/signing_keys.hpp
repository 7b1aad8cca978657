#pragma once

#include "server/auth/crypto.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cvm::auth {

// A cache of derived TC3 keys. A key is valid for a day and a service, and deriving it costs more than the signature
// itself.
class SigningKeys {
public:
    // At most `capacity` keys are kept; then the one derived first is dropped.
    explicit SigningKeys(std::size_t capacity = 64) : capacity_{capacity} {}

    // Derives the key if it is not cached. The reference is valid until the next call.
    HmacSha256& of(std::string_view secret_key, std::string_view date, std::string_view service);

    void clear() { kept_.clear(); }
    std::size_t size() const { return kept_.size(); }

private:
    struct Entry {
        std::string secret_key;
        std::string date;
        std::string service;
        HmacSha256 key;
    };

    std::size_t capacity_;
    std::vector<Entry> kept_; // in order of derivation
};

} // namespace cvm::auth
