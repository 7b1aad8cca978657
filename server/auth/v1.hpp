#pragma once

#include "server/wire/form.hpp"

#include <string>
#include <string_view>

// The signature among the parameters: API 3.0 v1 and legacy v2 (facts: wire 2, 3.1). Pure functions.

namespace cvm::auth {

// How a name with an underscore is signed. The legacy page asks for a dot instead; clients disagree about whether the
// names are sorted before or after that.
enum class Underscore { stays, dot_sorted_before, dot_sorted_after };

// METHOD + host + path + "?" + "k=v&k=v": every parameter but Signature, by name in byte order, values as they are.
std::string v1_string_to_sign(std::string_view method, std::string_view host, std::string_view path,
                              const wire::Form& form, Underscore underscore);

// Base64 of HmacSHA256 or HmacSHA1.
std::string v1_signature(std::string_view secret_key, std::string_view string_to_sign, bool sha256);

} // namespace cvm::auth
