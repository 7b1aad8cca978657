#pragma once

#include <string_view>

namespace cvm {

// The text of a file of fixtures/ as it was at build time; `name` is its path from the top of the repository.
// Throws std::logic_error for a file that CMakeLists.txt does not list.
std::string_view embedded_file(std::string_view name);

} // namespace cvm
