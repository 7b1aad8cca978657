#pragma once

#include <span>
#include <string>
#include <string_view>

// Files that are in the binary packed by gzip, as server/tools/embed_packed.cmake writes them.

namespace cvm::control {

struct PackedFile {
    std::string_view name;   // without a folder
    std::string_view tag;    // another one for other content
    std::string_view packed; // by gzip, without a name in its header
};

// Those of server/control/console/; empty in a build without a console.
std::span<const PackedFile> console_files() noexcept;

// openapi.json alone.
std::span<const PackedFile> openapi_files() noexcept;

// What gzip packed without a name. Throws std::runtime_error if it is not that.
std::string unpacked(std::string_view packed);

} // namespace cvm::control
