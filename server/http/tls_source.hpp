#pragma once

namespace boost::asio::ssl {

class context;

} // namespace boost::asio::ssl

namespace cvm::http {

// Where a server gets its certificate from.
class TlsSource {
public:
    virtual ~TlsSource() = default;

    // Called whenever a client begins to speak TLS, so that a certificate need not exist before. The context must
    // outlive the server. Throws std::exception if no certificate can be provided.
    virtual boost::asio::ssl::context& context() = 0;
};

} // namespace cvm::http
