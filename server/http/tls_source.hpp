#pragma once

namespace boost::asio::ssl {

class context;

} // namespace boost::asio::ssl

namespace cvm::http {

// Where a server has its certificate from.
class TlsSource {
public:
    virtual ~TlsSource() = default;

    // Asked whenever a client begins to speak TLS, so that a certificate need not be made before. The context must
    // outlive the server. Throws std::exception if there can be no certificate.
    virtual boost::asio::ssl::context& context() = 0;
};

} // namespace cvm::http
