#pragma once

#include "server/http/message.hpp"

#include <optional>
#include <string>
#include <string_view>

// The forms of the server's answers: the vendor's, a proxy's, the control API's, and one for people.

namespace cvm {

// Status 200 for success and error alike, as the vendor's API (https://cloud.tencent.com/document/api/628/45176): SDKs
// read the code only then. `body` is the text that wire/render produced.
http::Response api_response(std::string body);

// An answer as given by something between a client and the API that does not know the API's form, such as a proxy.
http::Response proxy_response(unsigned status);

// {"error":"<problem>"}, where `problem` is made printable.
http::Response control_response(boost::beast::http::status status, std::string_view problem);

// A one-line hint for a person who opens the address in a browser: for GET / that accepts HTML and names no action.
// nullopt for any other request. `console`: whether there is a console to point at.
std::optional<http::Response> signpost(const http::Request& request, bool console);

} // namespace cvm
