#pragma once

#include "state/model/account.hpp"
#include "state/store/sqlite_statement.hpp"

// Conversion between table rows and values, in the column order of sqlite_statements.hpp; for the files sqlite_* only.

namespace cvm::state::rows {

Account read_account(BoundStatement& row);
void bind_account(BoundStatement& statement, const Account& account);

Credential read_credential(BoundStatement& row);
void bind_credential(BoundStatement& statement, const Credential& credential);

// Without the disks, which have rows of their own.
Instance read_instance(BoundStatement& row);
// The same, with only the zone and the name of its details.
Instance read_summary(BoundStatement& row);
// The column `region` of an instance or a disk with this id: the region or, for Lighthouse, lighthouse_scope() of it.
std::string scope_of(std::string_view id, const std::string& region);
// One function for each group of columns.
void bind_place(BoundStatement& statement, const Instance& instance);
void bind_times(BoundStatement& statement, const Instance& instance);
void bind_status(BoundStatement& statement, const Instance& instance);
void bind_detail(BoundStatement& statement, const Instance& instance);

// The groups of columns in which two states of an instance differ.
struct Difference {
    bool place;
    bool times;
    bool status;
    bool detail;
};
Difference difference(const Instance& before, const Instance& after);

Disk read_disk(BoundStatement& row);
void bind_disk(BoundStatement& statement, const Disk& disk);

// For statements that also select where a disk is.
PlacedDisk read_placed_disk(BoundStatement& row);

LedgerLine read_ledger_line(BoundStatement& row);
void bind_ledger_line(BoundStatement& statement, const LedgerLine& line);

Deal read_deal(BoundStatement& row);
void bind_deal(BoundStatement& statement, const Deal& deal);

ResourceTags read_resource_tags(BoundStatement& row);
ClientToken read_client_token(BoundStatement& row);

} // namespace cvm::state::rows
