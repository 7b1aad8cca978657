#include "state/store/sqlite_creation.hpp"

#include "state/store/schema.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include <string>

using namespace cvm::state;

TEST_CASE("a database in memory is the one that the statements of the schema make")
{
    SQLite::Database by_statements{":memory:", SQLite::OPEN_READWRITE};
    by_statements.exec(schema_sql());
    by_statements.exec(schema_marks_sql());
    SQLite::Database created{":memory:", SQLite::OPEN_READWRITE};
    rows::create_in_memory(created);
    for (const char* question :
         {"SELECT group_concat(type || ' ' || name || ': ' || coalesce(sql, ''), char(10)) "
          "FROM (SELECT * FROM sqlite_schema ORDER BY name)",
          "PRAGMA application_id", "PRAGMA user_version", "PRAGMA page_size", "PRAGMA integrity_check"}) {
        CAPTURE(question);
        CHECK(created.execAndGet(question).getString() == by_statements.execAndGet(question).getString());
    }
}

TEST_CASE("databases in memory can be written and know nothing of each other")
{
    SQLite::Database one{":memory:", SQLite::OPEN_READWRITE};
    rows::create_in_memory(one);
    one.exec("INSERT INTO client_token (uin, token, instance_ids) VALUES ('1', 'a', '')");
    SQLite::Database other{":memory:", SQLite::OPEN_READWRITE};
    rows::create_in_memory(other);
    const char* const count = "SELECT count(*) FROM client_token";
    CHECK(one.execAndGet(count).getInt() == 1);
    CHECK(other.execAndGet(count).getInt() == 0);
}
