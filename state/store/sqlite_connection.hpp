#pragma once

#include "state/store/database_file.hpp"
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

// An open database of this program and its statements, each prepared when it is first used: a start needs few of them.
class Connection {
public:
    // Makes the tables in an empty file. `check`: looks at every page of another one. Throws BadDatabase.
    Connection(const std::string& path, bool check);
    Connection(const Connection&) = delete; // its statements know it
    Connection& operator=(const Connection&) = delete;

    // What the database holds now, to read: a connection of its own to the file, or a copy of what is in memory. To be
    // called outside of a transaction.
    Connection snapshot();

    Statement& operator[](Sql sql);
    Statement& operator[](std::span<const InstanceCondition> conditions);

    // False also when SQLite has rolled back a transaction by itself, as it may when a disk is full.
    bool in_transaction() const noexcept { return sqlite3_get_autocommit(db_.getHandle()) == 0; }

    const std::string& path() const noexcept { return path_; }

    // Throws BrokenStore for a failed statement, and remembers it if the statement is not to blame.
    [[noreturn]] void fail(int code);

    // What is remembered.
    std::optional<std::string> broken() const { return failure_ ? std::optional{failure_->text} : std::nullopt; }

    // Forgets the failure if a write succeeds that changes nothing. No transaction may be open.
    void try_to_write();

private:
    // Of a snapshot.
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

    SQLite::Database db_;
    std::string path_;                    // absolute
    std::vector<OpenFile> files_{};       // none in memory
    const OpenFile* displaced_ = nullptr; // the one that was deleted or replaced: then nothing more is committed
    std::optional<Failure> failure_{};
    std::array<std::optional<Statement>, sql_count> statements_;
    std::map<std::string, Statement> by_conditions_; // by their text
};

} // namespace cvm::state::rows
