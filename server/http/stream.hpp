#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cvm::http {

// The bytes of one connection: plain or, after async_handshake(), protected by TLS. Models Asio's AsyncReadStream and
// AsyncWriteStream.
class Stream {
public:
    using executor_type = boost::asio::ip::tcp::socket::executor_type;

    explicit Stream(boost::asio::ip::tcp::socket socket) : socket_{std::move(socket)} {}
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    executor_type get_executor() { return socket_.get_executor(); }

    boost::asio::ip::tcp::socket& socket() { return socket_; }
    const boost::asio::ip::tcp::socket& socket() const { return socket_; }

    bool encrypted() const noexcept { return tls_.has_value(); }

    // Begins TLS as the server. `received` is what the client has already sent of it; it must stay valid until the
    // handler runs. To be called once; `context` must outlive the stream.
    template <class Token>
    auto async_handshake(boost::asio::ssl::context& context, boost::asio::const_buffer received, Token&& token)
    {
        tls_.emplace(socket_, context);
        return tls_->async_handshake(boost::asio::ssl::stream_base::server, received, std::forward<Token>(token));
    }

    template <class Buffers, class Token>
    auto async_read_some(const Buffers& buffers, Token&& token)
    {
        return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
            [this](auto&& handler, const Buffers& into) {
                if (tls_)
                    tls_->async_read_some(into, std::forward<decltype(handler)>(handler));
                else
                    socket_.async_read_some(into, std::forward<decltype(handler)>(handler));
            },
            token, buffers);
    }

    template <class Buffers, class Token>
    auto async_write_some(const Buffers& buffers, Token&& token)
    {
        return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
            [this](auto&& handler, const Buffers& from) {
                if (tls_)
                    tls_->async_write_some(from, std::forward<decltype(handler)>(handler));
                else
                    socket_.async_write_some(from, std::forward<decltype(handler)>(handler));
            },
            token, buffers);
    }

    // Sends close_notify and waits for the client's. The connection must be encrypted.
    template <class Token>
    auto async_shutdown(Token&& token)
    {
        return tls_->async_shutdown(std::forward<Token>(token));
    }

    // Whether received bytes wait in the socket. False if the client has closed and all its bytes have been read.
    bool has_input();

    // Whether the client has closed, as far as can be told without reading: there is nothing left to read or, with TLS,
    // only its close_notify.
    bool has_ended();

private:
    boost::asio::ip::tcp::socket socket_;
    std::optional<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>> tls_;
};

// Whether a connection that begins with this byte speaks TLS: the type of a handshake record (RFC 8446 section 5.1). No
// method of HTTP begins with it.
constexpr bool begins_tls(char first) noexcept { return first == 0x16; }

// Why a handshake failed, as a line for the log, with what to do if known. `late`: it took too long.
std::string describe_tls_failure(const boost::system::error_code& error, bool late);

// Whether the bytes are exactly one TLS record with an alert: of type alert or, as TLS 1.3 disguises it, application
// data with the length of an alert.
bool is_alert_record(std::string_view bytes) noexcept;

} // namespace cvm::http
