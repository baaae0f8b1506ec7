// SPDX-License-Identifier: MIT
// While the gate is closed no statement changes a public table, and the refusal says what to do.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/unit/schema/mirror_file.h"

namespace mdock::schema_test {
namespace {

const std::string mirrored =
    "mdock: this table mirrors MinuteDock and takes no local changes; make the change in MinuteDock and run: mdock "
    "sync";
const std::string own = "mdock: this table is kept by mdock and takes no changes from outside; nothing was changed";

std::string closed(const std::string& command) {
    return "mdock: this connection takes no local changes; use " + command +
           " or mdock sql --write, or set writes.direct_sql = true in the configuration and restart mdock; nothing was changed";
}

const std::map<std::string, std::string> commands{
    {"contacts", "mdock contact edit"}, {"projects", "mdock project edit"},   {"tasks", "mdock task edit"},
    {"entries", "mdock entry edit"},    {"entry_tasks", "mdock entry edit"}, {"expenses", "mdock expense edit"},
    {"dock", "mdock timer"},            {"dock_tasks", "mdock timer"}};
const std::set<std::string> never{"accounts", "users", "items", "invoices", "invoice_line_items"};

bool is_update(const std::string& sql) { return sql.starts_with("UPDATE"); }

std::string sentence_for(const std::string& table, const std::string& sql) {
    if (never.contains(table)) return mirrored;
    if (table == "expenses" && !is_update(sql))
        return "mdock: MinuteDock lets expenses be changed, not added or taken away; do that in MinuteDock and run: mdock sync";
    if (table == "dock" && !is_update(sql))
        return "mdock: the dock is one row that is always there; UPDATE it, or use mdock timer start, pause, resume, log or discard";
    const auto found = commands.find(table);
    return found == commands.end() ? own : closed(found->second);
}

// Every way to change an existing row or to add one, for a table with at least one row.
std::vector<std::string> writes(mirror_file& file, const std::string& table) {
    std::string columns;
    for (const auto& c : file.rows("SELECT name FROM pragma_table_info('" + table + "')"))
        columns += (columns.empty() ? "" : ", ") + c.front();
    const std::string first = columns.substr(0, columns.find(','));
    const std::string rows = " (" + columns + ") SELECT " + columns + " FROM " + table + " WHERE true";
    return {
        "INSERT INTO " + table + rows,
        "INSERT INTO " + table + " DEFAULT VALUES",
        "INSERT OR IGNORE INTO " + table + rows,
        "REPLACE INTO " + table + rows,
        "INSERT INTO " + table + rows + " ON CONFLICT DO NOTHING",
        "UPDATE " + table + " SET " + first + " = " + first,
        "UPDATE OR REPLACE " + table + " SET " + first + " = " + first,
        "DELETE FROM " + table,
        "DELETE FROM " + table + " WHERE true",
    };
}

TEST(ClosedGate, RefusesEveryWriteWithTheSentenceAndChangesNothing) {
    mirror_file file;
    file.apply(sample_rows);
    const auto before = file.everything();
    for (const auto& table : file.public_tables()) {
        for (const auto& sql : writes(file, table)) EXPECT_EQ(file.refusal(sql), sentence_for(table, sql)) << sql;
    }
    EXPECT_EQ(file.everything(), before);
}

TEST(ClosedGate, EndsNoTransactionOfTheCaller) {
    mirror_file file;
    file.db().exec("BEGIN; CREATE TEMP TABLE kept (x); INSERT INTO kept VALUES (1)");
    EXPECT_EQ(file.refusal("INSERT INTO entries DEFAULT VALUES"), closed("mdock entry edit"));
    EXPECT_EQ(file.cell("SELECT count(*) FROM kept"), "1");
    file.db().exec("COMMIT");
}

TEST(ClosedGate, IsWhatAMissingRowMeans) {
    mirror_file file;
    file.db().exec("DELETE FROM _gate");
    EXPECT_EQ(file.refusal("INSERT INTO entries DEFAULT VALUES"), closed("mdock entry edit"));
}

TEST(ClosedGate, LeavesTheDaemonFree) {
    mirror_file file;
    file.apply("INSERT INTO contacts (contact_id, name) VALUES (1, 'a'); UPDATE contacts SET name = 'b'");
    EXPECT_EQ(file.cell("SELECT name FROM contacts"), "b");
    file.apply("DELETE FROM contacts");
    EXPECT_EQ(file.cell("SELECT count(*) FROM contacts"), "0");
}

TEST(ClosedGate, KeepsTimerCommandsOut) {
    mirror_file file;
    EXPECT_EQ(file.refusal("INSERT INTO _dock_command (operation) VALUES ('log')"), closed("mdock timer"));
}

TEST(OpenGate, StillRefusesWhatMinuteDockCannotBeToldAndWhatIsOurs) {
    mirror_file file;
    file.apply(sample_rows);
    file.db().exec("UPDATE _gate SET is_open = 1");
    const auto before = file.everything();
    for (const auto& table : file.public_tables()) {
        const bool takes_all = commands.contains(table) && table != "expenses" && table != "dock";
        for (const auto& sql : writes(file, table)) {
            if (takes_all || (commands.contains(table) && is_update(sql))) continue;
            EXPECT_EQ(file.refusal(sql), sentence_for(table, sql)) << sql;
        }
    }
    EXPECT_EQ(file.everything(), before);
}

TEST(Views, TakeNoWrites) {
    mirror_file file;
    for (const auto& view : file.views()) EXPECT_NE(file.refusal("DELETE FROM " + view), "") << view;
}

}  // namespace
}  // namespace mdock::schema_test
