#include "state/store/schema.hpp"
#include "state/store/sqlite_statements.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace cvm::state;
using rows::Sql;

namespace {

// A step of a query plan that reads all rows of an account or more, or sorts, and why the statement may do that.
struct Exception {
    std::string text; // of the statement
    std::string step;
    std::string_view why;
};

std::string by_conditions(InstanceMember member, std::size_t values)
{
    std::vector<InstanceCondition> conditions{{.member = member}};
    conditions.front().values.resize(values);
    return rows::text_of(conditions);
}

std::vector<std::string> all_conditions()
{
    std::vector<std::string> all;
    std::vector<InstanceCondition> everything;
    for (std::size_t i = 0; i < instance_members; ++i) {
        const auto member = static_cast<InstanceMember>(i);
        all.push_back(by_conditions(member, 1));
        if (member != InstanceMember::created_from && member != InstanceMember::created_until)
            all.push_back(by_conditions(member, 2));
        everything.push_back({member, {""}});
    }
    all.push_back(rows::text_of(everything));
    std::erase_if(everything, [](const auto& condition) { return condition.member == InstanceMember::id; });
    all.push_back(rows::text_of(everything));
    return all;
}

std::vector<Exception> make_exceptions()
{
    std::vector<Exception> all;
    const auto list = [&](Sql sql, const char* step) { all.push_back({text_of(sql), step, "asks for the list"}); };
    list(Sql::uins, "SCAN account");
    all.push_back({text_of(Sql::sizes), "SCAN account USING COVERING INDEX sqlite_autoindex_account_1", "counts them"});
    all.push_back({text_of(Sql::sizes), "SCAN instance_count", "has a line for each account and region"});
    for (const char* pragma : {"pragma_page_count", "pragma_page_size"})
        all.push_back({text_of(Sql::sizes), "SCAN " + std::string{pragma} + " VIRTUAL TABLE INDEX 0:", "has one line"});
    list(Sql::credentials, "SEARCH credential USING INDEX credential_by_account (uin=?)");
    list(Sql::all_instances, "SEARCH instance USING INDEX instance_by_age (uin=?)");
    list(Sql::instance_seqs, "SEARCH instance USING COVERING INDEX instance_by_age (uin=?)");
    list(Sql::hourly_instances, "SEARCH instance USING INDEX instance_by_the_hour (uin=?)");
    list(Sql::instance_total, "SEARCH instance_count USING PRIMARY KEY (uin=?)"); // of regions
    list(Sql::disks, "SEARCH disk USING INDEX disk_by_id (uin=?)");
    list(Sql::loose_disks, "SEARCH disk USING INDEX disk_by_id (uin=?)"); // including those attached to instances
    list(Sql::unpaid_deals, "SEARCH deal USING INDEX deal_unpaid (uin=?)");
    list(Sql::deals, "SEARCH deal USING PRIMARY KEY (uin=?)");
    list(Sql::ledger, "SEARCH ledger USING INDEX ledger_of_account (uin=?)");
    list(Sql::all_resource_tags, "SEARCH resource_tag USING INDEX resource_tag_of_account (uin=?)");
    list(Sql::client_tokens, "SEARCH client_token USING PRIMARY KEY (uin=?)");
    list(Sql::rules, "SEARCH rule USING PRIMARY KEY (uin=?)");
    list(Sql::types, "SEARCH instance_type USING PRIMARY KEY (uin=?)");
    list(Sql::images, "SEARCH image USING PRIMARY KEY (uin=?)");
    list(Sql::zones, "SEARCH zone USING PRIMARY KEY (uin=?)");
    list(Sql::hosts, "SEARCH host USING PRIMARY KEY (uin=?)");
    list(Sql::all_vpcs, "SEARCH vpc USING INDEX vpc_of_region (uin=?)");
    list(Sql::all_subnets, "SEARCH subnet USING INDEX subnet_of_region (uin=?)");
    list(Sql::all_security_groups, "SEARCH security_group USING INDEX security_group_of_region (uin=?)");
    list(Sql::vpcs, "SEARCH vpc USING INDEX vpc_of_region (uin=? AND region=?)");
    list(Sql::subnets, "SEARCH subnet USING INDEX subnet_of_region (uin=? AND region=?)");
    list(Sql::security_groups, "SEARCH security_group USING INDEX security_group_of_region (uin=? AND region=?)");
    list(Sql::roles, "SEARCH role USING PRIMARY KEY (uin=?)");
    list(Sql::fired_timers, "SEARCH fired_timer USING PRIMARY KEY (uin=?)");
    list(Sql::vouchers, "SEARCH voucher USING PRIMARY KEY (uin=?)");
    list(Sql::voucher_uses, "SEARCH voucher_use USING INDEX voucher_use_of_voucher (uin=?)");
    all.push_back(
        {text_of(Sql::latest_ledger), "SEARCH ledger USING INDEX ledger_of_account (uin=?)", "stops at a limit"});
    all.push_back({text_of(Sql::unpaid_deal), "SEARCH deal USING INDEX deal_unpaid (uin=?)", "stops at one"});
    all.push_back({text_of(Sql::has_rules), "SEARCH rule USING PRIMARY KEY (uin=?)", "stops at one"});
    for (const char* index : {"instance_due", "instance_by_the_hour"})
        all.push_back({text_of(Sql::next_due),
                       std::string{"SEARCH instance USING COVERING INDEX "} + index + " (uin=? AND due_at>?)",
                       "stops at one"});
    for (const Sql sql : {Sql::account, Sql::update_account, Sql::erase_account})
        all.push_back({text_of(sql), "SEARCH account USING INDEX sqlite_autoindex_account_1 (uin=?)", "is unique"});
    all.push_back(
        {text_of(Sql::instance_count), "SEARCH instance_count USING PRIMARY KEY (uin=? AND region=?)", "is unique"});
    for (const Sql sql : {Sql::insert_deals, Sql::insert_ledger_lines})
        all.push_back({text_of(sql), "SCAN 32 CONSTANT ROWS", "are the rows to insert"});
    // Skipped rows too, but only in the index.
    all.push_back({text_of(Sql::instance_ids),
                   "SEARCH instance USING COVERING INDEX instance_by_age (uin=? AND region=?)",
                   "stops at the end of the page"});
    all.push_back({text_of(Sql::ledger_after), "SEARCH ledger USING INDEX ledger_of_account (uin=?)",
                   "stops at the end of the page"});
    // Erasing an account deletes everything that it owns.
    for (const char* step : {
             "SEARCH credential USING INDEX credential_by_account (uin=?)",
             "SEARCH instance USING INDEX instance_by_age (uin=?)",
             "SEARCH instance_count USING PRIMARY KEY (uin=?)",
             "SEARCH disk USING INDEX disk_by_id (uin=?)",
             "SEARCH deal USING PRIMARY KEY (uin=?)",
             "SEARCH ledger USING INDEX ledger_of_account (uin=?)",
             "SEARCH resource_tag USING INDEX resource_tag_of_account (uin=?)",
             "SEARCH client_token USING PRIMARY KEY (uin=?)",
             "SEARCH rule USING PRIMARY KEY (uin=?)",
             "SEARCH instance_type USING PRIMARY KEY (uin=?)",
             "SEARCH image USING PRIMARY KEY (uin=?)",
             "SEARCH zone USING PRIMARY KEY (uin=?)",
             "SEARCH host USING PRIMARY KEY (uin=?)",
             "SEARCH vpc USING INDEX vpc_of_region (uin=?)",
             "SEARCH subnet USING INDEX subnet_of_region (uin=?)",
             "SEARCH security_group USING INDEX security_group_of_region (uin=?)",
             "SEARCH role USING PRIMARY KEY (uin=?)",
             "SEARCH fired_timer USING PRIMARY KEY (uin=?)",
             "SEARCH voucher USING PRIMARY KEY (uin=?)",
             "SEARCH voucher_use USING INDEX voucher_use_of_voucher (uin=?)",
         })
        all.push_back({text_of(Sql::erase_account), step, "erases them"});
    // One by one, of an account that is replaced.
    for (const auto& [sql, step] : {
             std::pair{Sql::erase_credentials, "SEARCH credential USING INDEX credential_by_account (uin=?)"},
             std::pair{Sql::erase_loose_disks, "SEARCH disk USING INDEX disk_by_id (uin=?)"}, // with all on instances
             std::pair{Sql::erase_deals, "SEARCH deal USING COVERING INDEX deal_by_id (uin=?)"},
             std::pair{Sql::erase_ledger, "SEARCH ledger USING INDEX ledger_of_account (uin=?)"},
             std::pair{Sql::erase_all_resource_tags, "SEARCH resource_tag USING INDEX resource_tag_of_account (uin=?)"},
             std::pair{Sql::erase_client_tokens, "SEARCH client_token USING PRIMARY KEY (uin=?)"},
             std::pair{Sql::erase_rules, "SEARCH rule USING PRIMARY KEY (uin=?)"},
             std::pair{Sql::erase_vouchers, "SEARCH voucher USING COVERING INDEX sqlite_autoindex_voucher_2 (uin=?)"},
             std::pair{Sql::erase_voucher_uses, "SEARCH voucher_use USING INDEX voucher_use_of_voucher (uin=?)"},
             std::pair{Sql::erase_types,
                       "SEARCH instance_type USING COVERING INDEX sqlite_autoindex_instance_type_2 (uin=?)"},
             std::pair{Sql::erase_images, "SEARCH image USING COVERING INDEX sqlite_autoindex_image_2 (uin=?)"},
             std::pair{Sql::erase_zones, "SEARCH zone USING COVERING INDEX sqlite_autoindex_zone_2 (uin=?)"},
             std::pair{Sql::erase_hosts, "SEARCH host USING COVERING INDEX sqlite_autoindex_host_2 (uin=?)"},
             std::pair{Sql::erase_vpcs, "SEARCH vpc USING INDEX vpc_of_region (uin=?)"},
             std::pair{Sql::erase_subnets, "SEARCH subnet USING INDEX subnet_of_region (uin=?)"},
             std::pair{Sql::erase_security_groups,
                       "SEARCH security_group USING INDEX security_group_of_region (uin=?)"},
             std::pair{Sql::erase_roles, "SEARCH role USING COVERING INDEX sqlite_autoindex_role_2 (uin=?)"},
             std::pair{Sql::erase_fired_timers, "SEARCH fired_timer USING PRIMARY KEY (uin=?)"},
         })
        all.push_back({text_of(sql), step, "erases them"});
    for (const std::string& text : all_conditions()) {
        if (text.find("INDEXED BY instance_by_id") != std::string::npos)
            all.push_back({text, "USE TEMP B-TREE FOR ORDER BY", "few instances, found by their ids"});
        else
            for (const char* index : {"INDEX", "COVERING INDEX"})
                all.push_back({text,
                               std::string{"SEARCH instance USING "} + index + " instance_by_age (uin=? AND region=?)",
                               "looks at each instance of the region, to count those that fulfil the conditions"});
    }
    return all;
}

const std::vector<Exception>& exceptions()
{
    static const std::vector<Exception> all = make_exceptions();
    return all;
}

bool reads_much(std::string_view step)
{
    const auto has = [&](std::string_view part) { return step.find(part) != std::string_view::npos; };
    return (has("SCAN ") && step != "SCAN CONSTANT ROW") || has("TEMP B-TREE") || has("AUTOMATIC") ||
           step.ends_with("(uin=?)") || step.ends_with("(uin=? AND region=?)");
}

struct Database {
    Database()
    {
        db.exec(schema_sql());
        // Shows the plans of foreign key actions too.
        sqlite3_db_config(db.getHandle(), SQLITE_DBCONFIG_TRIGGER_EQP, 1, nullptr);
    }

