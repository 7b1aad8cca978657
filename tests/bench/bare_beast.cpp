// bare_beast FILE: a minimal Boost.Beast server for comparison. Answers every request with the text of FILE, on a free
// port of 127.0.0.1, which it prints as the emulator does. One thread; reads and parses each request, including its
// body; keeps connections open; ends on a signal.

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
using Response = http::response<http::string_body>;

// Of the io_context itself, which avoids virtual functions.
using Socket = asio::basic_stream_socket<tcp, asio::io_context::executor_type>;
using Acceptor = asio::basic_socket_acceptor<tcp, asio::io_context::executor_type>;
using Stream = beast::basic_stream<tcp, asio::io_context::executor_type>;

constexpr std::chrono::seconds patience{60}; // for a request, and for a client that does not read

class Session : public std::enable_shared_from_this<Session> {
public:
    Session(Socket socket, const Response& response) : stream_{std::move(socket)}, response_{response} {}

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
        http::async_write(stream_, response_, [self = shared_from_this()](error_code ec, std::size_t) {
            if (!ec && self->parser_->keep_alive())
                self->read();
        });
    }

    Stream stream_;
    const Response& response_;
    beast::flat_buffer buffer_;
    std::optional<http::request_parser<http::string_body>> parser_;
};

void accept(Acceptor& acceptor, const Response& response)
{
    acceptor.async_accept([&](error_code ec, Socket socket) {
        if (!ec) {
            socket.set_option(tcp::no_delay{true});
            std::make_shared<Session>(std::move(socket), response)->read();
        }
        accept(acceptor, response);
    });
}

Response canned(std::string text)
{
    Response response{http::status::ok, 11};
    response.set(http::field::content_type, "application/json");
    response.body() = std::move(text);
    response.prepare_payload();
    return response;
}

std::string read_file(const std::string& path)
{
    std::ifstream file{path, std::ios::binary};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    if (!file)
        throw std::runtime_error{"cannot read " + path + ": name a file with the text of the answer"};
    return text;
}

void serve(const Response& response, unsigned short port)
{
    asio::io_context io{1};
    Acceptor acceptor{io, {asio::ip::make_address("127.0.0.1"), port}};
    accept(acceptor, response);
    std::cout << "Ready. http://127.0.0.1:" << acceptor.local_endpoint().port() << '\n' << std::flush;
    io.run();
}

} // namespace

int main(int argc, char** argv)
try {
    if (argc != 3)
        throw std::runtime_error{"usage: bare_beast FILE PORT"};
    serve(canned(read_file(argv[1])), static_cast<unsigned short>(std::stoul(argv[2])));
} catch (const std::exception& problem) {
    std::cerr << "bare_beast: " << problem.what() << '\n';
    return 1;
}
