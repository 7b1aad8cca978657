#pragma once

#include <string>
#include <string_view>

// The only place that knows OpenSSL. Digests are raw bytes in a string.

namespace cvm::auth {

std::string sha256(std::string_view data);
std::string hmac_sha1(std::string_view key, std::string_view data);
std::string hmac_sha256(std::string_view key, std::string_view data);

std::string hex(std::string_view bytes); // lower case
std::string base64(std::string_view bytes);

// Takes the same time wherever the texts differ.
bool equal_constant_time(std::string_view a, std::string_view b) noexcept;

} // namespace cvm::auth
