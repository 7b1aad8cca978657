#pragma once

#include <span>
#include <string>
#include <string_view>

// Files embedded in the binary, compressed by gzip; written by server/tools/embed_packed.cmake.

namespace cvm::control {

struct PackedFile {
    std::string_view name;   // without a folder
    std::string_view tag;    // differs for different content
    std::string_view packed; // by gzip, without a name in its header
};

// The files of server/control/console/; empty in a build without a console.
std::span<const PackedFile> console_files() noexcept;

// Contains only openapi.json.
std::span<const PackedFile> openapi_files() noexcept;

// Decompresses data that gzip has compressed without a name. Throws std::runtime_error for anything else.
std::string unpacked(std::string_view packed);

} // namespace cvm::control
