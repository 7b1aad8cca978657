#include "state/store/sqlite_creation.hpp"

#include "empty_database.gen.hpp"

#include <SQLiteCpp/Backup.h>
#include <sqlite3.h>

#include <algorithm>
#include <memory>
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
    SQLite::Database made = database_of(bytes, empty_database_size);
    SQLite::Backup{db, made}.executeStep();
}

SQLite::Database database_of(unsigned char* bytes, std::int64_t size)
{
    std::unique_ptr<unsigned char, decltype(&sqlite3_free)> owner{bytes, sqlite3_free};
    SQLite::Database db{memory, SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX};
    constexpr unsigned owned = SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY;
    if (sqlite3_deserialize(db.getHandle(), "main", owner.release(), size, size, owned) != SQLITE_OK)
        throw SQLite::Exception{db.getHandle()};
    return db;
}

} // namespace cvm::state::rows
