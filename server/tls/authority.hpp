#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>

// The certificate authority that an installation makes for itself, by OpenSSL. Keys are ECDSA P-256.

namespace cvm::tls {

using Seconds = std::chrono::sys_seconds;

// A file of TLS that cannot be used. The text names it and says what to do.
struct BadTlsFile : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// A certificate with its private key, both in PEM.
struct Issued {
    std::string certificate;
    std::string key;
};

// An authority that can sign for certain names only: X.509 name constraints (RFC 5280 section 4.2.1.10) bind it, so
// that whoever trusts it trusts it for nothing else.
class Authority {
public:
    // A new one for these names and addresses. A name "*.domain" permits all of the domain. Good for ten years.
    static Authority make(std::span<const std::string> names, Seconds now);

    // One that pem() was written of. Throws BadTlsFile; `origin` is how the text calls it.
    static Authority read(const std::string& pem, const std::string& origin);

    Authority(Authority&&) noexcept;
    Authority& operator=(Authority&&) noexcept;
    ~Authority();

    // A certificate of a server for these names and addresses, good for 397 days, the most that clients accept. Throws
    // BadTlsFile if the authority may not sign for them, or no longer may.
    Issued issue(std::span<const std::string> names, Seconds now) const;

    // The certificate, for clients to trust.
    std::string certificate() const;

    // The certificate and the private key. Secret.
    std::string pem() const;

private:
    struct Impl;

    explicit Authority(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> impl_;
};

// The authority of two files: `certificate`, for clients to trust, and `key`, which holds both and is readable for its
// owner alone. Made for these names if there is none. Of several processes that make it at once all get the same one.
// Throws BadTlsFile.
Authority kept_authority(const std::filesystem::path& certificate, const std::filesystem::path& key,
                         std::span<const std::string> names, Seconds now);

} // namespace cvm::tls
