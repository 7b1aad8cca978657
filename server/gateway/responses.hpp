#pragma once

#include "server/http/message.hpp"

#include <optional>
#include <string>
#include <string_view>

// The forms in which the server answers: the vendor's, a proxy's, the control surface's, and one for people.

namespace cvm {

// Status 200 for success and refusal alike, as the vendor's (https://cloud.tencent.com/document/api/628/45176): SDKs
// read the code only then. `body` is the text that wire/render made.
http::Response api_response(std::string body);

// The answer of something between a client and the API that knows nothing of the API's form, such as a proxy.
http::Response proxy_response(unsigned status);

// {"error":"<problem>"}, made printable.
http::Response control_response(boost::beast::http::status status, std::string_view problem);

// One line that says where to go, for a person who opens the address in a browser: GET / that accepts HTML and asks for
// no action. nullopt for every other request.
std::optional<http::Response> signpost(const http::Request& request);

} // namespace cvm
