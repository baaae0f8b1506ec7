// SPDX-License-Identifier: MIT
// A local write: one transaction with the triggers on, and a connection that is MinuteDock's again however it ends.
#include "core/store/local_write.h"

#include <gtest/gtest.h>

#include "tests/unit/store/mirror.h"

namespace mdock::store {
namespace {

class LocalWrite : public testing::Test {
protected:
    LocalWrite() {
        m.run("INSERT INTO _identity VALUES (1, 1, 11, NULL, NULL, '2024-01-01 00:00:00'); INSERT INTO users (user_account_id) VALUES (11);"
              "INSERT INTO contacts (contact_id, name) VALUES (21, 'A');"
              "INSERT INTO entries (entry_id, user_account_id, description, duration_seconds, entry_date) VALUES (102, 11, 'first', 60, '2024-01-20')");
    }

    write_outcome done(const std::string& sql, std::vector<write_value> values = {}) {
        return write_locally(m.db(), {{sql, std::move(values)}}, true).value();
    }
    std::string refused(const std::string& sql) {
        const auto outcome = write_locally(m.db(), {{sql, {}}}, true);
        if (outcome) return "accepted";
        EXPECT_EQ(outcome.error().code(), errc::write_refused);
        return outcome.error().context();
    }
    // The connection applies what MinuteDock says: no trigger, no CHECK, the gate closed.
    void is_minutedocks_again() {
        EXPECT_EQ(m.cell("SELECT is_open || '' || is_capturing FROM _gate"), "00");
        const auto waiting = m.cell("SELECT count(*) FROM outbox");
        m.run("UPDATE entries SET invoice_id = 'no id' WHERE entry_id = 102");
        m.run("UPDATE entries SET invoice_id = NULL WHERE entry_id = 102");
        EXPECT_EQ(m.cell("SELECT count(*) FROM outbox"), waiting);
        EXPECT_EQ(m.cell("PRAGMA trusted_schema"), "0");
    }

