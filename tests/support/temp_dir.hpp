#pragma once

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace cvm::test {

// A temporary directory that is deleted with its content.
class TempDir {
public:
    TempDir()
    {
        std::string path = (std::filesystem::temp_directory_path() / "cvm-test-XXXXXX").string();
        if (::mkdtemp(path.data()) == nullptr)
            throw std::system_error{errno, std::generic_category(), "mkdtemp"};
        path_ = path;
    }
    ~TempDir()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;

    const std::filesystem::path& path() const { return path_; }

    // The path of a file in the directory; the file need not exist.
    std::string file(std::string_view name) const { return (path_ / name).string(); }

    std::string write(std::string_view name, std::string_view content) const
    {
        std::ofstream out{path_ / name, std::ios::binary};
        out.exceptions(std::ios::badbit | std::ios::failbit);
        out.write(content.data(), static_cast<std::streamsize>(content.size()));
        out.close();
        return file(name);
    }

    std::string read(std::string_view name) const
    {
        std::ifstream in{path_ / name, std::ios::binary};
        if (!in)
            throw std::runtime_error{"cannot open " + file(name)};
        return {std::istreambuf_iterator<char>{in}, {}};
    }

private:
    std::filesystem::path path_;
};

} // namespace cvm::test
