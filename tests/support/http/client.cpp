#include "tests/support/http/client.hpp"

#include "tests/support/http/http_fixture.hpp"

#include <doctest/doctest.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <iterator>

namespace cvm::http::test {

namespace {

// Parses the status line and the fields, each with its line end.
Answer parse_head(std::string_view head)
{
    REQUIRE(head.starts_with("HTTP/1.1 "));
    Answer answer;
    answer.status = std::stoi(std::string{head.substr(9, 3)});
    head.remove_prefix(head.find("\r\n") + 2);
    while (!head.empty()) {
        const std::string_view line = head.substr(0, head.find("\r\n"));
        const std::size_t colon = line.find(": ");
        REQUIRE(colon != std::string_view::npos);
        answer.fields.emplace_back(line.substr(0, colon), line.substr(colon + 2));
        head.remove_prefix(line.size() + 2);
    }
    return answer;
}

} // namespace

std::string Answer::field(std::string_view name) const
{
    const auto found = std::ranges::find(fields, name, &std::pair<std::string, std::string>::first);
    return found == fields.end() ? "" : found->second;
}

std::vector<std::string> Answer::field_names() const
{
    std::vector<std::string> names;
    for (const auto& [name, value] : fields)
        names.push_back(name);
    return names;
}

struct Client::Tls {
    Tls() : context{SSL_CTX_new(TLS_client_method())}, ssl{SSL_new(context)} {}
    ~Tls()
    {
        SSL_free(ssl);
        SSL_CTX_free(context);
    }
    Tls(const Tls&) = delete;
    Tls& operator=(const Tls&) = delete;