    mirror m;
};

TEST_F(LocalWrite, GoesThroughTheTriggersAndSaysWhatIsQueued) {
    const auto outcome = done("UPDATE entries SET description = ?1, duration_seconds = ?2 WHERE entry_id = 102", {std::string("it's"), std::int64_t{90}});
    EXPECT_EQ(outcome.rows_changed, 1);
    ASSERT_EQ(outcome.queued.size(), 1U);
    EXPECT_EQ(outcome.queued[0].resource, "entries");
    EXPECT_EQ(outcome.queued[0].row_id, 102);
    EXPECT_EQ(outcome.queued[0].operation, "update");
    EXPECT_EQ(outcome.queued[0].new_values, R"({"description":"it's","duration_seconds":90})");
    EXPECT_EQ(outcome.queued[0].old_values, R"({"description":"first","duration_seconds":60})");
    EXPECT_EQ(m.cell("SELECT description FROM entries"), "it's");
    is_minutedocks_again();
}

TEST_F(LocalWrite, NamesOnlyWhatIsNewAndTheIdsOfNewRows) {
    done("UPDATE entries SET description = 'waits' WHERE entry_id = 102");
    const auto outcome = write_locally(m.db(), {{"INSERT INTO entries (contact_id, description) VALUES (?1, ?2)", {std::int64_t{21}, nullptr}},
                                                {"INSERT INTO contacts (name) VALUES ('B')", {}}}, true).value();
    EXPECT_EQ(outcome.row_ids, (std::vector<std::int64_t>{9000000000000001, 9000000000000001}));
    ASSERT_EQ(outcome.queued.size(), 2U);
    EXPECT_EQ(outcome.queued[0].operation + outcome.queued[1].resource, "createcontacts");
    EXPECT_EQ(outcome.queued[0].old_values, "");
}

TEST_F(LocalWrite, IsTakenBackWhenItIsOnlyAQuestion) {
    const auto outcome = write_locally(m.db(), {{"DELETE FROM entries", {}}}, false).value();
    EXPECT_EQ(outcome.queued.size(), 1U);
    EXPECT_EQ(m.cell("SELECT count(*) FROM entries"), "1");
    EXPECT_EQ(m.cell("SELECT count(*) FROM outbox"), "0");
    is_minutedocks_again();
}

TEST_F(LocalWrite, IsAllOrNothing) {
    const auto outcome = write_locally(m.db(), {{"UPDATE entries SET description = 'x'", {}}, {"UPDATE entries SET contact_id = 5", {}}}, true);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().context(), "mdock: entries.contact_id names a row that is not there; nothing was changed");
    EXPECT_EQ(m.cell("SELECT description FROM entries"), "first");
    EXPECT_EQ(m.cell("SELECT count(*) FROM outbox"), "0");
    is_minutedocks_again();
}

TEST_F(LocalWrite, RefusesWithTheSentenceOfTheRule) {
    EXPECT_EQ(refused("UPDATE entries SET updated_at = '2024-01-01 00:00:00'"), "mdock: entries.updated_at is computed by MinuteDock and cannot be set; nothing was changed");
    EXPECT_NE(refused("UPDATE entries SET entry_date = 'soon'").find("CHECK constraint failed"), std::string::npos);
    EXPECT_NE(refused("UPDATE entries SET no_such = 1").find("no such column"), std::string::npos);
    EXPECT_NE(refused("UPDATE entries SET").find("incomplete input"), std::string::npos);
    is_minutedocks_again();
}

TEST_F(LocalWrite, TakesNothingButWritesOfPublicTables) {
    const std::string only = "only INSERT, UPDATE and DELETE of contacts, projects, tasks, entries, entry_tasks, expenses, dock and dock_tasks are local writes";
    for (const std::string sql : {"UPDATE _gate SET is_open = 1", "DELETE FROM outbox", "DROP TABLE entries", "PRAGMA user_version = 9", "COMMIT", "ROLLBACK",
                                  "SAVEPOINT s", "ATTACH ':memory:' AS other", "CREATE TABLE t (x)", "UPDATE sqlite_sequence SET seq = 1", "INSERT INTO users DEFAULT VALUES",
                                  "CREATE TEMP TRIGGER t AFTER UPDATE ON entries BEGIN SELECT 1; END", "DETACH main", "REINDEX"})
        EXPECT_TRUE(refused(sql).starts_with(only)) << sql << ": " << refused(sql);
    EXPECT_NE(refused("SELECT * FROM entries").find("changes nothing"), std::string::npos);
    EXPECT_NE(refused(" ; ").find("there is no statement"), std::string::npos);
    EXPECT_NE(refused("DELETE FROM entries; DELETE FROM contacts").find("one statement at a time"), std::string::npos);
    EXPECT_EQ(m.cell("SELECT count(*) FROM outbox"), "0");
    is_minutedocks_again();
}

TEST_F(LocalWrite, ReadsWhatItLikesToSayWhichRows) {
    const auto outcome = done("WITH mine AS (SELECT entry_id FROM fact_time_entry) UPDATE entries SET description = upper(description) WHERE entry_id IN mine");
    EXPECT_EQ(outcome.queued.size(), 1U);
}

TEST_F(LocalWrite, IsATimerCommandToo) {
    m.run("INSERT INTO dock (user_account_id, description, duration_seconds, is_running) VALUES (11, 'work', 5, 0)");
    const auto outcome = done("INSERT INTO _dock_command (operation) VALUES ('discard')");
    ASSERT_EQ(outcome.queued.size(), 1U);
    EXPECT_EQ(outcome.queued[0].operation, "discard");
}

TEST_F(LocalWrite, LeavesNoRowWithoutItsParentEvenIfATriggerIsMissing) {
    m.run("DROP TRIGGER _refuse_entries_values");
    EXPECT_EQ(refused("UPDATE entries SET contact_id = 5"), "entries.contact_id: there is no row 5 in contacts; nothing was changed");
    EXPECT_EQ(m.cell("SELECT contact_id FROM entries"), "NULL");
    is_minutedocks_again();
}

TEST_F(LocalWrite, ForgetsWhatItKnewOfParents) {
    EXPECT_FALSE(m.db().known(resource::contacts).contains(9000000000000001));
    done("INSERT INTO contacts (name) VALUES ('B')");
    EXPECT_TRUE(m.db().known(resource::contacts).contains(9000000000000001));
}

TEST_F(LocalWrite, KeepsAGateThatDirectSqlHasOpened) {
    open_gate_for_direct_sql(m.db(), true);
    done("UPDATE entries SET description = 'x'");
    EXPECT_EQ(m.cell("SELECT is_open FROM _gate"), "1");
    open_gate_for_direct_sql(m.db(), false);
    EXPECT_EQ(m.cell("SELECT is_open FROM _gate"), "0");
    const auto before = m.total_changes();
    open_gate_for_direct_sql(m.db(), false);
    EXPECT_EQ(m.total_changes(), before);
}

TEST_F(LocalWrite, WhatWasNotAgreedToIsNotDone) {
    const std::vector<write_statement> all{{"UPDATE entries SET duration_seconds = 60 WHERE description LIKE 'race%'", {}}};
    ASSERT_TRUE(write_locally(m.db(), {{"INSERT INTO entries (description) VALUES ('race 1')", {}}}, true));
    const auto planned = write_locally(m.db(), all, false);
    ASSERT_TRUE(planned);
    ASSERT_TRUE(write_locally(m.db(), {{"INSERT INTO entries (description) VALUES ('race 2')", {}}}, true));
    const auto done = write_as_agreed(m.db(), all, shown_as(*planned));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code(), errc::write_refused);
    EXPECT_TRUE(write_as_agreed(m.db(), all, shown_as(write_locally(m.db(), all, false).value())));
}

}  // namespace
}  // namespace mdock::store
