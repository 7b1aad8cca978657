#pragma once

#include <stdexcept>
#include <string>

namespace cvm::cli {

// A file that cannot be read or written; the text names it.
struct FileError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Reads a whole file, or stdin for "-". Throws FileError.
std::string read_input(const std::string& path);

// Writes atomically: a reader sees the old file or the new one, and a failure keeps the old one. Anything but a regular
// file, such as /dev/stdout, is written directly. Throws FileError.
void write_output(const std::string& path, const std::string& text);

} // namespace cvm::cli
