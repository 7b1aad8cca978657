#include "server/auth/crypto.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/params.h>

#include <array>
#include <limits>
#include <stdexcept>

namespace cvm::auth {

namespace {

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string hmac(const EVP_MD* digest, std::string_view key, std::string_view data)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned length = 0;
    if (key.data() == nullptr)
        key = ""; // for OpenSSL nullptr means "use the previous key"
    if (key.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()) ||
        HMAC(digest, key.data(), static_cast<int>(key.size()), bytes(data), data.size(), mac.data(), &length) ==
            nullptr)
        throw std::runtime_error{"HMAC failed"};
    return {reinterpret_cast<const char*>(mac.data()), length};
}

} // namespace

// The algorithm is looked up and the context created only once: both cost more than the digest of a short text.
std::string sha256(std::string_view data)
{
    struct Free {
        void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
        void operator()(EVP_MD* digest) const noexcept { EVP_MD_free(digest); }
    };
    thread_local const std::unique_ptr<EVP_MD, Free> algorithm{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
    thread_local const std::unique_ptr<EVP_MD_CTX, Free> context{EVP_MD_CTX_new()};
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    if (EVP_DigestInit_ex2(context.get(), algorithm.get(), nullptr) != 1 ||
        EVP_DigestUpdate(context.get(), data.data(), data.size()) != 1 ||
        EVP_DigestFinal_ex(context.get(), digest.data(), &length) != 1)
        throw std::runtime_error{"SHA-256 failed"};
    return {reinterpret_cast<const char*>(digest.data()), length};
}

std::string hmac_sha1(std::string_view key, std::string_view data) { return hmac(EVP_sha1(), key, data); }

std::string hmac_sha256(std::string_view key, std::string_view data) { return hmac(EVP_sha256(), key, data); }

HmacSha256::HmacSha256(std::string_view key)
{
    if (key.data() == nullptr)
        key = ""; // for OpenSSL nullptr means "use the previous key"
    std::string digest = "SHA256";
    const std::array parameters{OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), digest.size()),
                                OSSL_PARAM_construct_end()};
    EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    context_.reset(EVP_MAC_CTX_new(algorithm));
    EVP_MAC_free(algorithm); // the context holds a reference to it
    if (!context_ || EVP_MAC_init(context_.get(), bytes(key), key.size(), parameters.data()) != 1)
        throw std::runtime_error{"HMAC failed"};
}

std::string HmacSha256::operator()(std::string_view data)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    std::size_t length = 0;
    if (EVP_MAC_init(context_.get(), nullptr, 0, nullptr) != 1 ||
        EVP_MAC_update(context_.get(), bytes(data), data.size()) != 1 ||
        EVP_MAC_final(context_.get(), mac.data(), &length, mac.size()) != 1)
        throw std::runtime_error{"HMAC failed"};
    return {reinterpret_cast<const char*>(mac.data()), length};
}

void HmacSha256::Free::operator()(EVP_MAC_CTX* context) const noexcept { EVP_MAC_CTX_free(context); }

std::string hex(std::string_view data)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text(data.size() * 2, '0');
    for (std::size_t at = 0; at < data.size(); ++at) {
        const auto byte = static_cast<unsigned char>(data[at]);
        text[at * 2] = digits[byte >> 4U];
        text[at * 2 + 1] = digits[byte & 15U];
    }
    return text;
}

std::string base64(std::string_view data)
{
    std::string text((data.size() + 2) / 3 * 4 + 1, '\0'); // EVP_EncodeBlock writes a final NUL
    const int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes(data), static_cast<int>(data.size()));
    text.resize(static_cast<std::size_t>(length));
    return text;
}

bool equal_constant_time(std::string_view a, std::string_view b) noexcept
{
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace cvm::auth
