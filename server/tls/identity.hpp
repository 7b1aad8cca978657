#pragma once

#include "server/base/log.hpp"
#include "server/http/tls_source.hpp"
#include "server/tls/authority.hpp"
#include "state/model/clock.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cvm::tls {

// The TLS settings, from the flags.
struct Settings {
    std::vector<std::string> names{}; // for which the certificate must be valid

    // The user's own certificate (with its chain) and private key, PEM files. Empty: an authority issues one.
    std::string certificate_file{};
    std::string key_file{};

    // Where the authority is kept. Empty: in memory.
    std::filesystem::path authority_file{};
    std::filesystem::path authority_key_file{};
};

// The server's identity towards TLS clients: its certificate, and the authority that issued it. Each is created when it
// is first needed, so that a server without TLS clients does not wait for it.
class Identity final : public http::TlsSource {
public:
    // `wall` and `log` must outlive the object.
    Identity(Settings settings, const state::WallClock& wall, Log& log);
    ~Identity() override;

    // Creates or reads now what context() would need. Throws BadTlsFile.
    void prepare();

    // TLS 1.2 and 1.3, ALPN "http/1.1", sessions resumed by tickets. If the authority cannot be stored, it is created
    // in memory, with a line in the log. Throws BadTlsFile for a certificate of the user's own.
    boost::asio::ssl::context& context() override;

    // The authority's certificate in PEM; nullopt if the server has a certificate of the user's own.
    std::optional<std::string> authority_certificate();

private:
    Authority kept() const;
    Authority& authority();

    Settings settings_;
    const state::WallClock& wall_;
    Log& log_;
    std::optional<Authority> authority_;
    std::unique_ptr<boost::asio::ssl::context> context_;
};

} // namespace cvm::tls
