#pragma once

#include "state/model/catalog_items.hpp"

#include <string_view>

namespace SQLite {
class Database;
}

// The tables of what accounts add to the catalogue, for sqlite_store.cpp alone. They are read and written seldom, so
// that their statements are made when they are used.

namespace cvm::state::rows {

Additions read_additions(SQLite::Database& db, std::string_view uin);

// The account must have none.
void insert_additions(SQLite::Database& db, std::string_view uin, const Additions& additions);

} // namespace cvm::state::rows
