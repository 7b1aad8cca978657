#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

namespace cvm::state {

// Why a file cannot hold the database, and what to do, in one line that begins with its path; nullopt if nothing speaks
// against it. Looks at what SQLite would only call "unable to open database file": SQLite writes the file and, beside
// it, -wal and -shm, so the files and their folder must be writable.
std::optional<std::string> why_unusable(const std::string& path);

// Of the file and the -wal beside it, in bytes; 0 for what is not there.
std::uintmax_t database_bytes(const std::string& path);

// Which file a path leads to. Tells whether it was deleted or replaced.
struct FileIdentity {
    dev_t device = 0;
    ino_t number = 0;

    friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

// nullopt if there is none.
std::optional<FileIdentity> identity_of(const char* path) noexcept;

// Whether the file system of a file has a mebibyte left.
bool has_room(const char* path) noexcept;

} // namespace cvm::state
