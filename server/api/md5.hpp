#pragma once

#include <string>
#include <string_view>

namespace cvm::api {

// The MD5 of a text as 32 lower-case hexadecimal digits. Used where the vendor shows an MD5, and for names that need
// not be secret.
std::string md5(std::string_view text);

} // namespace cvm::api
