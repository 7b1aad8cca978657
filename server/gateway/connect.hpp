#pragma once

#include "server/http/message.hpp"

namespace cvm {

// The answer to CONNECT, the method by which a client asks its proxy for a tunnel (RFC 9110 section 9.3.6). A tunnel to
// one of the vendor's hosts on port 443 is granted, and ends in this server: nothing is ever connected to. A refusal
// says why in its reason phrase too, which is all that most clients show. `encrypted`: CONNECT came inside TLS.
http::Reply answer_connect(const http::Request& request, bool encrypted);

} // namespace cvm
