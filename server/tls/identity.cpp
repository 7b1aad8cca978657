#include "server/tls/identity.hpp"

#include "server/base/text.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>

#include <openssl/ssl.h>

#include <string_view>

namespace cvm::tls {

namespace asio = boost::asio;

namespace {

using Context = asio::ssl::context;

constexpr std::string_view http_1_1 = "\x08http/1.1"; // as ALPN writes it (RFC 7301 section 3.1)

int select_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* offered,
                    unsigned offered_size, void*)
{
    unsigned char* chosen = nullptr;
    const int outcome =
        SSL_select_next_proto(&chosen, out_size, reinterpret_cast<const unsigned char*>(http_1_1.data()),
                              static_cast<unsigned>(http_1_1.size()), offered, offered_size);
    *out = chosen;
    return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// A name that is not in the certificate is accepted: the client decides whether that matters.
int look_at_server_name(SSL* ssl, int*, void* log)
{
    const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    if (name != nullptr && X509_check_host(SSL_get_certificate(ssl), name, 0, 0, nullptr) != 1)
        static_cast<Log*>(log)->warn("TLS: a client asks for the host `" + one_line(printable(name)) +
                                     "`, which the certificate does not name; --tls-name adds it");
    return SSL_TLSEXT_ERR_OK;
}

// Prevents OpenSSL from asking on the terminal.
std::string no_passphrase(std::size_t, Context::password_purpose) { return {}; }

void set_up(Context& made, Log& log)
{
    SSL_CTX* const native = made.native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    SSL_CTX_set_alpn_select_cb(native, select_protocol, nullptr);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast" // OpenSSL's macro
    SSL_CTX_set_tlsext_servername_callback(native, look_at_server_name);
#pragma GCC diagnostic pop
    SSL_CTX_set_tlsext_servername_arg(native, &log);
    // Clients keep their session in a ticket; a cache here would grow with the number of clients.
    SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION);
}

void use_files(Context& made, const Settings& settings)
{
    const auto check = [](const boost::system::error_code& ec, std::string_view flag, const std::string& file,
                          std::string_view what) {
        if (ec)
            throw BadTlsFile{std::string{flag} + " " + file + ": " + std::string{what} + ": " + ec.message()};
    };
    boost::system::error_code ec;
    made.set_password_callback(no_passphrase);
    made.use_certificate_chain_file(settings.certificate_file, ec);
    check(ec, "--tls-cert", settings.certificate_file, "cannot be used as a PEM certificate");
    made.use_private_key_file(settings.key_file, Context::pem, ec);
    check(ec, "--tls-key", settings.key_file,
          "cannot be used as the key of --tls-cert; it must be PEM without a passphrase");
}

} // namespace

Identity::Identity(Settings settings, const state::WallClock& wall, Log& log)
    : settings_{std::move(settings)}, wall_{wall}, log_{log}
{
}

Identity::~Identity() = default;

void Identity::prepare()
{
    if (settings_.certificate_file.empty() && !settings_.authority_key_file.empty())
        authority_ = kept();
    context();
}

Context& Identity::context()
{
    if (context_)
        return *context_;
    auto made = std::make_unique<Context>(Context::tls_server);
    set_up(*made, log_);
    if (settings_.certificate_file.empty()) {
        const Issued issued = authority().issue(settings_.names, wall_.now());
        made->use_certificate(asio::buffer(issued.certificate), Context::pem);
        made->use_private_key(asio::buffer(issued.key), Context::pem);
    } else {
        use_files(*made, settings_);
    }
    context_ = std::move(made);
    return *context_;
}

std::optional<std::string> Identity::authority_certificate()
{
    if (!settings_.certificate_file.empty())
        return std::nullopt;
    return authority().certificate();
}

Authority Identity::kept() const
{
    return kept_authority(settings_.authority_file, settings_.authority_key_file, settings_.names, wall_.now());
}

Authority& Identity::authority()
{
    if (authority_)
        return *authority_;
    if (settings_.authority_key_file.empty()) {
        authority_ = Authority::make(settings_.names, wall_.now());
        return *authority_;
    }
    try {
        authority_ = kept();
    } catch (const BadTlsFile& e) {
        log_.warn(std::string{"TLS: the certificate authority is kept in memory only: "} + e.what());
        authority_ = Authority::make(settings_.names, wall_.now());
    }
    return *authority_;
}

} // namespace cvm::tls
