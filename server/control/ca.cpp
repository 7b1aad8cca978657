#include "server/control/control.hpp"
#include "server/tls/identity.hpp"

#include <boost/json.hpp>

namespace cvm::control {

Answer get_ca(tls::Identity* identity)
{
    if (identity == nullptr)
        throw Problem{404, "the server speaks no TLS (--tls off), so there is no certificate authority"};
    auto certificate = identity->authority_certificate();
    if (!certificate)
        throw Problem{404, "the server has a certificate of your own (--tls-cert), not one of its authority"};
    return {.body = {}, .wait = {}, .pem = *std::move(certificate)};
}

} // namespace cvm::control
