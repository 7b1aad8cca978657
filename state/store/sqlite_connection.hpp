#pragma once

#include "state/store/sqlite_statement.hpp"
#include "state/store/sqlite_statements.hpp"

#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>

namespace cvm::state::rows {

// An open database of this program and its statements, each prepared when it is first used: a start needs few of them.
class Connection {
public:
    // Makes the tables in an empty file. Throws BadDatabase.
    explicit Connection(const std::string& path);

    // What the database holds now, to read: a connection of its own to the file, or a copy of what is in memory. To be
    // called outside of a transaction.
    Connection snapshot();

    Statement& operator[](Sql sql);
    Statement& operator[](std::span<const InstanceCondition> conditions);

    // False also when SQLite has rolled back a transaction by itself, as it may when a disk is full.
    bool in_transaction() const noexcept { return sqlite3_get_autocommit(db_.getHandle()) == 0; }

private:
    explicit Connection(SQLite::Database db) : db_{std::move(db)} {}

    SQLite::Database db_;
    std::array<std::optional<Statement>, sql_count> statements_;
    std::map<std::string, Statement> by_conditions_; // by their text
};

} // namespace cvm::state::rows
