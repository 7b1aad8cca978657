#pragma once

#include "server/wire/form.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Signatures among the parameters, as pure functions: API 3.0 v1 (https://cloud.tencent.com/document/api/213/15693) and
// legacy v2 (https://cloud.tencent.com/document/api/213/6984).

namespace cvm::auth {

// How a name with an underscore is signed. The legacy page requires a dot instead; clients differ in whether they sort
// the names before or after the replacement.
enum class Underscore { stays, dot_sorted_before, dot_sorted_after };

// Everything that is signed.
struct V1Inputs {
    std::string method;
    std::string host;
    std::string path;
    std::string question = "?";                             // between the path and the parameters
    std::vector<std::pair<std::string, std::string>> pairs; // names and values, in signing order
};

V1Inputs v1_inputs(std::string_view method, std::string_view host, std::string_view path, const wire::Form& form,
                   Underscore underscore);

std::string v1_string_to_sign(const V1Inputs& inputs);

// METHOD + host + path + "?" + "k=v&k=v": all parameters but Signature, sorted by the bytes of their names, with
// unencoded values.
std::string v1_string_to_sign(std::string_view method, std::string_view host, std::string_view path,
                              const wire::Form& form, Underscore underscore);

// Base64 of HmacSHA256 or HmacSHA1.
std::string v1_signature(std::string_view secret_key, std::string_view string_to_sign, bool sha256);

} // namespace cvm::auth
