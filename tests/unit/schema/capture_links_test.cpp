// SPDX-License-Identifier: MIT
// Tasks of an entry are one value of it: the set of their ids.
#include "tests/unit/schema/capture_file.h"

namespace mdock::schema_test {
namespace {

TEST_F(Capture, ALinkIsAChangeOfTheEntrysSet) {
    run("INSERT INTO entry_tasks VALUES (103, 43)");
    EXPECT_EQ(outbox(), (lines{R"(update entries 103 {"task_ids":[41,42,43]} {"task_ids":[41,42]})"}));
    run("DELETE FROM entry_tasks WHERE entry_id = 103 AND task_id = 41");
    EXPECT_EQ(outbox(), (lines{R"(update entries 103 {"task_ids":[42,43]} {"task_ids":[41,42]})"}));
    EXPECT_EQ(changes().back(), R"(update entries 103 {"task_ids":[41,42,43]} {"task_ids":[42,43]})");
    EXPECT_EQ(state_of("entries", "103"), "queued");
}

TEST_F(Capture, M04_ALastLinkTakenOffIsAnEmptySet) {
    run("DELETE FROM entry_tasks WHERE entry_id = 102");
    EXPECT_EQ(outbox(), (lines{R"(update entries 102 {"task_ids":[]} {"task_ids":[41]})"}));
}

TEST_F(Capture, O09_LinksTakenBackLeaveNothing) {
    run("INSERT INTO entry_tasks VALUES (103, 43)");
    run("DELETE FROM entry_tasks WHERE entry_id = 103 AND task_id = 41");
    run("INSERT INTO entry_tasks VALUES (103, 41)");
    run("DELETE FROM entry_tasks WHERE entry_id = 103 AND task_id = 43");
    EXPECT_TRUE(outbox().empty());
    EXPECT_EQ(state_of("entries", "103"), "synced");
}

TEST_F(Capture, LinksAndFieldsAreOneChange) {
    run("UPDATE entries SET description = 'a' WHERE entry_id = 102");
    run("INSERT INTO entry_tasks VALUES (102, 43)");
    EXPECT_EQ(outbox(), (lines{R"(update entries 102 {"description":"a","task_ids":[41,43]} {"description":"first","task_ids":[41]})"}));
    run("DELETE FROM entry_tasks WHERE entry_id = 102 AND task_id = 43");
    EXPECT_EQ(outbox(), (lines{R"(update entries 102 {"description":"a"} {"description":"first"})"}));
}

TEST_F(Capture, LinksOfANewEntryAreInItsCreate) {
    run("INSERT INTO entries (description, entry_date) VALUES ('a', '2024-02-01')");
    run("INSERT INTO entry_tasks SELECT max(entry_id), 43 FROM entries");
    run("INSERT INTO entry_tasks SELECT max(entry_id), 42 FROM entries");
    EXPECT_EQ(file.cell("SELECT json_extract(new_values, '$.task_ids') FROM outbox"), "[42,43]");
    run("DELETE FROM entry_tasks WHERE entry_id > 1000");
    EXPECT_EQ(file.cell("SELECT json_type(new_values, '$.task_ids') FROM outbox"), "NULL");
    EXPECT_EQ(outbox().size(), 1U);
}

TEST_F(Capture, ALinkThatIsThereIsNoChangeInAnyForm) {
    for (const std::string mode : {"ON", "OFF"}) {
        run("PRAGMA recursive_triggers = " + mode);
        for (const std::string verb : {"INSERT", "INSERT OR IGNORE", "REPLACE"}) run(verb + " INTO entry_tasks VALUES (102, 41)");
    }
    run("INSERT INTO entry_tasks VALUES (102, 41) ON CONFLICT DO NOTHING");
    EXPECT_TRUE(outbox().empty());
    EXPECT_EQ(file.cell("SELECT count(*) FROM entry_tasks WHERE entry_id = 102"), "1");
}

TEST_F(Capture, AnUpdateOfALinkIsAChangeOfTheSet) {
    run("UPDATE entry_tasks SET task_id = 43 WHERE entry_id = 103 AND task_id = 42");
    EXPECT_EQ(outbox(), (lines{R"(update entries 103 {"task_ids":[41,43]} {"task_ids":[41,42]})"}));
    EXPECT_EQ(refused("UPDATE OR REPLACE entry_tasks SET task_id = 41 WHERE entry_id = 103 AND task_id = 43"),
              "that task is linked already; delete this link instead");
    EXPECT_EQ(refused("UPDATE entry_tasks SET entry_id = 104 WHERE entry_id = 103"), "a task link stays where it is; delete it and insert another");
}

TEST_F(Capture, LinksNameRowsThatAreThere) {
    EXPECT_EQ(refused("INSERT INTO entry_tasks VALUES (5, 41)"), "entry_tasks.entry_id names a row that is not there");
    EXPECT_EQ(refused("INSERT INTO entry_tasks VALUES (102, 5)"), "entry_tasks.task_id names a task that is not there");
    run("DELETE FROM tasks WHERE task_id = 43");
    EXPECT_EQ(refused("INSERT INTO entry_tasks VALUES (102, 43)"), "entry_tasks.task_id names a task that is not there");
    EXPECT_EQ(refused("UPDATE entry_tasks SET task_id = 5 WHERE entry_id = 102"), "entry_tasks.task_id names a task that is not there");
}

TEST_F(Capture, ASetTakenBackShowsWhatMinuteDockHasByNow) {
    run("INSERT INTO entry_tasks VALUES (102, 42)");
    file.apply(R"(INSERT INTO _shadow VALUES ('entries', 102, '{"task_ids":[43]}'))");
    run("DELETE FROM entry_tasks WHERE entry_id = 102 AND task_id = 42");
    EXPECT_TRUE(outbox().empty());
    EXPECT_EQ(file.rows("SELECT task_id FROM entry_tasks WHERE entry_id = 102"), (std::vector<row>{{"43"}}));
    EXPECT_EQ(file.cell("SELECT count(*) FROM _shadow"), "0");
}

}  // namespace
}  // namespace mdock::schema_test
