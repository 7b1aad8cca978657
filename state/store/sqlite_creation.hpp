#pragma once

#include <SQLiteCpp/Database.h>

#include <cstdint>

// For the files sqlite_* only.

namespace cvm::state::rows {

inline constexpr const char* memory = ":memory:"; // in place of a path

// Gives a new database in memory the tables and indexes of schema_sql(), and the marks of our files. Copies the pages
// of a database that was made when the program was built: to execute the statements would take a quarter of a start.
// Throws SQLite::Exception, and std::bad_alloc.
void create_in_memory(SQLite::Database& db);

// A read-only database in memory that consists of these bytes. They were allocated by SQLite, which frees them, even
// after an exception.
SQLite::Database database_of(unsigned char* bytes, std::int64_t size);

} // namespace cvm::state::rows
