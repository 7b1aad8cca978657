#pragma once

#include "state/model/catalog_items.hpp"

#include <string_view>

// The tables of what accounts add to the catalogue; for sqlite_store.cpp only.

namespace cvm::state::rows {

class Connection;

Additions read_additions(Connection& db, std::string_view uin);

void erase_additions(Connection& db, std::string_view uin);

// The account must have no additions yet.
void insert_additions(Connection& db, std::string_view uin, const Additions& additions);

// Writes nothing if the hosts have not changed.
void replace_hosts(Connection& db, std::string_view uin, const std::vector<Host>& after);

} // namespace cvm::state::rows
