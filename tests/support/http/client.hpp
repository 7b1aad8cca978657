#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cvm::http::test {

class Fixture;

// How long anything may take before the test fails. No test depends on anything being slower than this.
constexpr std::chrono::seconds patience{20};

struct Answer {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> fields;
    std::string body;

    // The value of the first field with exactly this name; empty if there is none.
    std::string field(std::string_view name) const;

    std::vector<std::string> field_names() const;
};

enum class BodySent { yes, no };

// How a client begins TLS.
struct TlsWish {
    std::string trusted{};         // a trusted authority, in PEM; empty: none
    std::string host{"localhost"}; // the name that the certificate must have
    bool tells_host = true;        // send the host name to the server (SNI)
    int version = 0;               // TLS1_2_VERSION and the like; 0: any
    std::string protocols{};       // ALPN, in wire format
    std::string session{};         // tls_session() of an earlier connection to resume
};

// A blocking client that sends exactly the given bytes. Waiting longer than `patience` fails the test.
class Client {
public:
    Client();
    explicit Client(const Fixture& server);
    explicit Client(std::uint16_t port);
    Client(Client&& other) noexcept;
    Client& operator=(Client&&) = delete;
    ~Client();

    bool try_connect(const Fixture& server);
    bool try_connect(std::uint16_t port);
    void connect(const Fixture& server);

    // Connects and sends before the server can process either, so that even a very short idle limit cannot expire in
    // between.
    void connect_and_send(Fixture& server, std::string_view bytes);

    // False if the server has closed before it accepted everything.
    bool send(std::string_view bytes);

    // Whether the handshake succeeds.
    bool start_tls(const TlsWish& wish);
    bool tls_resumed() const;
    int tls_version() const;
    std::string tls_protocol() const; // chosen by ALPN
    std::string tls_session() const;
    void say_goodbye(); // sends close_notify
    bool heard_goodbye() const;

    void shutdown_send();
    void no_delay();
    void close_with_reset();
    void close();

    // Waits for more bytes of any kind. False if the connection has ended.
    bool receive_more();

    // The next answer; none if the connection ends before it is complete.
    std::optional<Answer> receive(BodySent body_sent = BodySent::yes);

    // Sends a request and returns its answer; fails the test if there is none.
    Answer exchange(std::string_view request, BodySent body_sent = BodySent::yes);

    // Whether the connection ends properly: without a reset and without another byte.
    bool ends_in_silence();

    // The received bytes that are not part of an answer already read.
    std::string take_received();

    // The number of bytes until the connection ends in any way.
    std::size_t drain();

private:
    bool receive_chunks(std::string& body);

    struct Tls;

    int fd_ = -1;
    std::unique_ptr<Tls> tls_;
    bool reset_ = false;
    std::string received_;
};

// A complete HTTP/1.1 request. `fields` are whole lines.
std::string get(std::string_view target, std::string_view fields = "");
std::string post(std::string_view target, std::string_view body, std::string_view fields = "");

// The first bytes that a TLS client sends.
std::string client_hello();

std::size_t open_descriptors();

} // namespace cvm::http::test
