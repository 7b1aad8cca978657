#pragma once

#include <string>
#include <string_view>

// Explains failures of SQLite; for the files sqlite_* only.

namespace cvm::state::rows {

// A failure caused by the file, its file system or another process, not by a wrong statement.
struct Breakage {
    int code;   // SQLite's primary result code
    bool lasts; // until the server is restarted
    std::string_view advice;
};

// nullptr for any other code.
const Breakage* breakage_of(int code) noexcept;

// Whether the failure is that another process holds the file.
bool is_lock(int code) noexcept;

// "/data/cvm.db: database or disk is full; make room on its file system".
std::string describe_failure(const std::string& path, int code, std::string_view what);

} // namespace cvm::state::rows
