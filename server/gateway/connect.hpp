#pragma once

#include "server/http/message.hpp"

namespace cvm {

// The answer to CONNECT, the method with which a client asks a proxy for a tunnel (RFC 9110 section 9.3.6). A tunnel to
// port 443 of one of the vendor's hosts is granted, but it ends in this server: no outbound connection is made. A
// refusal gives the reason in its reason phrase too, since most clients show nothing else. `encrypted`: CONNECT came
// inside TLS.
http::Reply answer_connect(const http::Request& request, bool encrypted);

} // namespace cvm
