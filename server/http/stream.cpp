#include "server/http/stream.hpp"

#include <boost/asio/ssl/error.hpp>

#include <array>

namespace cvm::http {

namespace {

constexpr std::size_t record_header = 5;

// Two bytes of the alert, one for its real type, and the 16 of the tag that every TLS 1.3 cipher in use has.
constexpr std::size_t disguised_alert = 2 + 1 + 16;

} // namespace

bool Stream::has_input()
{
    boost::system::error_code ec;
    return socket_.available(ec) > 0 && !ec;
}

bool Stream::has_ended()
{
    if (!has_input())
        return true;
    if (!tls_)
        return false;
    std::array<char, 64> bytes;
    boost::system::error_code ec;
    const std::size_t size =
        socket_.receive(boost::asio::buffer(bytes), boost::asio::ip::tcp::socket::message_peek, ec);
    return !ec && is_alert_record({bytes.data(), size});
}

std::string describe_tls_failure(const boost::system::error_code& error, bool late)
{
    if (late)
        return "TLS: a client did not complete its handshake in time";
    std::string what = "TLS: handshake failed: " + error.message();
    if (error.category() != boost::asio::error::get_ssl_category())
        return what;
    switch (ERR_GET_REASON(static_cast<unsigned long>(error.value()))) {
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
        return what + "; the client does not trust the certificate: let it trust GET /_emulator/ca.pem";
    default:
        return what;
    }
}

bool is_alert_record(std::string_view bytes) noexcept
{
    constexpr char alert = 21;
    constexpr char application_data = 23;

    if (bytes.size() < record_header)
        return false;
    const auto at = [&](std::size_t index) { return static_cast<unsigned char>(bytes[index]); };
    const std::size_t length = at(3) * std::size_t{256} + at(4);
    return bytes.size() == record_header + length &&
           (bytes[0] == alert || (bytes[0] == application_data && length == disguised_alert));
}

} // namespace cvm::http
