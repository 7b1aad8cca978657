#pragma once

#include <optional>
#include <string>

namespace cvm::state {

// Why a file cannot hold the database, and what to do, in one line that begins with its path; nullopt if nothing speaks
// against it. Looks at what SQLite would only call "unable to open database file": SQLite writes the file and, beside
// it, its journal, so both the file and its folder must be writable.
std::optional<std::string> why_unusable(const std::string& path);

} // namespace cvm::state
