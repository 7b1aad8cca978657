#include "state/store/database_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

namespace cvm::state {

namespace fs = std::filesystem;

namespace {

// "belongs to 0:0, mode 755"
std::string owner_and_mode(const fs::path& path)
{
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0)
        return "cannot be looked at: " + std::generic_category().message(errno);
    std::array<char, 8> mode;
    std::snprintf(mode.data(), mode.size(), "%o", static_cast<unsigned>(status.st_mode) & 07777u);
    return "belongs to " + std::to_string(status.st_uid) + ":" + std::to_string(status.st_gid) + ", mode " +
           mode.data();
}

std::optional<std::string> why_not_writable(const std::string& database, const fs::path& path, int access)
{
    if (::faccessat(AT_FDCWD, path.c_str(), access, AT_EACCESS) == 0)
        return std::nullopt;
    if (errno == EROFS)
        return database + ": on a read-only file system; name a file on another one with --db, or mount a folder there";
    return database + ": not writable by uid " + std::to_string(::geteuid()) + ":" + std::to_string(::getegid()) +
           "; " + path.string() + " " + owner_and_mode(path) +
           ": let this user or group write it, run as a user who may, or name another file with --db";
}

} // namespace

std::optional<std::string> why_unusable(const std::string& path)
{
    std::error_code ec;
    const fs::path file{path};
    const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path{"."};
    if (fs::is_directory(file, ec))
        return path + ": a folder; name a file in it with --db";
    if (!fs::is_directory(folder, ec))
        return path + ": the folder " + folder.string() + " does not exist; make it, or name another file with --db";
    if (auto why = why_not_writable(path, folder, W_OK | X_OK))
        return why;
    if (fs::exists(file, ec))
        return why_not_writable(path, file, R_OK | W_OK);
    return std::nullopt;
}

} // namespace cvm::state
