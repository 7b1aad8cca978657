#include "state/store/sqlite_creation.hpp"

#include "empty_database.gen.hpp"

#include <SQLiteCpp/Backup.h>
#include <sqlite3.h>

#include <algorithm>
#include <new>

namespace cvm::state::rows {

void create_in_memory(SQLite::Database& db)
{
    auto* const bytes = static_cast<unsigned char*>(sqlite3_malloc64(empty_database_size));
    if (bytes == nullptr)
        throw std::bad_alloc{};
    std::fill_n(bytes, empty_database_size, static_cast<unsigned char>(0));
    for (const DatabasePiece& piece : empty_database)
        std::ranges::copy(piece.bytes, bytes + piece.offset);
    SQLite::Database made{":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX};
    // SQLite frees the bytes, even on failure
    constexpr unsigned owned = SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY;
    if (sqlite3_deserialize(made.getHandle(), "main", bytes, empty_database_size, empty_database_size, owned) !=
        SQLITE_OK)
        throw SQLite::Exception{made.getHandle()};
    SQLite::Backup{db, made}.executeStep();
}

} // namespace cvm::state::rows
