// SPDX-License-Identifier: MIT
// While the gate is closed no statement changes a public table, and the refusal says what to do.
#include <gtest/gtest.h>

#include "tests/unit/schema/mirror_file.h"

namespace mdock::schema_test {
namespace {

const std::string mirrored =
    "mdock: this table mirrors MinuteDock and takes no local changes; make the change in MinuteDock and run: mdock "
    "sync";
const std::string own = "mdock: this table is kept by mdock and takes no changes from outside; nothing was changed";

bool mirrors_minutedock(mirror_file& file, const std::string& table) {
    return file.cell("SELECT count(*) FROM mirror_status WHERE resource = '" + table + "'") == "1" ||
           table == "entry_tasks" || table == "dock_tasks";
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
        const std::string& sentence = mirrors_minutedock(file, table) ? mirrored : own;
        for (const auto& sql : writes(file, table)) EXPECT_EQ(file.refusal(sql), sentence) << sql;
    }
    EXPECT_EQ(file.everything(), before);
}

TEST(ClosedGate, EndsNoTransactionOfTheCaller) {
    mirror_file file;
    file.db().exec("BEGIN; CREATE TEMP TABLE kept (x); INSERT INTO kept VALUES (1)");
    EXPECT_EQ(file.refusal("INSERT INTO entries DEFAULT VALUES"), mirrored);
    EXPECT_EQ(file.cell("SELECT count(*) FROM kept"), "1");
    file.db().exec("COMMIT");
}

TEST(ClosedGate, IsWhatAMissingRowMeans) {
    mirror_file file;
    file.db().exec("DELETE FROM _gate");
    EXPECT_EQ(file.refusal("INSERT INTO entries DEFAULT VALUES"), mirrored);
}

TEST(ClosedGate, LeavesTheDaemonFree) {
    mirror_file file;
    file.apply("INSERT INTO contacts (contact_id, name) VALUES (1, 'a'); UPDATE contacts SET name = 'b'");
    EXPECT_EQ(file.cell("SELECT name FROM contacts"), "b");
    file.apply("DELETE FROM contacts");
    EXPECT_EQ(file.cell("SELECT count(*) FROM contacts"), "0");
}

TEST(Views, TakeNoWrites) {
    mirror_file file;
    for (const auto& view : file.views()) EXPECT_NE(file.refusal("DELETE FROM " + view), "") << view;
}

}  // namespace
}  // namespace mdock::schema_test