    SSL_CTX* context;
    SSL* ssl;
};

Client::Client() : fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
{
    REQUIRE(fd_ >= 0);
    const timeval limit{.tv_sec = patience.count(), .tv_usec = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

Client::Client(const Fixture& server) : Client{server.port()} {}

Client::Client(std::uint16_t port) : Client{} { REQUIRE(try_connect(port)); }

Client::Client(Client&& other) noexcept
    : fd_{std::exchange(other.fd_, -1)},
      tls_{std::move(other.tls_)},
      reset_{other.reset_},
      received_{std::move(other.received_)}
{
}

Client::~Client() { close(); }

bool Client::try_connect(const Fixture& server) { return try_connect(server.port()); }

bool Client::try_connect(std::uint16_t port)
{
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
}

void Client::connect(const Fixture& server) { REQUIRE(try_connect(server)); }

void Client::connect_and_send(Fixture& server, std::string_view bytes)
{
    bool connected = false;
    server.on_server([&](Server&) {
        connected = try_connect(server);
        send(bytes);
    });
    REQUIRE(connected);
}

bool Client::send(std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t sent = tls_ ? SSL_write(tls_->ssl, bytes.data(), static_cast<int>(bytes.size()))
                                  : ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool Client::start_tls(const TlsWish& wish)
{
    tls_ = std::make_unique<Tls>();
    SSL* const ssl = tls_->ssl;
    if (!wish.trusted.empty()) {
        BIO* const pem = BIO_new_mem_buf(wish.trusted.data(), static_cast<int>(wish.trusted.size()));
        X509* const authority = PEM_read_bio_X509(pem, nullptr, nullptr, nullptr);
        REQUIRE(authority != nullptr);
        X509_STORE_add_cert(SSL_CTX_get_cert_store(tls_->context), authority);
        X509_free(authority);
        BIO_free(pem);
    }
    SSL_set_verify(ssl, SSL_VERIFY_PEER, nullptr);
    boost::system::error_code not_an_address;
    boost::asio::ip::make_address(wish.host, not_an_address);
    if (not_an_address)
        SSL_set1_host(ssl, wish.host.c_str());
    else
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), wish.host.c_str());
    if (wish.tells_host && not_an_address)
        SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, std::string{wish.host}.data());
    if (wish.version != 0) {
        SSL_ctrl(ssl, SSL_CTRL_SET_MIN_PROTO_VERSION, wish.version, nullptr);
        SSL_ctrl(ssl, SSL_CTRL_SET_MAX_PROTO_VERSION, wish.version, nullptr);
    }
    if (wish.version != 0 && wish.version < TLS1_2_VERSION)
        SSL_set_security_level(ssl, 0); // otherwise this client would not even try
    if (!wish.protocols.empty())
        SSL_set_alpn_protos(ssl, reinterpret_cast<const unsigned char*>(wish.protocols.data()),
                            static_cast<unsigned>(wish.protocols.size()));
    if (!wish.session.empty()) {
        const auto* bytes = reinterpret_cast<const unsigned char*>(wish.session.data());
        SSL_SESSION* const session = d2i_SSL_SESSION(nullptr, &bytes, static_cast<long>(wish.session.size()));
        REQUIRE(session != nullptr);
        SSL_set_session(ssl, session);
        SSL_SESSION_free(session);
    }
    SSL_set_fd(ssl, fd_);
    const bool begun = SSL_connect(ssl) == 1;
    ERR_clear_error();
    return begun;
}

bool Client::tls_resumed() const { return SSL_session_reused(tls_->ssl) == 1; }

int Client::tls_version() const { return SSL_version(tls_->ssl); }

std::string Client::tls_protocol() const
{
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(tls_->ssl, &name, &size);
    return {reinterpret_cast<const char*>(name), size};
}

std::string Client::tls_session() const
{
    SSL_SESSION* const session = SSL_get0_session(tls_->ssl);
    std::string bytes(static_cast<std::size_t>(i2d_SSL_SESSION(session, nullptr)), '\0');
    auto* out = reinterpret_cast<unsigned char*>(bytes.data());
    i2d_SSL_SESSION(session, &out);
    return bytes;
}

void Client::say_goodbye() { SSL_shutdown(tls_->ssl); }

bool Client::heard_goodbye() const { return (SSL_get_shutdown(tls_->ssl) & SSL_RECEIVED_SHUTDOWN) != 0; }

void Client::shutdown_send() { ::shutdown(fd_, SHUT_WR); }

void Client::no_delay()
{
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void Client::close_with_reset()
{
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
}

void Client::close()
{
    if (fd_ >= 0)
        ::close(fd_);
    fd_ = -1;
}

bool Client::receive_more()
{
    char bytes[16 * 1024];
    errno = 0;
    const ssize_t size = tls_ ? SSL_read(tls_->ssl, bytes, sizeof bytes) : ::recv(fd_, bytes, sizeof bytes, 0);
    if (size < 0 && errno == EAGAIN)
        FAIL("the server neither answers nor closes");
    reset_ = reset_ || (size <= 0 && tls_ ? !heard_goodbye() : size < 0);
    if (size <= 0)
        return false;
    received_.append(bytes, static_cast<std::size_t>(size));
    return true;
}

std::optional<Answer> Client::receive(BodySent body_sent)
{
    std::size_t head_end = 0;
    while ((head_end = received_.find("\r\n\r\n")) == std::string::npos) {
        if (!receive_more())
            return std::nullopt;
    }
    Answer answer = parse_head(std::string_view{received_}.substr(0, head_end + 2));
    received_.erase(0, head_end + 4);

    if (answer.field("Transfer-Encoding") == "chunked" && body_sent == BodySent::yes)
        return receive_chunks(answer.body) ? std::optional{std::move(answer)} : std::nullopt;
    const std::string length = answer.field("Content-Length");
    const std::size_t body_size = length.empty() || body_sent == BodySent::no ? 0 : std::stoul(length);
    while (received_.size() < body_size) {
        if (!receive_more())
            return std::nullopt;
    }
    answer.body = received_.substr(0, body_size);
    received_.erase(0, body_size);
    return answer;
}

bool Client::receive_chunks(std::string& body)
{
    for (;;) {
        std::size_t line_end = 0;
        while ((line_end = received_.find("\r\n")) == std::string::npos)
            if (!receive_more())
                return false;
        const std::size_t size = std::stoul(received_.substr(0, line_end), nullptr, 16);
        while (received_.size() < line_end + 2 + size + 2)
            if (!receive_more())
                return false;
        body.append(received_, line_end + 2, size);
        received_.erase(0, line_end + 2 + size + 2);
        if (size == 0)
            return true;
    }
}

Answer Client::exchange(std::string_view request, BodySent body_sent)
{
    send(request);
    const auto answer = receive(body_sent);
    REQUIRE(answer);
    return *answer;
}

bool Client::ends_in_silence()
{
    while (receive_more())
        ;
    CHECK(received_ == "");
    return received_.empty() && !reset_;
}

std::string Client::take_received() { return std::exchange(received_, {}); }

std::size_t Client::drain()
{
    while (receive_more())
        ;
    return received_.size();
}

std::string get(std::string_view target, std::string_view fields)
{
    return "GET " + std::string{target} + " HTTP/1.1\r\nHost: test\r\n" + std::string{fields} + "\r\n";
}

std::string post(std::string_view target, std::string_view body, std::string_view fields)
{
    return "POST " + std::string{target} + " HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n" + std::string{fields} + "\r\n" + std::string{body};
}

std::string client_hello()
{
    SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
    SSL* const ssl = SSL_new(context);
    SSL_set_bio(ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_connect(ssl);
    char bytes[4096];
    const int size = BIO_read(SSL_get_wbio(ssl), bytes, sizeof bytes);
    REQUIRE(size > 0);
    SSL_free(ssl);
    SSL_CTX_free(context);
    return {bytes, static_cast<std::size_t>(size)};
}

std::size_t open_descriptors()
{
    const std::filesystem::directory_iterator all{"/proc/self/fd"};
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

} // namespace cvm::http::test
