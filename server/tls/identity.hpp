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

// What the flags say of TLS.
struct Settings {
    std::vector<std::string> names{}; // that the certificate is to be good for

    // One's own certificate (with its chain) and private key, PEM files. Empty: an authority issues one.
    std::string certificate_file{};
    std::string key_file{};

    // Where the authority is kept. Empty: in memory.
    std::filesystem::path authority_file{};
    std::filesystem::path authority_key_file{};
};

// Who the server is to clients that speak TLS: its certificate, and the authority that issued it. Makes each when it is
// needed first, so that a server whose clients speak plain HTTP does not wait for it.
class Identity final : public http::TlsSource {
public:
    // Borrows `wall` and `log` for its life.
    Identity(Settings settings, const state::WallClock& wall, Log& log);
    ~Identity() override;

    // Makes or reads now what context() would. Throws BadTlsFile.
    void prepare();

    // TLS 1.2 and 1.3, ALPN "http/1.1", sessions resumed by tickets. An authority that cannot be kept is made in
    // memory, with a line in the log. Throws BadTlsFile for one's own certificate.
    boost::asio::ssl::context& context() override;

    // The authority's certificate in PEM; nullopt if the server has one's own certificate.
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
