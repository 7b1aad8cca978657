// bare_beast FILE: the least that a server built with Boost.Beast can do, to compare with. Answers every request with
// the text of FILE, on a free port of 127.0.0.1, which it prints as the emulator does. One thread; reads and parses
// each request, body included; keeps connections open; ends by a signal.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <chrono>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::seconds patience{60}; // for a request, and for a client that does not read

class Session : public std::enable_shared_from_this<Session> {
public:
    Session(tcp::socket socket, const std::string& text) : stream_{std::move(socket)}, text_{text} {}

    void read()
    {
        parser_.emplace();
        stream_.expires_after(patience);
        http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](error_code ec, std::size_t) {
            if (!ec)
                self->answer();
        });
    }

private:
    void answer()
    {
        const http::request<http::string_body>& request = parser_->get();
        response_ = {http::status::ok, request.version()};
        response_.set(http::field::content_type, "application/json");
        response_.keep_alive(request.keep_alive());
        response_.body() = text_;
        response_.prepare_payload();
        http::async_write(stream_, response_, [self = shared_from_this()](error_code ec, std::size_t) {
            if (!ec && self->response_.keep_alive())
                self->read();
        });
    }

    beast::tcp_stream stream_;
    const std::string& text_;
    beast::flat_buffer buffer_;
    std::optional<http::request_parser<http::string_body>> parser_;
    http::response<http::string_body> response_;
};

void accept(tcp::acceptor& acceptor, const std::string& text)
{
    acceptor.async_accept([&](error_code ec, tcp::socket socket) {
        if (!ec) {
            socket.set_option(tcp::no_delay{true});
            std::make_shared<Session>(std::move(socket), text)->read();
        }
        accept(acceptor, text);
    });
}

std::string read_file(const std::string& path)
{
    std::ifstream file{path, std::ios::binary};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    if (!file)
        throw std::runtime_error{"cannot read " + path + ": name a file with the text of the answer"};
    return text;
}

void serve(const std::string& text)
{
    asio::io_context io{1};
    tcp::acceptor acceptor{io, {asio::ip::make_address("127.0.0.1"), 0}};
    accept(acceptor, text);
    std::cout << "Ready. http://127.0.0.1:" << acceptor.local_endpoint().port() << '\n' << std::flush;
    io.run();
}

} // namespace

int main(int argc, char** argv)
try {
    if (argc != 2)
        throw std::runtime_error{"usage: bare_beast FILE"};
    serve(read_file(argv[1]));
} catch (const std::exception& problem) {
    std::cerr << "bare_beast: " << problem.what() << '\n';
    return 1;
}
