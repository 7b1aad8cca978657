#pragma once

#include "state/store/database_file.hpp"
#include "state/store/sqlite_failure.hpp"
#include "state/store/sqlite_statement.hpp"
#include "state/store/sqlite_statements.hpp"

#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace cvm::state::rows {

// An open database of this program with its statements. Each is prepared on first use, since a start needs few of them.
class Connection {
public:
    // Creates the tables in an empty file. `check`: verifies every page of an existing file. Throws BadDatabase.
    Connection(const std::string& path, bool check);
    Connection(const Connection&) = delete; // its statements refer to it
    Connection& operator=(const Connection&) = delete;

    // A read-only connection to what the database holds now: another connection to the file, or a copy of a database in
    // memory. Must not be called inside a transaction.
    Connection snapshot();

    Statement& operator[](Sql sql);
    Statement& operator[](std::span<const InstanceCondition> conditions);

    // Also false when SQLite has rolled back a transaction by itself, as it may do when a disk is full.
    bool in_transaction() const noexcept { return sqlite3_get_autocommit(db_.getHandle()) == 0; }

    const std::string& path() const noexcept { return path_; }

    // Throws BrokenStore for a failed statement, and remembers the failure if the statement itself is not the cause.
    [[noreturn]] void fail(int code);

    // The remembered failure, if any.
    std::optional<std::string> broken() const { return failure_ ? std::optional{failure_->text} : std::nullopt; }

    // Forgets the failure if a write that changes nothing succeeds. No transaction may be open.
    void try_to_write();

    // Forgets that another process locked the file. To be called after a commit.
    void forget_lock() noexcept;

private:
    // For a snapshot.
    explicit Connection(SQLite::Database db);

    struct Failure {
        int code;
        std::string text;
    };

    // A file that SQLite has open.
    struct OpenFile {
        std::string path;
        std::optional<FileIdentity> identity;

        explicit OpenFile(std::string of) : path{std::move(of)}, identity{identity_of(path.c_str())} {}
        bool in_place() const noexcept { return identity_of(path.c_str()) == identity; }
    };

    void remember(int code);
    bool in_place() noexcept;
    bool known_locked() const noexcept { return failure_ && is_lock(failure_->code); }

    SQLite::Database db_;
    std::string path_;                    // absolute
    std::vector<OpenFile> files_{};       // empty for a database in memory
    const OpenFile* displaced_ = nullptr; // the file that was deleted or replaced; from then on nothing is committed
    std::optional<Failure> failure_{};
    std::array<std::optional<Statement>, sql_count> statements_;
    std::map<std::string, Statement> by_conditions_; // by their SQL text
};

} // namespace cvm::state::rows
