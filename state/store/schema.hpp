#pragma once

#include <cstdint>
#include <string>

namespace cvm::state {

// "CVMR" in PRAGMA application_id tells our files from other people's.
inline constexpr std::int32_t application_id = 0x43564d52;

// PRAGMA user_version of the files that this program writes.
inline constexpr std::int32_t schema_version = 11;

// The statements that make an empty database.
std::string schema_sql();

} // namespace cvm::state
