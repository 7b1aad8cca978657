#pragma once

#include <span>
#include <string>
#include <string_view>

namespace cvm::cli {

// The few candidates that somebody who typed `word` may have meant, the likeliest first, as "; did you mean a, b or
// c?". Empty if none is near.
std::string near_hint(std::string_view word, std::span<const std::string> candidates);

} // namespace cvm::cli
