#pragma once

#include <cstdint>
#include <string>

namespace cvm::state {

// "CVMR" in PRAGMA application_id identifies our files.
inline constexpr std::int32_t application_id = 0x43564d52;

// PRAGMA user_version of the files that this program writes.
inline constexpr std::int32_t schema_version = 11;

// The statements that create the tables and indexes of an empty database, and those that mark it as ours.
std::string schema_sql();
std::string schema_marks_sql();

} // namespace cvm::state
