#pragma once

#include <stdexcept>
#include <string>

namespace cvm::cli {

// A file that cannot be read or written; the text names it.
struct FileError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// All of a file, of stdin for "-". Throws FileError.
std::string read_input(const std::string& path);

// In one piece: a reader sees the old file or the new one, and what fails leaves the old one. What is no plain file,
// such as /dev/stdout, is written to as it is. Throws FileError.
void write_output(const std::string& path, const std::string& text);

} // namespace cvm::cli
