// SPDX-License-Identifier: MIT
// Each column that a person may not set is refused by its name, whatever the statement; the values are the description's.
#include "core/model/description.h"
#include "tests/unit/schema/capture_file.h"

namespace mdock::schema_test {
namespace {

std::string other_value(const model::column& c) {
    if (c.name == "presence") return "'hidden'";
    if (c.name == "sync_state") return "'queued'";
    if (c.declared == "TIMESTAMP") return "'2020-02-02 02:02:02'";
    if (c.declared == "DATE") return "'2020-02-02'";
    if (c.declared == "BOOLEAN") return "1";
    if (c.declared == "INTEGER" || c.declared == "DOUBLE") return "12";
    return "'x'";
}

TEST_F(Capture, EveryComputedColumnIsRefusedByName) {
    int seen = 0;
    for (const resource which : all_resources) {
        const auto& table = model::describe(which);
        if (!table.takes_local_writes) continue;
        const std::string name{table.name};
        const std::string one = " WHERE " + std::string(table.key) + " = (SELECT min(" + std::string(table.key) + ") FROM " + name + ")";
        for (const auto& c : table.columns) {
            if (c.name.empty() || c.name == table.key || c.written_by == model::writer::person) continue;
            const std::string column{c.name};
            const std::string value = c.name == "user_account_id" ? "12" : other_value(c);
            const std::string prefix = name + "." + column + " ";
            EXPECT_TRUE(refused("UPDATE " + name + " SET " + column + " = " + value + one).starts_with(prefix)) << prefix;
            EXPECT_TRUE(refused("UPDATE OR IGNORE " + name + " SET " + column + " = " + value + one).starts_with(prefix)) << prefix;
            run("UPDATE " + name + " SET " + column + " = " + column + one);
            if (which != resource::expenses && which != resource::dock && c.written_by == model::writer::nobody) {
                const std::string more = which == resource::entries ? "" : which == resource::projects ? ", name, contact_id" : ", name";
                const std::string rest = which == resource::entries ? "" : which == resource::projects ? ", 'n', 21" : ", 'n'";
                EXPECT_TRUE(refused("INSERT OR IGNORE INTO " + name + " (" + column + more + ") VALUES (" + value + rest + ")").starts_with(prefix)) << prefix;
            }
            ++seen;
        }
    }
    EXPECT_GT(seen, 25);
    EXPECT_TRUE(outbox().empty());
}

TEST_F(Capture, ValuesThatNoJsonHoldsAreRefused) {
    EXPECT_EQ(refused("UPDATE contacts SET budget_target = 9e999 WHERE contact_id = 21"), "contacts.budget_target is out of range");
    EXPECT_EQ(refused("UPDATE entries SET description = 'a' || char(0) || 'b' WHERE entry_id = 102"), "entries.description holds a NUL character");
    EXPECT_EQ(refused("INSERT INTO tasks (name) VALUES ('a' || char(0))"), "tasks.name holds a NUL character");
    EXPECT_NE(refused("UPDATE entries SET description = x'00' WHERE entry_id = 102"), "");
    EXPECT_TRUE(outbox().empty());
}

TEST_F(Capture, ChecksAndGeneratedColumnsRefuseAsAlways) {
    EXPECT_NE(refused("UPDATE entries SET entry_date = '2024-13-01' WHERE entry_id = 102"), "");
    EXPECT_NE(refused("UPDATE entries SET hours = 1 WHERE entry_id = 102"), "");
    EXPECT_NE(refused("UPDATE entries SET duration_seconds = 'long' WHERE entry_id = 102"), "");
    EXPECT_TRUE(outbox().empty());
}

TEST_F(Capture, TheMirrorsOwnTablesCannotBeWrittenThroughAnOpenGate) {
    run("UPDATE entries SET description = 'a' WHERE entry_id = 102");
    for (const std::string sql : {"DELETE FROM outbox", "UPDATE outbox SET state = 'parked'", "INSERT INTO outbox (queued_at, resource, row_id, operation) "
                                  "VALUES ('2024-01-01 00:00:00', 'entries', 1, 'delete')", "DELETE FROM changes",
                                  "UPDATE mirror_status SET state = 'current'", "DELETE FROM dict_tables"})
        EXPECT_EQ(refused(sql), "this table is kept by mdock and takes no changes from outside") << sql;
    EXPECT_EQ(outbox().size(), 1U);
}

}  // namespace
}  // namespace mdock::schema_test
