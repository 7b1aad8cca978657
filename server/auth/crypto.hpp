#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_mac_ctx_st; // OpenSSL

// The only use of OpenSSL for digests. Digests are raw bytes in a string.

namespace cvm::auth {

std::string sha256(std::string_view data);
std::string hmac_sha1(std::string_view key, std::string_view data);
std::string hmac_sha256(std::string_view key, std::string_view data);

// HMAC-SHA256 with one key for many texts, which saves preparing the key each time.
class HmacSha256 {
public:
    explicit HmacSha256(std::string_view key);
    std::string operator()(std::string_view data);

private:
    struct Free {
        void operator()(evp_mac_ctx_st* context) const noexcept;
    };
    std::unique_ptr<evp_mac_ctx_st, Free> context_;
};

std::string hex(std::string_view bytes); // lower case
std::string base64(std::string_view bytes);

// The duration does not depend on where the texts differ.
bool equal_constant_time(std::string_view a, std::string_view b) noexcept;

} // namespace cvm::auth
