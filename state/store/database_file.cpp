#include "state/store/database_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
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
        return "cannot be examined: " + std::generic_category().message(errno);
    std::array<char, 8> mode;
    std::snprintf(mode.data(), mode.size(), "%o", static_cast<unsigned>(status.st_mode) & 07777u);
    return "belongs to " + std::to_string(status.st_uid) + ":" + std::to_string(status.st_gid) + ", mode " +
           mode.data();
}

std::optional<std::string> why_not_writable(const std::string& database, const fs::path& path, int access)
{
    if (::faccessat(AT_FDCWD, path.c_str(), access, AT_EACCESS) == 0)
        return std::nullopt;
    const int reason = errno;
    const std::string user = "uid " + std::to_string(::geteuid()) + ":" + std::to_string(::getegid());
    if (reason == EROFS)
        return database + ": on a read-only file system, " + user +
               " cannot write there; name a file on another one with --db, or mount a folder there";
    return database + ": not writable by " + user + " (" + std::generic_category().message(reason) + "); " +
           path.string() + " " + owner_and_mode(path) +
           ": let this user or group write it, run as a user who may, or name another file with --db";
}

// Of the database or of a file that SQLite keeps beside it.
std::optional<std::string> why_file_unusable(const std::string& database, const fs::path& path)
{
    std::error_code ec;
    const fs::file_status status = fs::status(path, ec);
    if (!fs::exists(status))
        return std::nullopt;
    if (fs::is_directory(status))
        return path.string() + ": a folder; name a file in it with --db";
    if (!fs::is_regular_file(status))
        return path.string() + ": not a regular file; name another one with --db";
    return why_not_writable(database, path, R_OK | W_OK);
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
        return path + ": the folder " + folder.string() + " does not exist; create it, or name another file with --db";
    if (auto why = why_not_writable(path, folder, W_OK | X_OK))
        return why;
    for (const char* end : {"", "-wal", "-shm", "-journal"})
        if (auto why = why_file_unusable(path, path + end))
            return why;
    return std::nullopt;
}

std::uintmax_t database_bytes(const std::string& path)
{
    std::uintmax_t bytes = 0;
    for (const char* end : {"", "-wal"}) {
        struct stat status {};
        if (::stat((path + end).c_str(), &status) == 0)
            bytes += static_cast<std::uintmax_t>(status.st_size);
    }
    return bytes;
}

std::optional<FileIdentity> identity_of(const char* path) noexcept
{
    struct stat status {};
    if (::stat(path, &status) != 0)
        return std::nullopt;
    return FileIdentity{status.st_dev, status.st_ino};
}

bool has_room(const char* path) noexcept
{
    struct statvfs status {};
    return ::statvfs(path, &status) == 0 &&
           std::uintmax_t{status.f_bavail} * status.f_frsize >= std::uintmax_t{1024} * 1024;
}

} // namespace cvm::state
