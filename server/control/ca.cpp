#include "server/control/control.hpp"
#include "server/tls/identity.hpp"

#include <boost/json.hpp>

namespace cvm::control {

Answer get_ca(tls::Identity* identity)
{
    if (identity == nullptr)
        throw Problem{404, "TLS is off (--tls off), so there is no certificate authority"};
    auto certificate = identity->authority_certificate();
    if (!certificate)
        throw Problem{404, "the server uses your own certificate (--tls-cert), so it has no certificate authority"};
    return {.body = {}, .wait = {}, .pem = *std::move(certificate)};
}

} // namespace cvm::control
