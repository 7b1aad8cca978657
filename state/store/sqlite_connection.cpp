#include "state/store/sqlite_connection.hpp"

#include "state/store/schema.hpp"
#include "state/store/sqlite_creation.hpp"
#include "state/store/sqlite_failure.hpp"
#include "state/store/store.hpp"

#include <algorithm>
#include <chrono>
#include <new>
#include <string_view>
#include <utility>

namespace cvm::state::rows {

namespace {

constexpr int attempt_gap_ms = 1; // between two attempts to lock the file

// How often a call tries to write to a file that another process locks; then it is answered with InternalError. Another
// server needs it for 25 ms, or for the time of an import; a shell may keep it for minutes, and each attempt blocks the
// server. So while the file is known to be locked, a call tries less often.
constexpr int max_attempts = 1000;
constexpr int max_attempts_when_locked = 50;

// How often a start tries, while another server creates or writes the same file.
constexpr int max_attempts_at_start = 5000;
constexpr std::chrono::milliseconds max_wait_at_start{max_attempts_at_start * attempt_gap_ms};

constexpr int snapshot_timeout_ms = 200; // how long a snapshot waits for its moment

// To be called after so many attempts. Waits until the next one, and returns 0 if there is none. SQLite's own wait
// would try ever less often, up to 100 ms apart, and miss the moments in which a server that moves a clock leaves the
// file to others.
int wait_for_attempt(int attempts, int most) noexcept
{
    if (attempts >= most)
        return 0;
    sqlite3_sleep(attempt_gap_ms);
    return 1;
}

// Clients use few combinations of conditions. If there are more, statements have to be prepared again.
constexpr std::size_t max_kept = 64;

// Has no effect in a file of ours.
std::string write_version() { return "PRAGMA user_version = " + std::to_string(schema_version); }

// Refuses a file in which one of our tables or indexes is missing or different.
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

// Creates the tables if the file is empty; refuses a foreign file. All in one transaction: if several servers start on
// one file, the first one creates the tables and the others find them complete.
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
                          "); use that version, or name another file with --db"};
    if (id == application_id && version < schema_version)
        throw BadDatabase{path + ": written by an older cvm-renewal-emulator (format " + std::to_string(version) +
                          ", this one writes " + std::to_string(schema_version) +
                          "); export the state there (GET /_emulator/state), or name another file with --db"};
    if (empty) {
        db.exec(schema_sql());
        db.exec(schema_marks_sql());
    } else {
        check_tables(db, path);
    }
    transaction.commit();
}

// Refuses a file with a damaged page.
void check_pages(SQLite::Database& db, const std::string& path)
{
    const std::string found = db.execAndGet("PRAGMA quick_check(1)");
    if (found != "ok")
        throw BadDatabase{describe_failure(path, SQLITE_CORRUPT, found)};
}

// SQLite does not wait for a lock when it changes the journal mode, whatever the busy timeout says: several servers
// that start on one new file would get in each other's way. Once one of them has changed the mode, the others have
// nothing to change.
void use_write_ahead_log(SQLite::Database& db)
{
    const auto end = std::chrono::steady_clock::now() + max_wait_at_start;
    int code = SQLITE_OK;
    while ((code = db.tryExec("PRAGMA journal_mode = WAL")) == SQLITE_BUSY && std::chrono::steady_clock::now() < end)
        sqlite3_sleep(attempt_gap_ms);
    if (code != SQLITE_OK)
        throw SQLite::Exception{db.getHandle(), code};
}

SQLite::Database open(const std::string& path, bool check)
{
    // SQLite's memory statistics take a lock for each text. They can be switched off only before SQLite is first used;
    // later the call has no effect.
    static const int quiet = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    static_cast<void>(quiet);
    try {
        SQLite::Database db{path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX};
        const auto wait = [](void*, int attempts) noexcept {
            return wait_for_attempt(attempts, max_attempts_at_start);
        };
        sqlite3_busy_handler(db.getHandle(), wait, nullptr);
        db.exec("PRAGMA foreign_keys = ON");
        // Debian's SQLite overwrites deleted content with zeros by default.
        db.exec("PRAGMA secure_delete = OFF");
        // A container has no folder for temporary files.
        db.exec("PRAGMA temp_store = MEMORY");
        if (path == memory)
            create_in_memory(db);
        else
            make_or_check(db, path);
        if (check)
            check_pages(db, path);
        // Killing the process loses nothing that was answered; only a power failure may lose the last commits.
        use_write_ahead_log(db);
        db.exec("PRAGMA synchronous = NORMAL");
        db.exec(write_version()); // also to an existing file, so that an unwritable one is found now
        return db;
    } catch (const SQLite::Exception& e) {
        throw BadDatabase{
            describe_failure(path, e.getErrorCode(), std::string{"cannot be used as a database: "} + e.what())};
    }
}

} // namespace

