#pragma once

#include "server/base/error.hpp"
#include "server/http/message.hpp"
#include "server/wire/form.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// What a request claims before its signature is checked: dialect, action, key, common parameters
// (https://cloud.tencent.com/document/api/213/15692 and, of the legacy API,
// https://cloud.tencent.com/document/api/213/11654).

namespace cvm::wire {

enum class Dialect {
    tc3,            // API 3.0, Authorization header
    v1,             // API 3.0, Signature among the parameters
    legacy,         // /v2/index.php with Version: answers as API 3.0, but with its own codes
    legacy_numeric, // /v2/index.php without Version: code, message, codeDesc
};

// The dialect's name in this project: "tc3", ...
std::string_view to_string(Dialect dialect);

constexpr bool is_legacy(Dialect dialect) { return dialect == Dialect::legacy || dialect == Dialect::legacy_numeric; }

// A request target, possibly in absolute form. Views into the request.
struct Target {
    std::string_view path;
    std::string_view query;       // after the "?", as it was sent
    std::string_view authority{}; // host and port of the absolute form
};

Target split_target(std::string_view target);

inline constexpr std::string_view api_path = "/";
inline constexpr std::string_view legacy_path = "/v2/index.php";

// The common parameters, from headers or parameters; the others are not parsed yet. An empty text means not given.
struct Envelope {
    Dialect dialect = Dialect::v1;
    std::string method;
    std::string path;
    std::string query; // as it was sent
    std::string host;  // the Host header
    std::string action;
    std::string version;
    std::optional<std::string> region; // nullopt: not given; may be empty
    std::string token;
    std::int64_t timestamp = 0; // seconds since 1970
    std::int64_t nonce = 0;     // not used by tc3
    std::string authorization;  // the header; tc3 only
    std::string secret_id;      // not for tc3, which has it in the Authorization header
    std::string signature;      // not for tc3
    bool sha256 = false;        // SignatureMethod is HmacSHA256
    Form form;                  // all parameters of a query or form, including common ones; empty for a tc3 POST
};

// The dialect of a request and the language that it asks for; both are known even if the request is refused.
struct ResponseFormat {
    Dialect dialect;
    Language language;
};

ResponseFormat response_format_of(const http::Request& request);

// Checks, in this order: method, size of a GET (32 KiB), form syntax, missing common parameters (Timestamp, Nonce,
// Action, Version, SecretId, Signature), types of Timestamp and Nonce.
Result<Envelope> open_envelope(const http::Request& request, Dialect dialect);

// The parameters of the action itself. Called after the signature was verified, because only then the body is worth
// parsing. An empty JSON body counts as {} (assumed), and so does null, which tencentcloud-sdk-ruby sends if an action
// has no parameters. In the legacy API "_" in a name means ".": PHP, in which it was written, converts dots in names to
// underscores, and signatures use names with "." (https://cloud.tencent.com/document/api/213/6984). The values are
// allocated in `memory`.
Result<boost::json::object> action_params(const Envelope& envelope, const http::Request& request,
                                          boost::json::storage_ptr memory = {});

// The maximum body size, in bytes, of a request with this header: 10 MiB, or 1 MiB for signatures among the parameters
// (https://cloud.tencent.com/document/product/1278/46710).
std::uint64_t body_limit(const http::RequestHeader& header);

// Whether body_limit() is the one for signatures among the parameters, which has its own error text.
bool has_form_limit(const http::RequestHeader& header);

} // namespace cvm::wire
