#include "server/cli/files.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

namespace cvm::cli {

namespace fs = std::filesystem;

namespace {

std::string all_of(std::istream& in) { return {std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}}; }

void write_to(const fs::path& path, const std::string& text)
{
    std::ofstream out{path, std::ios::binary};
    out << text;
    out.close();
    if (!out)
        throw FileError{path.string() + ": cannot be written"};
}

} // namespace

std::string read_input(const std::string& path)
{
    if (path == "-")
        return all_of(std::cin);
    std::error_code ec;
    std::ifstream in{path, std::ios::binary};
    if (!in || fs::is_directory(path, ec))
        throw FileError{path + ": cannot be read"};
    std::string text = all_of(in);
    if (in.bad())
        throw FileError{path + ": cannot be read"};
    return text;
}

void write_output(const std::string& path, const std::string& text)
{
    std::error_code ec;
    // Resolves a symbolic link, so that the link itself is not replaced.
    const fs::path resolved = fs::canonical(path, ec);
    const fs::path target = ec ? fs::path{path} : resolved;
    if (fs::exists(target, ec) && !fs::is_regular_file(target, ec))
        return write_to(target, text);
    const fs::path half = target.string() + "." + std::to_string(::getpid()) + ".tmp";
    try {
        write_to(half, text);
        fs::rename(half, target);
    } catch (const std::runtime_error&) { // FileError or filesystem_error
        fs::remove(half, ec);
        throw FileError{path + ": cannot be written"};
    }
}

} // namespace cvm::cli
