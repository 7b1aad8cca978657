#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

namespace cvm::http {

// What every box above the sockets speaks. A target may be in origin form or, from a client behind http_proxy,
// in absolute form; a body is complete and within the limits.
using Request = boost::beast::http::request<boost::beast::http::string_body>;
using RequestHeader = boost::beast::http::request_header<>;
using Response = boost::beast::http::response<boost::beast::http::string_body>;

} // namespace cvm::http
