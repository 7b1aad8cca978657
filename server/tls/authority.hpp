#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>

// The certificate authority that an installation creates for itself with OpenSSL. Keys are ECDSA P-256.

namespace cvm::tls {

using Seconds = std::chrono::sys_seconds;

// A TLS file that cannot be used. The text names the file and says what to do.
struct BadTlsFile : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// A certificate with its private key, both in PEM.
struct Issued {
    std::string certificate;
    std::string key;
};

// An authority that can sign for certain names only: X.509 name constraints (RFC 5280 section 4.2.1.10) restrict it, so
// that a client that trusts it trusts it for nothing else.
class Authority {
public:
    // Creates one for these names and addresses. A name "*.domain" permits the whole domain. Valid for ten years.
    static Authority make(std::span<const std::string> names, Seconds now);

    // Reads what pem() has written. Throws BadTlsFile; `origin` names the source in the error text.
    static Authority read(const std::string& pem, const std::string& origin);

    Authority(Authority&&) noexcept;
    Authority& operator=(Authority&&) noexcept;
    ~Authority();

    // Issues a server certificate for these names and addresses, valid for 397 days, the longest time that clients
    // accept. Throws BadTlsFile if the authority may not sign for them, or has expired.
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

// The authority in two files: `certificate`, for clients to trust, and `key`, which contains both certificate and key
// and is readable only by its owner. Created for these names if it does not exist. If several processes create it at
// once, all get the same one. Throws BadTlsFile.
Authority kept_authority(const std::filesystem::path& certificate, const std::filesystem::path& key,
                         std::span<const std::string> names, Seconds now);

} // namespace cvm::tls
