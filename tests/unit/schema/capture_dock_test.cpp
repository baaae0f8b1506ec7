// SPDX-License-Identifier: MIT
// The timer: what an UPDATE of the dock and a command leave in the outbox, and what the dock shows meanwhile.
#include "tests/unit/schema/capture_file.h"

namespace mdock::schema_test {
namespace {

class CaptureDock : public Capture {
protected:
    const std::string mine = " WHERE user_account_id = 11";
    // A timer that MinuteDock knows, running since 100 s ago with 50 s on it.
    void runs_on_minutedock() {
        file.apply("UPDATE dock SET description = 'work', contact_id = 21, is_running = 1, duration_seconds = 50, "
                   "observed_at = datetime('now', '-100 seconds') WHERE user_account_id = 11");
    }
    std::string dock(const std::string& columns) { return file.cell("SELECT " + columns + " FROM dock" + mine); }
};

TEST_F(CaptureDock, AStartTakesTheFieldsThatAreSetWithIt) {
    run("UPDATE dock SET is_running = 1, description = 'work', contact_id = 21" + mine);
    run("INSERT INTO dock_tasks VALUES (11, 41)");
    run("UPDATE dock SET project_id = 31" + mine);
    EXPECT_EQ(outbox(), (lines{R"(start dock 11 {"contact_id":21,"description":"work",AT,"task_ids":[41],"project_id":31} )"
                               R"({"contact_id":null,"description":null,"is_running":0,"observed_at":"2024-01-01 00:00:00","task_ids":[],"project_id":null})"}));
    EXPECT_EQ(dock("sync_state || ' ' || (observed_at > '2025') || ' ' || duration_seconds"), "queued 1 0");
}

TEST_F(CaptureDock, APauseStopsTheClockAtWhatItShows) {
    runs_on_minutedock();
    run("UPDATE dock SET is_running = 0" + mine);
    EXPECT_EQ(file.rows("SELECT operation, json_remove(new_values, '$.at') FROM outbox"), (std::vector<row>{{"pause", "{}"}}));
    EXPECT_EQ(dock("is_running || ' ' || (duration_seconds BETWEEN 150 AND 160)"), "0 1");
    run("UPDATE dock SET is_running = 1" + mine);
    EXPECT_EQ(file.cell("SELECT operation FROM outbox ORDER BY outbox_id DESC"), "resume");
    EXPECT_EQ(dock("is_running || ' ' || (duration_seconds BETWEEN 150 AND 160) || ' ' || (observed_at > datetime('now', '-10 seconds'))"), "1 1 1");
}

TEST_F(CaptureDock, APauseComesAfterTheFieldsThatAreSetWithIt) {
    runs_on_minutedock();
    run("UPDATE dock SET is_running = 0, description = 'done'" + mine);
    EXPECT_EQ(outbox().size(), 2U);
    EXPECT_EQ(outbox().front(), R"(update dock 11 {"description":"done",AT} {"description":"work"})");
    EXPECT_TRUE(outbox().back().starts_with("pause dock 11 {AT}"));
}

TEST_F(CaptureDock, K10_TheDurationIsSentOnlyIfSomebodyTypedOne) {
    runs_on_minutedock();
    run("UPDATE dock SET description = 'other', duration_seconds = duration_seconds" + mine);
    run("UPDATE dock SET is_running = 0" + mine);
    run("UPDATE dock SET is_running = 1" + mine);
    EXPECT_EQ(file.cell("SELECT count(*) FROM outbox WHERE json_type(new_values, '$.duration_seconds') IS NOT NULL"), "0");
    run("UPDATE dock SET duration_seconds = 900" + mine);
    EXPECT_EQ(file.cell("SELECT json_extract(new_values, '$.duration_seconds') FROM outbox ORDER BY outbox_id DESC"), "900");
    EXPECT_EQ(dock("duration_seconds || ' ' || (observed_at > datetime('now', '-10 seconds'))"), "900 1");
}

TEST_F(CaptureDock, O09_FieldsFoldAndCanBeTakenBack) {
    runs_on_minutedock();
    run("UPDATE dock SET description = 'a'" + mine);
    run("UPDATE dock SET description = 'b', contact_id = 23" + mine);
    run("INSERT INTO dock_tasks VALUES (11, 42)");
    EXPECT_EQ(outbox(), (lines{R"(update dock 11 {"description":"b",AT,"contact_id":23,"task_ids":[42]} )"
                               R"({"description":"work","contact_id":21,"task_ids":[]})"}));
    run("UPDATE dock SET description = 'work', contact_id = 21" + mine);
    run("DELETE FROM dock_tasks" + mine);
    EXPECT_TRUE(outbox().empty());
    EXPECT_EQ(dock("sync_state"), "synced");
}

TEST_F(CaptureDock, AnotherUsersDockAndItsRowsAreNotOurs) {
    EXPECT_EQ(refused("UPDATE dock SET is_running = 1 WHERE user_account_id = 12"), "only your own dock can be changed");
    EXPECT_EQ(refused("INSERT INTO dock_tasks VALUES (12, 41)"), "only your own dock can be changed");
    EXPECT_EQ(refused("UPDATE dock SET contact_id = 5" + mine), "dock.contact_id names a row that is not there");
    EXPECT_EQ(refused("UPDATE dock SET is_running = NULL" + mine), "dock.is_running must have a value");
    EXPECT_TRUE(outbox().empty());
}

TEST_F(CaptureDock, ALogSaysWhatTheTimerShowedAndLeavesItIdle) {
    runs_on_minutedock();
    run("INSERT INTO dock_tasks VALUES (11, 41)");
    run("INSERT INTO _dock_command (operation) VALUES ('log')");
    EXPECT_EQ(file.cell("SELECT json_extract(new_values, '$.duration_seconds') BETWEEN 150 AND 160 FROM outbox WHERE operation = 'log'"), "1");
    EXPECT_EQ(file.cell("SELECT json_extract(new_values, '$.entry_date') = date('now', 'localtime') FROM outbox WHERE operation = 'log'"), "1");
    EXPECT_EQ(file.cell("SELECT json_remove(new_values, '$.at', '$.duration_seconds', '$.entry_date') FROM outbox WHERE operation = 'log'"),
              R"({"description":"work","contact_id":21,"project_id":null,"task_ids":[41]})");
    EXPECT_EQ(file.rows("SELECT contact_id, description, duration_seconds, is_running, sync_state FROM dock" + mine),
              (std::vector<row>{{"NULL", "NULL", "0", "0", "queued"}}));
    EXPECT_EQ(file.cell("SELECT (SELECT count(*) FROM dock_tasks) + (SELECT count(*) FROM _dock_command) + (SELECT count(*) FROM _replaced)"), "0");
}

TEST_F(CaptureDock, ADiscardKeepsWhatWasThereForGoingBack) {
    runs_on_minutedock();
    run("INSERT INTO _dock_command (operation) VALUES ('discard')");
    EXPECT_TRUE(outbox().front().starts_with(R"(discard dock 11 {AT} {"contact_id":21,"project_id":null,"description":"work","duration_seconds":50,"is_running":1,)"));
    EXPECT_EQ(dock("is_running || coalesce(description, '')"), "0");
}

TEST_F(CaptureDock, AnEmptyTimerTakesNoCommand) {
    for (const std::string command : {"log", "discard"})
        EXPECT_EQ(refused("INSERT INTO _dock_command (operation) VALUES ('" + command + "')"), "the timer is empty");
    file.apply("DELETE FROM dock");
    EXPECT_EQ(refused("INSERT INTO _dock_command (operation) VALUES ('log')"), "your timer has not been read yet; run: mdock sync");
}

TEST_F(CaptureDock, ARedockTakesTheEntryToTheTimer) {
    runs_on_minutedock();
    run("UPDATE entries SET description = 'edited' WHERE entry_id = 102");
    run("INSERT INTO _dock_command (operation, entry_id) VALUES ('redock', 102)");
    EXPECT_EQ(file.rows("SELECT operation, json_extract(new_values, '$.entry_id'), json_extract(old_values, '$.description'), "
                        "json_extract(old_values, '$.task_ids'), json_extract(json_extract(old_values, '$.dock'), '$.description'), waits_for FROM outbox ORDER BY outbox_id DESC LIMIT 1"),
              (std::vector<row>{{"redock", "102", "edited", "[41]", "work", "1"}}));
    EXPECT_EQ(file.rows("SELECT contact_id, project_id, description, duration_seconds, is_running FROM dock" + mine),
              (std::vector<row>{{"21", "31", "edited", "3600", "1"}}));
    EXPECT_EQ(file.cell("SELECT group_concat(task_id) FROM dock_tasks"), "41");
    EXPECT_EQ(file.cell("SELECT count(*) FROM entries WHERE entry_id = 102"), "0");
    EXPECT_EQ(file.cell("SELECT count(*) FROM gone_rows"), "0") << "it is not gone";
    EXPECT_TRUE(file.rows("PRAGMA foreign_key_check").empty());
}

TEST_F(CaptureDock, OnlyOwnEntriesThatMinuteDockHasCanBeRedocked) {
    EXPECT_EQ(refused("INSERT INTO _dock_command (operation, entry_id) VALUES ('redock', 104)"), "only your own entries can go back to the timer");
    EXPECT_EQ(refused("INSERT INTO _dock_command (operation, entry_id) VALUES ('redock', 5)"), "redock needs an entry of this mirror");
    run("INSERT INTO entries DEFAULT VALUES");
    EXPECT_NE(refused("INSERT INTO _dock_command (operation, entry_id) VALUES ('redock', 9000000000000001)"), "");
}

}  // namespace
}  // namespace mdock::schema_test