    // The steps of a statement's plan that read or sort more than a statement should.
    std::vector<std::string> faults(const std::string& text)
    {
        std::vector<std::string> found;
        try {
            SQLite::Statement plan{db, "EXPLAIN QUERY PLAN " + text};
            while (plan.executeStep()) {
                const std::string step = plan.getColumn(3).getString();
                const bool known = std::ranges::any_of(exceptions(), [&](const Exception& exception) {
                    return exception.text == text && step == exception.step;
                });
                if (!known && reads_much(step))
                    found.push_back(step + "  in  " + text);
            }
        } catch (const SQLite::Exception& e) {
            found.push_back(std::string{e.what()} + "  in  " + text);
        }
        return found;
    }

    SQLite::Database db{":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
};

std::vector<std::string> all_statements()
{
    std::vector<std::string> all;
    for (std::size_t i = 0; i < rows::sql_count; ++i)
        all.push_back(rows::text_of(static_cast<Sql>(i)));
    std::ranges::copy(all_conditions(), std::back_inserter(all));
    return all;
}

std::vector<std::string> all_faults(Database& database)
{
    std::vector<std::string> found;
    for (const std::string& text : all_statements())
        for (std::string& fault : database.faults(text))
            found.push_back(std::move(fault));
    return found;
}

std::string lines(const std::vector<std::string>& texts)
{
    std::string all;
    for (const std::string& text : texts)
        all += text + "\n";
    return all;
}

} // namespace

TEST_CASE("no statement of the store reads or sorts more than necessary")
{
    Database database;
    CHECK(lines(all_faults(database)) == "");
}

TEST_CASE("every index of the store is needed by a statement")
{
    std::vector<std::string> indexes;
    {
        Database database;
        SQLite::Statement names{database.db, "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"};
        while (names.executeStep())
            indexes.push_back(names.getColumn(0).getString());
    }
    CHECK(indexes.size() > 5);
    for (const std::string& index : indexes) {
        CAPTURE(index);
        Database database;
        database.db.exec("DROP INDEX " + index);
        CHECK_FALSE(all_faults(database).empty());
    }
}
