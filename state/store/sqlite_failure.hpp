#pragma once

#include <string>
#include <string_view>

// Why SQLite could not do something, for the files sqlite_* alone.

namespace cvm::state::rows {

// A failure that the file is to blame for, its file system or another process; not a statement that asks for what
// cannot be.
struct Breakage {
    int code;   // of SQLite, without its extension
    bool lasts; // until the server is started anew
    std::string_view advice;
};

// nullptr for a code that is none.
const Breakage* breakage_of(int code) noexcept;

// "/data/cvm.db: database or disk is full; make room on its file system".
std::string describe_failure(const std::string& path, int code, std::string_view what);

} // namespace cvm::state::rows
