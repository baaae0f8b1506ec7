// SPDX-License-Identifier: MIT
// DELETE: a fact leaves with what MinuteDock has of it, a name stays and is marked, what was never sent leaves no trace.
#include "tests/unit/schema/capture_file.h"

namespace mdock::schema_test {
namespace {

const std::string whole_102 = R"({"entry_id":102,"user_account_id":11,"contact_id":21,"project_id":31,"description":"first","duration_seconds":3600,)"
                              R"("entry_date":"2024-01-20","billing_rate_cents":15000,"updated_at":"2024-01-20 15:45:00","task_ids":[41]})";

TEST_F(Capture, ADeletedEntryMovesToGoneRowsWithItsContent) {
    run("DELETE FROM entries WHERE entry_id = 102");
    EXPECT_EQ(outbox(), (lines{"delete entries 102 - " + whole_102}));
    EXPECT_EQ(file.rows("SELECT resource, row_id, evidence, row_json FROM gone_rows"), (std::vector<row>{{"entries", "102", "local", whole_102}}));
    EXPECT_EQ(file.cell("SELECT count(*) FROM entry_tasks WHERE entry_id = 102"), "0");
    EXPECT_EQ(changes(), (lines{"gone entries 102 " + whole_102 + " -"}));
    EXPECT_TRUE(file.rows("PRAGMA foreign_key_check").empty());
}

TEST_F(Capture, D12_ADeleteSaysWhatMinuteDockHasAndNotWhatWasEditedHere) {
    run("UPDATE entries SET description = 'edited' WHERE entry_id = 102");
    file.apply("UPDATE outbox SET state = 'sending'");
    run("UPDATE entries SET description = 'edited again', project_id = NULL, contact_id = 23 WHERE entry_id = 102");
    run("INSERT INTO entry_tasks VALUES (102, 43)");
    file.apply(R"(INSERT INTO _shadow VALUES ('entries', 102, '{"contact_id":22}'))");
    run("DELETE FROM entries WHERE entry_id = 102");
    EXPECT_EQ(outbox().size(), 2U) << "the one being sent, and the delete";
    EXPECT_EQ(file.rows("SELECT json_extract(old_values, '$.description'), json_extract(old_values, '$.project_id'), json_extract(old_values, '$.contact_id'), "
                        "json_extract(old_values, '$.task_ids') FROM outbox WHERE operation = 'delete'"),
              (std::vector<row>{{"first", "31", "22", "[41]"}}));
    EXPECT_EQ(file.cell("SELECT count(*) FROM _shadow"), "0");
}

TEST_F(Capture, D12_WhatWasEmptyOnMinuteDockIsNotInTheDelete) {
    run("UPDATE entries SET description = 'x' WHERE entry_id = 104");
    run("INSERT INTO entry_tasks VALUES (104, 43)");
    run("DELETE FROM entries WHERE entry_id = 104");
    EXPECT_EQ(outbox(), (lines{R"(delete entries 104 - {"entry_id":104,"user_account_id":12,"duration_seconds":100,"entry_date":"2024-12-30",)"
                               R"("invoice_id":999,"updated_at":"2024-12-30 23:59:59"})"}));
}

TEST_F(Capture, O09_AnEntryMadeAndDeletedBeforeItIsSentLeavesNothing) {
    for (const std::string state : {"queued", "held", "parked"}) {
        run("INSERT INTO entries (description) VALUES ('x')");
        run("INSERT INTO entry_tasks SELECT max(entry_id), 41 FROM entries");
        file.apply("UPDATE outbox SET state = '" + state + "'");
        run("UPDATE entries SET description = 'y' WHERE entry_id > 1000");
        run("DELETE FROM entries WHERE entry_id > 1000");
        EXPECT_TRUE(outbox().empty()) << state;
        EXPECT_EQ(file.cell("SELECT count(*) FROM gone_rows"), "0");
        EXPECT_EQ(file.cell("SELECT count(*) FROM entry_tasks WHERE entry_id > 1000"), "0");
    }
}

TEST_F(Capture, O14_ADeleteOfARowThatIsBeingMadeWaitsBehindIt) {
    for (const std::string state : {"sending", "unknown"}) {
        run("INSERT INTO entries (description) VALUES ('" + state + "')");
        file.apply("UPDATE outbox SET state = '" + state + "' WHERE state = 'queued' AND operation = 'create'");
        run("DELETE FROM entries WHERE entry_id > 1000");
        EXPECT_EQ(file.rows("SELECT operation, state FROM outbox ORDER BY outbox_id DESC LIMIT 2"),
                  (std::vector<row>{{"delete", "queued"}, {"create", state}}));
    }
}

TEST_F(Capture, ADeletedContactStaysAndIsGone) {
    run("UPDATE contacts SET name = 'edited', budget_target = NULL WHERE contact_id = 21");
    run("DELETE FROM contacts WHERE contact_id = 21");
    EXPECT_EQ(outbox(), (lines{R"(delete contacts 21 - {"contact_id":21,"name":"Contact A","short_code":"a","is_active":1,"budget_progress":2.25,)"
                               R"("budget_target":0.5})"}));
    EXPECT_EQ(file.rows("SELECT name, budget_target, presence, gone_at IS NOT NULL, sync_state FROM contacts WHERE contact_id = 21"),
              (std::vector<row>{{"Contact A", "0.5", "gone", "1", "queued"}}));
    EXPECT_EQ(changes().back(), R"(gone contacts 21 {"presence":"present"} {"presence":"gone"})");
    run("DELETE FROM contacts WHERE contact_id = 21");
    EXPECT_EQ(outbox().size(), 1U) << "it is gone already";
    EXPECT_EQ(refused("UPDATE contacts SET name = 'x' WHERE contact_id = 21"), "contacts: this row is gone or not shown to your token, so it cannot be changed here");
    EXPECT_EQ(refused("INSERT INTO entries (contact_id) VALUES (21)"), "entries.contact_id names a row that is not there");
}

TEST_F(Capture, ADeletedTaskStaysOnItsEntriesUntilMinuteDockSaysSo) {
    run("DELETE FROM tasks WHERE task_id = 41");
    EXPECT_EQ(file.cell("SELECT count(*) FROM entry_tasks WHERE task_id = 41"), "2");
    EXPECT_EQ(outbox(), (lines{R"(delete tasks 41 - {"task_id":41,"name":"Task A","entries_count":2})"}));
}

TEST_F(Capture, ANameMadeHereCanGoWhenNothingPointsToIt) {
    run("INSERT INTO contacts (name) VALUES ('C')");
    run("INSERT INTO projects (name, contact_id) VALUES ('P', 9000000000000001)");
    run("INSERT INTO tasks (name) VALUES ('T')");
    run("INSERT INTO entry_tasks VALUES (102, 9000000000000001)");
    const std::string used = "other rows point to this one, which was never sent; change or delete them first";
    EXPECT_EQ(refused("DELETE FROM contacts WHERE contact_id > 1000"), "contacts: " + used);
    EXPECT_EQ(refused("DELETE FROM tasks WHERE task_id > 1000"), "tasks: " + used);
    run("DELETE FROM projects WHERE project_id > 1000");
    run("DELETE FROM contacts WHERE contact_id > 1000");
    run("DELETE FROM entry_tasks WHERE task_id > 1000");
    run("DELETE FROM tasks WHERE task_id > 1000");
    EXPECT_TRUE(outbox().empty());
    EXPECT_EQ(file.cell("SELECT count(*) FROM contacts WHERE contact_id > 1000"), "0");
}

TEST_F(Capture, WhatThisTokenDoesNotSeeCannotBeDeleted) {
    EXPECT_EQ(refused("DELETE FROM contacts WHERE contact_id = 22"), "contacts: MinuteDock does not show this row to your token, so it cannot be deleted here");
    EXPECT_EQ(refused("UPDATE contacts SET name = 'x' WHERE contact_id = 22"), "contacts: this row is gone or not shown to your token, so it cannot be changed here");
}

}  // namespace
}  // namespace mdock::schema_test
