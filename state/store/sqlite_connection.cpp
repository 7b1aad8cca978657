#include "state/store/sqlite_connection.hpp"

#include "state/store/schema.hpp"
#include "state/store/store.hpp"

#include <new>
#include <string_view>
#include <utility>

namespace cvm::state::rows {

namespace {

// How long a call waits while somebody else (a shell, a backup) holds the file, in milliseconds. The wait blocks the
// server, so it is short; after it the call answers InternalError.
constexpr int busy_timeout_ms = 200;

// How long a start waits while another server makes the same file.
constexpr int open_timeout_ms = 5000;

// Clients ask by few combinations of conditions. The rest are prepared again and again.
constexpr std::size_t most_kept = 64;

// Refuses a file in which a table or an index of ours is missing or another one.
void check_tables(SQLite::Database& db, const std::string& path)
{
    const std::string theirs = db.execAndGet("SELECT group_concat(sql, ';' || char(10)) || ';' FROM sqlite_schema");
    const std::string ours = schema_sql();
    for (std::string_view rest = ours; !rest.empty();) {
        const auto end = rest.find(";\n") + 2;
        if (theirs.find(rest.substr(0, end - 1)) == std::string::npos)
            throw BadDatabase{path + ": damaged, or not a database of cvm-renewal-emulator: it lacks " +
                              std::string{rest.substr(0, rest.find(" ("))}};
        rest.remove_prefix(end);
    }
}

// Makes the tables if the file is empty; refuses a file that is somebody else's. All in one transaction, so that of
// several servers that start on one file the first makes it and the others find it whole.
void make_or_check(SQLite::Database& db, const std::string& path)
{
    SQLite::Transaction transaction{db, SQLite::TransactionBehavior::IMMEDIATE};
    const int version = db.execAndGet("PRAGMA user_version").getInt();
    const int id = db.execAndGet("PRAGMA application_id").getInt();
    const bool empty = db.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() == 0;
    if (id != application_id && (id != 0 || !empty))
        throw BadDatabase{path + ": not a database of cvm-renewal-emulator; name another file with --db"};
    if (version > schema_version)
        throw BadDatabase{path + ": written by a newer cvm-renewal-emulator (format " + std::to_string(version) +
                          ", this one knows " + std::to_string(schema_version) +
                          "); use that one, or name another file with --db"};
    if (id == application_id && version < schema_version)
        throw BadDatabase{path + ": written by an older cvm-renewal-emulator (format " + std::to_string(version) +
                          ", this one writes " + std::to_string(schema_version) +
                          "); export the state there (GET /_emulator/state), or name another file with --db"};
    if (empty) {
        db.exec(schema_sql());
        db.exec("PRAGMA application_id = " + std::to_string(application_id));
        db.exec("PRAGMA user_version = " + std::to_string(schema_version));
    } else {
        check_tables(db, path);
    }
    transaction.commit();
}

SQLite::Database open(const std::string& path)
{
    // Counting its memory costs SQLite a lock for each text. It can be told so only before it is used for the first
    // time; afterwards it goes on counting.
    static const int quiet = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    static_cast<void>(quiet);
    try {
        SQLite::Database db{path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX, open_timeout_ms};
        db.exec("PRAGMA foreign_keys = ON");
        // Debian's SQLite overwrites what is deleted with zeros.
        db.exec("PRAGMA secure_delete = OFF");
        // A container has no folder for temporary files.
        db.exec("PRAGMA temp_store = MEMORY");
        make_or_check(db, path);
        // A killed process loses nothing that it answered; only a loss of power may take the last commits.
        db.exec("PRAGMA journal_mode = WAL");
        db.exec("PRAGMA synchronous = NORMAL");
        db.setBusyTimeout(busy_timeout_ms);
        return db;
    } catch (const SQLite::Exception& e) {
        throw BadDatabase{path + ": cannot be used as a database: " + e.what()};
    }
}

} // namespace

Connection::Connection(const std::string& path) : db_{open(path)} {}

Connection Connection::snapshot()
{
    if (const std::string& path = db_.getFilename(); path != ":memory:") {
        // Reading takes part in the file's lock table, which a read-only connection may not write.
        SQLite::Database file{path, SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX, busy_timeout_ms};
        file.exec("PRAGMA query_only = ON");
        file.exec("BEGIN");
        file.execAndGet("SELECT count(*) FROM sqlite_schema"); // the first read is of the moment that counts
        return Connection{std::move(file)};
    }
    SQLite::Database copy{":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX};
    sqlite3_int64 size = 0;
    unsigned char* bytes = sqlite3_serialize(db_.getHandle(), "main", &size, 0);
    if (bytes == nullptr)
        throw std::bad_alloc{};
    constexpr unsigned owned = SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY; // freed by a failure, too
    if (sqlite3_deserialize(copy.getHandle(), "main", bytes, size, size, owned) != SQLITE_OK)
        throw SQLite::Exception{copy.getHandle()};
    return Connection{std::move(copy)};
}

Statement& Connection::operator[](Sql sql)
{
    auto& statement = statements_.at(static_cast<std::size_t>(sql));
    if (!statement)
        statement.emplace(db_, text_of(sql));
    return *statement;
}

Statement& Connection::operator[](std::span<const InstanceCondition> conditions)
{
    std::string text = text_of(conditions);
    const auto known = by_conditions_.find(text);
    if (known != by_conditions_.end())
        return known->second;
    if (by_conditions_.size() >= most_kept)
        by_conditions_.clear();
    Statement statement{db_, text};
    return by_conditions_.emplace(std::move(text), std::move(statement)).first->second;
}

} // namespace cvm::state::rows
