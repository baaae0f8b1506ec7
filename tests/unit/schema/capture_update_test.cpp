// SPDX-License-Identifier: MIT
// UPDATE and what it leaves in the outbox: only what changes, folded, and nothing when it is taken back.
#include "tests/unit/schema/capture_file.h"

namespace mdock::schema_test {
namespace {

TEST_F(Capture, AnUpdateHoldsOnlyTheColumnsThatChangeWithOldAndNew) {
    run("UPDATE entries SET description = 'other', duration_seconds = 3600, contact_id = 23 WHERE entry_id = 102");
    const lines wanted{R"(update entries 102 {"contact_id":23,"description":"other"} {"contact_id":21,"description":"first"})"};
    EXPECT_EQ(outbox(), wanted);
    EXPECT_EQ(changes(), (lines{R"(update entries 102 {"contact_id":21,"description":"first"} {"contact_id":23,"description":"other"})"}));
    EXPECT_EQ(state_of("entries", "102"), "queued");
    EXPECT_EQ(state_of("entries", "103"), "synced");
    EXPECT_EQ(file.cell("SELECT state || queued_at FROM outbox"), file.cell("SELECT 'queued' || at FROM changes WHERE origin = 'local'"));
}

TEST_F(Capture, AnUpdateThatChangesNothingQueuesNothing) {
    run("UPDATE entries SET description = description, duration_seconds = 3600 WHERE entry_id = 102");
    run("UPDATE entries SET description = NULL WHERE entry_id = 104");
    EXPECT_TRUE(outbox().empty());
    EXPECT_TRUE(changes().empty());
}

TEST_F(Capture, O09_ThreeEditsAreOneChangeWithTheFirstOldAndTheLastNew) {
    run("UPDATE entries SET description = 'a' WHERE entry_id = 102");
    run("UPDATE entries SET description = 'b', duration_seconds = 60 WHERE entry_id = 102");
    run("UPDATE entries SET description = 'c', project_id = NULL WHERE entry_id = 102");
    EXPECT_EQ(outbox(), (lines{R"(update entries 102 {"description":"c","duration_seconds":60,"project_id":null} )"
                               R"({"description":"first","duration_seconds":3600,"project_id":31})"}));
    EXPECT_EQ(changes().size(), 3U);
}

TEST_F(Capture, O09_AChangeTakenBackLeavesNothing) {
    run("UPDATE entries SET description = 'a', project_id = NULL WHERE entry_id = 102");
    run("UPDATE entries SET project_id = 31 WHERE entry_id = 102");
    EXPECT_EQ(outbox(), (lines{R"(update entries 102 {"description":"a"} {"description":"first"})"}));
    run("UPDATE entries SET description = 'first' WHERE entry_id = 102");
    EXPECT_TRUE(outbox().empty());
    EXPECT_EQ(state_of("entries", "102"), "synced");
}

TEST_F(Capture, O10_AnEditOfARowThatIsBeingSentIsANewLinkBehindIt) {
    for (const std::string state : {"sending", "unknown", "parked"}) {
        run("UPDATE entries SET description = 'to " + state + "' WHERE entry_id = 102");
        file.apply("UPDATE outbox SET state = '" + state + "' WHERE state = 'queued'");
    }
    run("UPDATE entries SET description = 'last' WHERE entry_id = 102");
    run("UPDATE entries SET duration_seconds = 1 WHERE entry_id = 102");
    EXPECT_EQ(outbox().size(), 4U);
    EXPECT_EQ(outbox().back(), R"(update entries 102 {"description":"last","duration_seconds":1} )"
                               R"({"description":"to parked","duration_seconds":3600})");
    run("UPDATE entries SET description = 'to parked', duration_seconds = 3600 WHERE entry_id = 102");
    EXPECT_EQ(outbox().size(), 3U);
    EXPECT_EQ(state_of("entries", "102"), "queued") << "the links before it still wait";
}

TEST_F(Capture, AChangeThatIsHeldIsFoldedInto) {
    run("UPDATE entries SET description = 'a' WHERE entry_id = 102");
    file.apply("UPDATE outbox SET state = 'held'");
    run("UPDATE entries SET description = 'b' WHERE entry_id = 102");
    EXPECT_EQ(file.rows("SELECT state, new_values FROM outbox"), (std::vector<row>{{"held", R"({"description":"b"})"}}));
}

TEST_F(Capture, AnUpdateOfManyRowsIsAChangeOfEach) {
    run("UPDATE entries SET duration_seconds = duration_seconds + 60 WHERE user_account_id = 11");
    EXPECT_EQ(outbox(), (lines{R"(update entries 102 {"duration_seconds":3660} {"duration_seconds":3600})",
                               R"(update entries 103 {"duration_seconds":1860} {"duration_seconds":1800})"}));
}

TEST_F(Capture, NullAndEmptyAndUnchangedAreThreeThings) {
    run("UPDATE contacts SET short_code = '' WHERE contact_id = 21");
    run("UPDATE contacts SET short_code = '' WHERE contact_id = 23");
    run("UPDATE entries SET description = NULL WHERE entry_id = 102");
    EXPECT_EQ(outbox(), (lines{R"(update contacts 21 {"short_code":""} {"short_code":"a"})",
                               R"(update contacts 23 {"short_code":""} {"short_code":null})",
                               R"(update entries 102 {"description":null} {"description":"first"})"}));
    run("UPDATE contacts SET short_code = NULL WHERE contact_id = 23");
    EXPECT_EQ(outbox().size(), 2U);
}

TEST_F(Capture, TextIsKeptWithItsQuotesLinesAndLetters) {
    const std::string text = "Zoë's \"quote\" \\ 日本 \n{'$.a'}";
    SQLite::Statement update(file.db(), "UPDATE entries SET description = ?1 WHERE entry_id = 102");
    update.bind(1, text);
    update.exec();
    EXPECT_EQ(file.cell("SELECT json_extract(new_values, '$.description') FROM outbox"), text);
    EXPECT_EQ(file.cell("SELECT json_extract(new_values, '$.description') IS (SELECT description FROM entries WHERE entry_id = 102) FROM outbox"), "1");
}

TEST_F(Capture, NumbersKeepAllTheirDigits) {
    for (const std::string value : {"0.1 + 0.2", "1e14", "-7.25", "0.1", "12345678.123456789", "3"}) {
        run("UPDATE contacts SET budget_target = " + value + " WHERE contact_id = 23");
        const double read_back = std::stod(file.cell("SELECT new_values FROM outbox").substr(17));
        EXPECT_EQ(read_back, file.db().execAndGet("SELECT budget_target FROM contacts WHERE contact_id = 23").getDouble()) << value;
    }
    run("UPDATE contacts SET budget_target = 0.25, default_rate_cents = 9007199254740993 WHERE contact_id = 23");
    EXPECT_EQ(outbox(), (lines{R"(update contacts 23 {"budget_target":0.25,"default_rate_cents":9007199254740993} )"
                               R"({"budget_target":null,"default_rate_cents":null})"}));
}

TEST_F(Capture, UpsertIsAnOrdinaryUpdate) {
    run("INSERT INTO entries (entry_id, description) VALUES (102, 'up') ON CONFLICT (entry_id) DO UPDATE SET description = excluded.description");
    EXPECT_EQ(outbox(), (lines{R"(update entries 102 {"description":"up"} {"description":"first"})"}));
    run("INSERT INTO entries (entry_id, description) VALUES (102, 'no') ON CONFLICT DO NOTHING");
    run("INSERT OR IGNORE INTO entries (entry_id, description) VALUES (102, 'no')");
    EXPECT_EQ(outbox().size(), 1U);
}

TEST_F(Capture, AnExpenseCanBeEdited) {
    run("UPDATE expenses SET description = 'paid', quantity = 2.5, contact_id = 21 WHERE expense_id = 61");
    EXPECT_EQ(outbox(), (lines{R"(update expenses 61 {"contact_id":21,"description":"paid","quantity":2.5} )"
                               R"({"contact_id":null,"description":"bought","quantity":2.0})"}));
    EXPECT_EQ(state_of("expenses", "61"), "queued");
}

TEST_F(Capture, AConflictStaysOneUntilAPersonHasChosen) {
    file.apply("UPDATE entries SET sync_state = 'conflict' WHERE entry_id = 102");
    run("UPDATE entries SET description = 'a' WHERE entry_id = 102");
    EXPECT_EQ(state_of("entries", "102"), "conflict");
    run("UPDATE entries SET description = 'first' WHERE entry_id = 102");
    EXPECT_TRUE(outbox().empty());
    EXPECT_EQ(state_of("entries", "102"), "conflict");
}

TEST_F(Capture, AColumnTakenBackShowsWhatMinuteDockHasByNow) {
    for (const bool recursive : {false, true}) {
        run(recursive ? "PRAGMA recursive_triggers = ON" : "PRAGMA recursive_triggers = OFF");
        run("UPDATE entries SET description = 'mine', duration_seconds = 5 WHERE entry_id = 102");
        file.apply(R"(INSERT INTO _shadow VALUES ('entries', 102, '{"description":"theirs", "duration_seconds":7}'))");
        run("UPDATE entries SET description = 'first' WHERE entry_id = 102");
        EXPECT_EQ(outbox(), (lines{R"(update entries 102 {"duration_seconds":5} {"duration_seconds":3600})"}));
        EXPECT_EQ(file.rows("SELECT description, duration_seconds FROM entries WHERE entry_id = 102"), (std::vector<row>{{"theirs", "5"}}));
        EXPECT_EQ(file.cell("SELECT theirs FROM _shadow"), R"({"duration_seconds":7})");
        run("UPDATE entries SET project_id = NULL WHERE entry_id = 102");
        EXPECT_EQ(file.cell("SELECT theirs FROM _shadow"), R"({"duration_seconds":7})");
        run("UPDATE entries SET duration_seconds = 3600, project_id = 31 WHERE entry_id = 102");
        EXPECT_EQ(file.cell("SELECT duration_seconds FROM entries WHERE entry_id = 102"), "7");
        EXPECT_EQ(file.cell("SELECT count(*) FROM _shadow"), "0");
        EXPECT_TRUE(outbox().empty());
        file.apply("UPDATE entries SET description = 'first', duration_seconds = 3600 WHERE entry_id = 102");
    }
}

TEST_F(Capture, NothingOfItIsLeftWhenTheStatementFails) {
    EXPECT_NE(refused("UPDATE entries SET description = 'a', entry_date = 'soon'"), "");
    EXPECT_NE(refused("UPDATE entries SET contact_id = CASE entry_id WHEN 104 THEN 77 ELSE 23 END"), "");
    EXPECT_TRUE(outbox().empty());
    EXPECT_TRUE(changes().empty());
    EXPECT_EQ(file.cell("SELECT is_capturing FROM _gate"), "0");
}

}  // namespace
}  // namespace mdock::schema_test
