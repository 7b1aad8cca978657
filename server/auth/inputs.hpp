#pragma once

#include "server/auth/authorization.hpp"
#include "server/auth/tc3.hpp"
#include "server/auth/v1.hpp"
#include "server/http/message.hpp"
#include "server/wire/envelope.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

// The inputs of a signature, read from a request. verify() and explain() use the same functions, so that explain()
// explains exactly what verify() checked.

namespace cvm::auth {

inline constexpr std::string_view unsigned_payload = "UNSIGNED-PAYLOAD";

// The value of the first header with this name; empty if there is none.
std::string header(const http::Request& request, std::string_view name);

std::string without_port(const std::string& host);

void add_unique(std::vector<std::string>& list, std::string value);

// The hosts that a client may have signed, most likely first: the Host header; the same without its port, which
// tencentcloud-sdk-nodejs signs; and for tc3 the vendor's own host of the service, which tencentcloud-sdk-java signs if
// it is configured to use a gateway (setApigwEndpoint).
std::vector<std::string> tc3_hosts(const wire::Envelope& envelope, const std::string& service);
std::vector<std::string> v1_hosts(const wire::Envelope& envelope);

// The Content-Type as received, and in lower case.
std::vector<std::string> tc3_content_types(const http::Request& request);

// The inputs with the first of tc3_hosts() and the first of tc3_content_types(). The date is the UTC date of the
// Timestamp, and the headers are sorted by name, whatever the client wrote.
Tc3Inputs tc3_inputs(const wire::Envelope& envelope, const Authorization& authorization, const http::Request& request);

// Sets the value of every signed header of this name.
void set_header(Tc3Inputs& inputs, std::string_view name, const std::string& value);

// Whether SignatureMethod is given and is neither of the two known methods. An unknown one is treated as HmacSHA1
// (https://cloud.tencent.com/document/api/213/15693).
bool names_unknown_method(const wire::Form& form);

// The ways in which names with an underscore may have been signed; only one way if the form has no such name.
std::vector<Underscore> v1_spellings(const wire::Form& form);

// The inputs for display, with the values of tokens, passwords and other secrets masked.
Tc3Inputs without_secrets(Tc3Inputs inputs);
V1Inputs without_secrets(V1Inputs inputs);

// Whether `timestamp`, in seconds since 1970, is within api_window of `now`, or for the legacy dialects within
// Nonces::window.
bool is_fresh(wire::Dialect dialect, std::int64_t timestamp, std::chrono::sys_seconds now);

} // namespace cvm::auth
