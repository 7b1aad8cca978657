#include "server/cli/client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>
#include <optional>
#include <span>

namespace cvm::cli {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

using boost::system::error_code;
using tcp = asio::ip::tcp;

namespace {

constexpr std::chrono::milliseconds connect_timeout{5000}; // a machine that drops packets never answers

constexpr std::uint64_t largest_answer = std::uint64_t{1024} * 1024 * 1024; // more than any export

std::string seconds(std::chrono::milliseconds time)
{
    const auto tenths = time.count() / 100;
    std::string text = std::to_string(tenths / 10);
    if (tenths % 10 != 0)
        text += "." + std::to_string(tenths % 10);
    return text + " s";
}

} // namespace

struct Exchange::Impl {
    Impl(const Url& url, HttpRequest asked)
        : timeout{asked.timeout}, deadline{std::chrono::steady_clock::now() + asked.timeout}, stream{io}, resolver{io}
    {
        request.method_string(asked.method);
        request.target(asked.target);
        request.version(11);
        request.set(http::field::host, authority(url));
        request.set(http::field::connection, "close");
        for (const auto& [name, value] : asked.headers)
            request.set(name, value);
        request.body() = std::move(asked.body);
        request.prepare_payload();
        parser.body_limit(largest_answer);

        // An address needs no resolver, which would start a thread.
        error_code not_an_address;
        const auto address = asio::ip::make_address(url.host, not_an_address);
        if (!not_an_address)
            connect(std::vector{tcp::endpoint{address, url.port}});
        else if (url.host == "localhost") // RFC 6761 section 6.3
            connect({{asio::ip::address_v4::loopback(), url.port}, {asio::ip::address_v6::loopback(), url.port}});
        else
            resolve(url);
    }

    void resolve(const Url& url)
    {
        resolver.async_resolve(url.host, std::to_string(url.port),
                               [this](error_code ec, const tcp::resolver::results_type& found) {
                                   if (ec)
                                       return fail(ec);
                                   std::vector<tcp::endpoint> addresses;
                                   for (const auto& entry : found)
                                       addresses.push_back(entry.endpoint());
                                   connect(std::move(addresses));
                               });
    }

    void connect(std::vector<tcp::endpoint> to)
    {
        endpoints = std::move(to);
        stream.expires_after(std::min(timeout, connect_timeout));
        stream.async_connect(endpoints, [this](error_code ec, const tcp::endpoint&) {
            if (ec)
                return fail(ec);
            connected = true;
            write();
        });
    }

    void write()
    {
        stream.expires_at(deadline);
        http::async_write(stream, request, [this](error_code ec, std::size_t) {
            // A server that refuses the request before it has read all of it still sends an answer.
            if (ec && ec != asio::error::broken_pipe && ec != asio::error::connection_reset)
                return fail(ec);
            read();
        });
    }

    void read()
    {
        http::async_read(stream, buffer, parser, [this](error_code ec, std::size_t) {
            if (ec)
                return fail(ec);
            outcome = Reply{parser.get().result_int(), std::move(parser.get().body())};
        });
    }

    void fail(error_code ec)
    {
        std::string what = ec.message();
        if (ec == beast::error::timeout)
            what = (connected ? "no answer within " : "no connection within ") +
                   seconds(connected ? timeout : std::min(timeout, connect_timeout));
        else if (connected && (ec == http::error::end_of_stream || ec == http::error::partial_message))
            what = "the connection was closed before the whole answer was there";
        else if (ec == asio::error::host_not_found || ec == asio::error::host_not_found_try_again)
            what = "there is no host of this name";
        outcome = Failure{connected, std::move(what)};
    }

    std::chrono::milliseconds timeout;
    std::chrono::steady_clock::time_point deadline;
    asio::io_context io{1};
    beast::tcp_stream stream;
    tcp::resolver resolver;
    std::vector<tcp::endpoint> endpoints;
    http::request<http::string_body> request;
    http::response_parser<http::string_body> parser;
    beast::flat_buffer buffer;
    bool connected = false;
    std::optional<std::variant<Reply, Failure>> outcome;
};

Exchange::Exchange(const Url& url, HttpRequest request) : impl_{std::make_unique<Impl>(url, std::move(request))} {}

Exchange::~Exchange() = default;

bool Exchange::run_for(std::chrono::milliseconds time)
{
    impl_->io.run_for(time);
    return impl_->outcome.has_value();
}

const std::variant<Reply, Failure>& Exchange::outcome() const { return impl_->outcome.value(); }

} // namespace cvm::cli
