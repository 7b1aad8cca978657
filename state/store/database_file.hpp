#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

namespace cvm::state {

// Why a file cannot hold the database, and what to do, in one line that begins with its path; nullopt if no reason is
// found. Checks for what SQLite reports only as "unable to open database file": SQLite writes the file and, beside it,
// -wal and -shm, so the files and their folder must be writable.
std::optional<std::string> why_unusable(const std::string& path);

// The size of the file and of the -wal beside it, in bytes; a missing file counts as 0.
std::uintmax_t database_bytes(const std::string& path);

// The file that a path refers to. Used to detect that it was deleted or replaced.
struct FileIdentity {
    dev_t device = 0;
    ino_t number = 0;

    friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

// nullopt if the file does not exist.
std::optional<FileIdentity> identity_of(const char* path) noexcept;

// Whether at least one mebibyte is free on the file system of a file.
bool has_room(const char* path) noexcept;

} // namespace cvm::state
