#pragma once

#include "state/model/account.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Prepared statements, for the files sqlite_* only. SQLiteCpp opens the database and names its errors, but its
// Statement and Column would cost more than most statements here themselves (a shared pointer for each column, a copy
// of each bound text).

namespace cvm::state::rows {

class Connection;

class Statement {
public:
    Statement(Connection& connection, sqlite3* db, const std::string& text);

    sqlite3_stmt* get() const noexcept { return statement_.get(); }
    Connection& connection() const noexcept { return *connection_; }

    bool in_use = false; // a statement has one user at a time

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
    };
    Connection* connection_;
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// Lists stored as texts. A list has one line for each string. Pairs have one line each, with a tab between key and
// value. An attribute list (see sqlite_rows.cpp) is a list inside one line, with a tab after each string. In all of
// them a line feed, a tab and a backslash inside a string are written as \n, \t and two backslashes.
void append_escaped(std::string& all, std::string_view text);
std::string unescaped(std::string_view text);
std::vector<std::string> split(std::string_view text, char end);
std::string join(const std::vector<std::string>& items, char end);
std::optional<std::vector<KeyValue>> split_pairs(std::string_view text); // nullopt: a line has no tab
std::string join_pairs(const std::vector<KeyValue>& pairs);

// A prepared statement in use: binds parameters and reads columns in order, and resets the statement when destroyed.
// Bound texts are not copied: they must live until the last step.
class BoundStatement {
public:
    explicit BoundStatement(Statement& statement) : statement_{statement}, handle_{statement.get()}
    {
        if (std::exchange(statement.in_use, true))
            throw std::logic_error{"a statement is used for two things at once"};
    }
    ~BoundStatement()
    {
        sqlite3_reset(handle_);
        statement_.in_use = false;
    }
    BoundStatement(const BoundStatement&) = delete;
    BoundStatement& operator=(const BoundStatement&) = delete;

    template <class... Values>
    BoundStatement& bind(const Values&... values)
    {
        (bind_next(values), ...);
        return *this;
    }

    BoundStatement& bind_copy(std::string_view text)
    {
        bind_text(text, copied);
        return *this;
    }

    // Advances to the next row; false if there is none.
    bool step()
    {
        read_ = 0;
        const int code = sqlite3_step(handle_);
        if (code != SQLITE_ROW && code != SQLITE_DONE)
            fail(code);
        return code == SQLITE_ROW;
    }

    // Returns how many rows the statement changed.
    int run()
    {
        step();
        return sqlite3_changes(sqlite3_db_handle(handle_));
    }

    // The seq of the most recently inserted row.
    std::int64_t inserted() const { return sqlite3_last_insert_rowid(sqlite3_db_handle(handle_)); }

    std::string text() { return std::string{view()}; }
    std::int64_t integer() { return sqlite3_column_int64(handle_, read_++); }
    bool boolean() { return integer() != 0; }
    Cents cents() { return Cents{integer()}; }
    Instant instant() { return Instant{std::chrono::seconds{integer()}}; }

    std::optional<Instant> maybe_instant() { return null() ? std::nullopt : std::optional{instant()}; }
    std::optional<std::string> maybe_text() { return null() ? std::nullopt : std::optional{text()}; }
    std::optional<std::int64_t> maybe_integer() { return null() ? std::nullopt : std::optional{integer()}; }
    double real() { return sqlite3_column_double(handle_, read_++); }

    template <class E>
    E enumerator()
    {
        const std::int64_t number = integer();
        if (number < 0 || number >= std::ssize(Names<E>::all))
            fail("holds the unknown number " + std::to_string(number));
        return static_cast<E>(number);
    }

    template <class E>
    std::optional<E> maybe_enumerator()
    {
        return null() ? std::nullopt : std::optional{enumerator<E>()};
    }

    std::vector<std::string> lines() { return split(view(), '\n'); }
    std::vector<KeyValue> pairs()
    {
        auto read = split_pairs(view());
        if (!read)
            fail("holds a pair without a tab");
        return *std::move(read);
    }
    std::optional<std::vector<std::string>> maybe_lines() { return null() ? std::nullopt : std::optional{lines()}; }

    // The text of the next column; valid until the next step.
    std::string_view view()
    {
        const int column = read_++;
        // Read as a blob, because SQLite would copy a text to terminate it with a zero.
        const void* data = sqlite3_column_blob(handle_, column);
        return {static_cast<const char*>(data), static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
    }

private:
    // Whether the next column is null; if so, it counts as read.
    bool null()
    {
        const bool is_null = sqlite3_column_type(handle_, read_) == SQLITE_NULL;
        read_ += is_null ? 1 : 0;
        return is_null;
    }

    [[noreturn]] void fail(int code) const;
    [[noreturn]] void fail(const std::string& what) const; // for unexpected content of the database

    void check(int code) const
    {
        if (code != SQLITE_OK)
            fail(code);
    }

    void bind_text(std::string_view text, sqlite3_destructor_type lives)
    {
        // An empty view may have a null pointer, which SQLite would bind as NULL.
        check(sqlite3_bind_text64(handle_, ++bound_, text.data() == nullptr ? "" : text.data(), text.size(), lives,
                                  SQLITE_UTF8));
    }
    void bind_next(std::string_view value) { bind_text(value, SQLITE_STATIC); }
    void bind_next(const std::string& value) { bind_text(value, SQLITE_STATIC); }
    void bind_next(std::int64_t value) { check(sqlite3_bind_int64(handle_, ++bound_, value)); }
    void bind_next(double value) { check(sqlite3_bind_double(handle_, ++bound_, value)); }
    void bind_next(bool value) { bind_next(std::int64_t{value}); }
    void bind_next(Cents value) { bind_next(value.value); }
    void bind_next(std::chrono::seconds value) { bind_next(std::int64_t{value.count()}); }
    void bind_next(Instant value) { bind_next(value.time_since_epoch()); }
    void bind_next(std::nullopt_t) { check(sqlite3_bind_null(handle_, ++bound_)); }
    void bind_next(const char*) = delete;
    void bind_next(const std::vector<std::string>& list) { bind_text(join(list, '\n'), copied); }
    void bind_next(const std::vector<KeyValue>& pairs) { bind_text(join_pairs(pairs), copied); }

    template <class E>
        requires requires { Names<E>::all; }
    void bind_next(E value) { bind_next(static_cast<std::int64_t>(value)); }

    template <class T>
    void bind_next(const std::optional<T>& value)
    {
        if (value)
            bind_next(*value);
        else
            bind_next(std::nullopt);
    }

    // SQLITE_TRANSIENT itself is an old-style cast.
    static inline const auto copied =
        reinterpret_cast<sqlite3_destructor_type>(-1); // NOLINT(performance-no-int-to-ptr)

    Statement& statement_;
    sqlite3_stmt* handle_;
    int bound_ = 0;
    int read_ = 0;
};

} // namespace cvm::state::rows
