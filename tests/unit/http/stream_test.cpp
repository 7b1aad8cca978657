// tests/http/tls_test.cpp has what needs a socket.
#include "server/http/stream.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <doctest/doctest.h>

#include <string>

using namespace cvm::http;

TEST_CASE("TLS is recognised by its first byte, and no method of HTTP begins with it")
{
    CHECK(begins_tls('\x16'));
    for (const char first : {'G', 'P', 'C', '\r', '\0', '\x15'})
        CHECK_FALSE(begins_tls(first));
}

TEST_CASE("an alert that ends a connection is known by its record")
{
    const auto record = [](char type, std::size_t length, std::size_t sent) {
        return std::string{type, 3, 3, static_cast<char>(length >> 8), static_cast<char>(length & 0xff)} +
               std::string(sent, 'x');
    };
    struct Case {
        const char* what;
        std::string bytes;
        bool alert;
    };
    const Case cases[] = {
        {"of TLS 1.2", record(21, 26, 26), true},
        {"of TLS 1.3", record(23, 19, 19), true},
        {"application data", record(23, 200, 59), false},
        {"application data that is one byte longer", record(23, 20, 20), false},
        {"not whole", record(21, 26, 25), false},
        {"followed by something", record(21, 26, 27), false},
        {"a handshake", record(22, 19, 19), false},
        {"less than a header", "\x15\x03", false},
        {"nothing", "", false},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(is_alert_record(c.bytes) == c.alert);
    }
}

TEST_CASE("a failed handshake is described, with what to do where that is known")
{
    const auto of_tls = [](int reason) {
        return boost::system::error_code{reason, boost::asio::error::get_ssl_category()};
    };
    constexpr int unknown_ca = 1048; // SSL_R_TLSV1_ALERT_UNKNOWN_CA
    CHECK(describe_tls_failure(of_tls(unknown_ca), false).find("GET /_emulator/ca.pem") != std::string::npos);
    constexpr int wrong_version = 267; // SSL_R_WRONG_VERSION_NUMBER
    CHECK(describe_tls_failure(of_tls(wrong_version), false).find("ca.pem") == std::string::npos);
    CHECK(describe_tls_failure(boost::asio::error::eof, false) == "TLS: handshake failed: End of file");
    CHECK(describe_tls_failure(boost::asio::error::operation_aborted, true) ==
          "TLS: a client did not complete its handshake in time");
}
