// SPDX-License-Identifier: MIT
// INSERT becomes a create with all that MinuteDock needs; REPLACE of a row that is there becomes an update.
#include "tests/unit/schema/capture_file.h"

namespace mdock::schema_test {
namespace {

const std::string first_id = "9000000000000001";

TEST_F(Capture, AnInsertIsACreateWithWhatWasGiven) {
    run("INSERT INTO entries (description, duration_seconds, entry_date, contact_id) VALUES ('new', 900, '2024-02-01', 21)");
    const std::string values = R"({"user_account_id":11,"contact_id":21,"description":"new","duration_seconds":900,"entry_date":"2024-02-01"})";
    EXPECT_EQ(outbox(), (lines{"create entries " + first_id + " " + values + " -"}));
    EXPECT_EQ(changes(), (lines{"insert entries " + first_id + " - " + values}));
    EXPECT_EQ(state_of("entries", first_id), "queued");
}

TEST_F(Capture, K08_AnEntryWithoutADateIsOfToday) {
    run("INSERT INTO entries DEFAULT VALUES");
    EXPECT_EQ(file.rows("SELECT user_account_id, entry_date = date('now', 'localtime'), duration_seconds FROM entries WHERE entry_id > 1000"),
              (std::vector<row>{{"11", "1", "0"}}));
    EXPECT_EQ(file.cell("SELECT json_extract(new_values, '$.entry_date') = date('now', 'localtime') FROM outbox"), "1");
}

TEST_F(Capture, K08_NoEntryLosesItsDate) {
    EXPECT_EQ(refused("UPDATE entries SET entry_date = NULL WHERE entry_id = 102"), "entries.entry_date must have a value");
    EXPECT_EQ(refused("UPDATE entries SET duration_seconds = NULL WHERE entry_id = 102"), "entries.duration_seconds must have a value");
}

TEST_F(Capture, NamesGetTheirDefaultsHereAndSendOnlyWhatWasGiven) {
    run("INSERT INTO contacts (name) VALUES ('C')");
    run("INSERT INTO projects (name, contact_id, is_active) VALUES ('P', " + first_id + ", 0)");
    run("INSERT INTO tasks (name) VALUES ('T')");
    EXPECT_EQ(outbox(), (lines{"create contacts " + first_id + R"( {"name":"C"} -)",
                               "create projects " + first_id + R"( {"contact_id":9000000000000001,"name":"P","is_active":0} -)",
                               "create tasks " + first_id + R"( {"name":"T"} -)"}));
    EXPECT_EQ(file.rows("SELECT is_active, is_pinned, is_billable FROM contacts WHERE contact_id > 1000"), (std::vector<row>{{"1", "0", "NULL"}}));
    EXPECT_EQ(file.rows("SELECT is_active, is_pinned FROM projects WHERE project_id > 1000"), (std::vector<row>{{"0", "0"}}));
}

TEST_F(Capture, NamesMustBeGiven) {
    EXPECT_EQ(refused("INSERT INTO contacts (short_code) VALUES ('x')"), "contacts.name must not be empty");
    EXPECT_EQ(refused("INSERT INTO tasks (name) VALUES ('  ')"), "tasks.name must not be empty");
    EXPECT_EQ(refused("UPDATE contacts SET name = '' WHERE contact_id = 21"), "contacts.name must not be empty");
    EXPECT_EQ(refused("INSERT INTO projects (name) VALUES ('x')"), "projects.contact_id must be given");
    EXPECT_TRUE(outbox().empty());
}

TEST_F(Capture, O09_AnEditOfARowThatWasNotSentIsStillOneCreate) {
    run("INSERT INTO entries (description, contact_id, entry_date) VALUES ('a', 21, '2024-02-01')");
    run("UPDATE entries SET description = 'b', contact_id = NULL, project_id = 31 WHERE entry_id > 1000");
    EXPECT_EQ(outbox(), (lines{"create entries " + first_id +
                               R"( {"user_account_id":11,"description":"b","duration_seconds":0,"entry_date":"2024-02-01","project_id":31} -)"}));
}

TEST_F(Capture, I01_ParentsThatAreNotThereAreRefusedByName) {
    EXPECT_EQ(refused("INSERT INTO entries (contact_id) VALUES (5)"), "entries.contact_id names a row that is not there");
    EXPECT_EQ(refused("UPDATE entries SET project_id = 5 WHERE entry_id = 102"), "entries.project_id names a row that is not there");
    EXPECT_EQ(refused("INSERT INTO entries (user_account_id) VALUES (5)"), "entries.user_account_id names a row that is not there");
    EXPECT_EQ(refused("INSERT INTO projects (name, contact_id) VALUES ('x', 5)"), "projects.contact_id names a row that is not there");
    EXPECT_EQ(refused("UPDATE expenses SET item_id = 5"), "expenses.item_id names a row that is not there");
    EXPECT_TRUE(outbox().empty());
    run("UPDATE entries SET contact_id = 22 WHERE entry_id = 102");
    EXPECT_EQ(outbox().size(), 1U) << "a placeholder is a row";
}

TEST_F(Capture, I01_ParentsMadeHereAreParents) {
    run("INSERT INTO contacts (name) VALUES ('C')");
    run("INSERT INTO projects (name, contact_id) SELECT 'P', max(contact_id) FROM contacts");
    run("INSERT INTO entries (contact_id, project_id) SELECT contact_id, project_id FROM projects WHERE name = 'P'");
    EXPECT_EQ(outbox().size(), 3U);
    EXPECT_TRUE(file.rows("PRAGMA foreign_key_check").empty());
}

TEST_F(Capture, IdsAreGivenByMinuteDock) {
    EXPECT_EQ(refused("INSERT INTO entries (entry_id) VALUES (5)"), "entries.entry_id: ids are given by MinuteDock; leave entry_id out");
    EXPECT_EQ(refused("INSERT INTO tasks (task_id, name) VALUES (9000000000000000, 'x')"), "tasks.task_id: ids are given by MinuteDock; leave task_id out");
    EXPECT_EQ(refused("INSERT INTO tasks (task_id, name) VALUES (9223372036854775807, 'x')"), "tasks.task_id: ids are given by MinuteDock; leave task_id out");
    run("INSERT INTO entries (entry_id, description) VALUES (9000000000000777, 'x')");
    EXPECT_EQ(outbox().size(), 1U);
    file.apply("INSERT INTO local_ids VALUES (9000000000000900, 'entries', 102)");
    EXPECT_NE(refused("INSERT INTO entries (entry_id) VALUES (9000000000000900)"), "") << "it was another row's";
    for (const std::string column : {"entry_id", "rowid"})
        EXPECT_EQ(refused("UPDATE entries SET " + column + " = 9000000000000801 WHERE entry_id = 102"),
                  "entries.entry_id: ids are given by MinuteDock and never change");
    EXPECT_NE(refused("UPDATE OR REPLACE entries SET entry_id = 103 WHERE entry_id = 102"), "");
    EXPECT_EQ(outbox().size(), 1U);
}

TEST_F(Capture, ASecondInsertOfARowIsTheTablesError) {
    EXPECT_EQ(refused("INSERT INTO entries (entry_id, description) VALUES (102, 'x')"), "UNIQUE constraint failed: entries.entry_id");
    EXPECT_TRUE(outbox().empty());
}

TEST_F(Capture, WithoutAUserNothingIsLogged) {
    file.apply("DELETE FROM _identity");
    EXPECT_EQ(refused("INSERT INTO entries DEFAULT VALUES"), "this mirror does not know its user; run: mdock sync");
}

class Replace : public Capture, public testing::WithParamInterface<const char*> {
protected:
    Replace() { run(std::string("PRAGMA recursive_triggers = ") + GetParam()); }
};

INSTANTIATE_TEST_SUITE_P(RecursiveTriggers, Replace, testing::Values("ON", "OFF"));

TEST_P(Replace, OfARowThatIsThereIsAnUpdate) {
    run("REPLACE INTO entries (entry_id, description, duration_seconds) VALUES (102, 'again', 3600)");
    EXPECT_EQ(outbox(), (lines{R"(update entries 102 {"contact_id":null,"project_id":null,"description":"again"} )"
                               R"({"contact_id":21,"project_id":31,"description":"first"})"}));
    EXPECT_EQ(file.rows("SELECT user_account_id, entry_date, billing_rate_cents, updated_at, sync_state, description FROM entries WHERE entry_id = 102"),
              (std::vector<row>{{"11", "2024-01-20", "15000", "2024-01-20 15:45:00", "queued", "again"}}));
    EXPECT_EQ(file.cell("SELECT count(*) FROM entry_tasks WHERE entry_id = 102"), "1");
    EXPECT_EQ(file.cell("SELECT count(*) FROM gone_rows"), "0");
    EXPECT_EQ(changes().size(), 1U);
    EXPECT_EQ(file.cell("SELECT count(*) FROM _replaced"), "0");
    EXPECT_TRUE(file.rows("PRAGMA foreign_key_check").empty());
}

TEST_P(Replace, OfANameKeepsWhatMinuteDockComputes) {
    run("UPDATE contacts SET budget_target = 0.1 + 0.2 WHERE contact_id = 21");
    run("INSERT OR REPLACE INTO contacts (contact_id, name, budget_target) VALUES (21, 'New name', 0.5)");
    EXPECT_EQ(outbox(), (lines{R"(update contacts 21 {"name":"New name","short_code":null} {"name":"Contact A","short_code":"a"})"}));
    EXPECT_EQ(file.rows("SELECT budget_progress, presence, is_active FROM contacts WHERE contact_id = 21"), (std::vector<row>{{"2.25", "present", "1"}}));
}

TEST_P(Replace, WithTheSameValuesIsNothing) {
    run("REPLACE INTO entries SELECT * FROM (SELECT entry_id, user_account_id, contact_id, project_id, description, duration_seconds, entry_date, "
        "invoice_id, billing_rate_cents, updated_at, sync_state, extra FROM entries)");
    EXPECT_TRUE(outbox().empty());
    EXPECT_TRUE(changes().empty());
    EXPECT_EQ(file.cell("SELECT count(*) FROM entry_tasks"), "3");
}

TEST_P(Replace, OfARowThatWasNotSentIsStillItsCreate) {
    run("INSERT INTO tasks (name, default_rate_cents) VALUES ('T', 5)");
    run("REPLACE INTO tasks (task_id, name) VALUES (9000000000000001, 'U')");
    EXPECT_EQ(outbox(), (lines{R"(create tasks 9000000000000001 {"name":"U"} -)"}));
}

TEST_P(Replace, RefusesAnotherComputedValue) {
    EXPECT_EQ(refused("REPLACE INTO entries (entry_id, invoice_id) VALUES (102, 5)"), "entries.invoice_id is computed by MinuteDock and cannot be set");
    EXPECT_TRUE(outbox().empty());
}

TEST_P(Replace, IgnoredBeforeADeleteDoesNotHideTheDelete) {
    run("INSERT OR IGNORE INTO entries (entry_id, description) VALUES (102, 'x')");
    run("DELETE FROM entries WHERE entry_id = 102");
    EXPECT_EQ(outbox().size(), 1U);
    run("INSERT OR IGNORE INTO contacts (contact_id, name) VALUES (21, 'x')");
    run("DELETE FROM contacts WHERE contact_id = 21");
    EXPECT_EQ(outbox().size(), 2U);
}

}  // namespace
}  // namespace mdock::schema_test