Connection::Connection(const std::string& path, bool check) : db_{open(path, check)}
{
    const char* file = sqlite3_db_filename(db_.getHandle(), "main");
    const bool in_memory = file == nullptr || *file == 0;
    path_ = in_memory ? "the database in memory" : file;
    // Prepared now: when they are needed, they must not fail for lack of memory.
    for (const Sql sql : {Sql::rollback, Sql::rollback_to_savepoint, Sql::release_savepoint})
        (*this)[sql];
    if (in_memory)
        return;
    for (const char* end : {"", "-wal"})
        files_.emplace_back(path_ + end);
    // What is written to a file that was deleted or replaced is lost when the server ends, so no commit succeeds then.
    const auto veto = [](void* self) noexcept { return static_cast<Connection*>(self)->in_place() ? 0 : 1; };
    sqlite3_commit_hook(db_.getHandle(), veto, this);
    const auto wait = [](void* self, int attempts) noexcept {
        const bool locked = static_cast<Connection*>(self)->known_locked();
        return wait_for_attempt(attempts, locked ? max_attempts_when_locked : max_attempts);
    };
    sqlite3_busy_handler(db_.getHandle(), wait, this);
}

Connection::Connection(SQLite::Database db) : db_{std::move(db)}, path_{db_.getFilename()} {}

bool Connection::in_place() noexcept
{
    if (displaced_ == nullptr) {
        const auto at = std::ranges::find_if_not(files_, &OpenFile::in_place);
        displaced_ = at != files_.end() ? &*at : nullptr;
    }
    return displaced_ == nullptr;
}

void Connection::remember(int code)
{
    if (displaced_ != nullptr)
        failure_ = {code, displaced_->path +
                              ": deleted or replaced while the server has it open, so nothing more is written: export "
                              "the state if you need it (GET /_emulator/state), then restart the server"};
    else if (breakage_of(code) != nullptr)
        failure_ = {code, describe_failure(path_, code, sqlite3_errmsg(db_.getHandle()))};
}

void Connection::fail(int code)
{
    remember(code);
    throw BrokenStore{displaced_ != nullptr ? failure_->text
                                            : describe_failure(path_, code, sqlite3_errmsg(db_.getHandle()))};
}

void Connection::try_to_write()
{
    if (displaced_ != nullptr || breakage_of(failure_->code)->lasts)
        return;
    // A write smaller than those of calls may still fit on a disk that is too full for them.
    if (breakage_of(failure_->code)->code == SQLITE_FULL && !has_room(path_.c_str()))
        return;
    const int code = sqlite3_exec(db_.getHandle(), write_version().c_str(), nullptr, nullptr, nullptr);
    if (code == SQLITE_OK)
        failure_.reset();
    else
        remember(code);
}

void Connection::forget_lock() noexcept
{
    if (known_locked())
        failure_.reset();
}

Connection Connection::snapshot()
{
    if (const std::string& path = db_.getFilename(); path != memory && in_place()) {
        // A reader writes to the lock table of the file, which a read-only connection could not do.
        SQLite::Database file{path, SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX, snapshot_timeout_ms};
        file.exec("PRAGMA query_only = ON");
        file.exec("BEGIN");
        file.execAndGet("SELECT count(*) FROM sqlite_schema"); // the first read fixes the moment of the snapshot
        return Connection{std::move(file)};
    }
    sqlite3_int64 size = 0;
    unsigned char* bytes = sqlite3_serialize(db_.getHandle(), "main", &size, 0);
    if (bytes == nullptr)
        throw std::bad_alloc{};
    // A copy has no write-ahead log, so its header must not ask for one (SQLite's file format, section 1.3.3).
    bytes[18] = bytes[19] = 1;
    return Connection{database_of(bytes, size)};
}

Statement& Connection::operator[](Sql sql)
{
    auto& statement = statements_.at(static_cast<std::size_t>(sql));
    if (!statement)
        statement.emplace(*this, db_.getHandle(), text_of(sql));
    return *statement;
}

Statement& Connection::operator[](std::span<const InstanceCondition> conditions)
{
    std::string text = text_of(conditions);
    const auto known = by_conditions_.find(text);
    if (known != by_conditions_.end())
        return known->second;
    if (by_conditions_.size() >= max_kept)
        by_conditions_.clear();
    Statement statement{*this, db_.getHandle(), text};
    return by_conditions_.emplace(std::move(text), std::move(statement)).first->second;
}

} // namespace cvm::state::rows
