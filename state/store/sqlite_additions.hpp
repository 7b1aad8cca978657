#pragma once

#include "state/model/catalog_items.hpp"

#include <string_view>

// The tables of what accounts add to the catalogue, for sqlite_store.cpp alone.

namespace cvm::state::rows {

class Connection;

Additions read_additions(Connection& db, std::string_view uin);

void erase_additions(Connection& db, std::string_view uin);

// The account must have none.
void insert_additions(Connection& db, std::string_view uin, const Additions& additions);

// Writes nothing if they are as they were.
void replace_hosts(Connection& db, std::string_view uin, const std::vector<Host>& after);

} // namespace cvm::state::rows
