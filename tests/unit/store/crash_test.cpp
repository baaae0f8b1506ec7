// SPDX-License-Identifier: MIT
// After a stop without a word: what was committed is there, damage is found and said, and nothing is moved or deleted.
#include <gtest/gtest.h>

#include <fstream>

#include "core/store/file_checks.h"
#include "tests/unit/store/mirror.h"

namespace mdock::store {
namespace {

namespace fs = std::filesystem;

void fill(mirror& m) {
    std::string rows;
    for (int i = 1; i <= 3000; ++i)
        rows += (i == 1 ? "[" : ",") + std::string(R"({"id":)") + std::to_string(i) + R"(,"date":"2024-01-20","description":"row number )" +
                std::to_string(i) + R"( of many"})";
    m.apply(resource::entries, rows + "]");
}

// Overwrites the head of the page that holds an entry in the middle.
void damage(const fs::path& file) {
    const std::string bytes = bytes_of(file);
    const auto at = bytes.find("row number 1500 of many");
    ASSERT_NE(at, std::string::npos);
    std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
    out.seekp(static_cast<std::streamoff>(at / 4096 * 4096));
    out << std::string(64, '\xff');
}

TEST(Crash, S05_DamageAfterAnUncleanStopIsFoundAndNothingIsMoved) {
    mirror m;
    m.run("DELETE FROM changes");
    fill(m);
    m.run("DELETE FROM changes");
    m.kill();
    damage(m.file());
    const auto before = everything_in(m.folder());
    const auto why = refusal(m.file());
    EXPECT_TRUE(why.starts_with("database_corrupt " + fs::canonical(m.file()).string() + " is damaged: ")) << why;
    const auto after = everything_in(m.folder());
    ASSERT_EQ(after.size(), before.size());
    for (std::size_t i = 0; i < after.size(); ++i) {
        EXPECT_EQ(after[i].first, before[i].first);
        if (after[i].first == "mdock.db") {
            EXPECT_EQ(after[i].second, before[i].second);
        }
    }
    EXPECT_TRUE(refusal(m.file()).starts_with("database_corrupt")) << "being refused once is not a clean stop";
}

TEST(Crash, ACleanStopIsNotPaidForWithACheck) {
    mirror m;
    fill(m);
    m.run("DELETE FROM changes");
    m.close();
    damage(m.file());
    EXPECT_EQ(refusal(m.file()), "opened");
}

TEST(Crash, S02_WhatWasCommittedIsThereWhenTheProcessIsNot) {
    mirror m{mirror::made_here{}};    // before the first checkpoint, all of it is in the log
    m.apply(resource::tasks, R"([{"id":1,"name":"committed"}])");
    auto open = std::make_unique<transaction>(m.db());
    m.run("INSERT INTO tasks (task_id, name) VALUES (2, 'not committed')");
    // The files as a power cut leaves them: in the middle of a transaction, the log not carried over.
    const test::scratch_folder after;
    for (const auto* ending : {"", "-wal", ".lock"}) fs::copy_file(fs::path(m.file()) += ending, after.path() / (std::string("mdock.db") + ending));
    const auto db = open_writer(after.path() / "mdock.db", owner_only);
    EXPECT_EQ(db->connection().execAndGet("SELECT group_concat(name) FROM tasks").getString(), "committed");
    EXPECT_EQ(db->connection().execAndGet("PRAGMA integrity_check").getString(), "ok");
    open.reset();
}

TEST(Crash, S02_AMirrorThatWasOnlyJustBegunIsMadeByTheNextOpening) {
    const test::scratch_folder folder;
    const auto file = folder.path() / "mdock.db";
    SQLite::Database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("PRAGMA application_id = " + std::to_string(application_id));
    EXPECT_TRUE(reader_refusal(file).starts_with("not_found_locally the mirror at ")) << reader_refusal(file);
    EXPECT_EQ(refusal(file), "opened");
    EXPECT_EQ(reader_refusal(file), "opened");
}

TEST(Crash, TheLockTellsACleanStopFromAKill) {
    mirror m;
    m.kill();
    EXPECT_TRUE(file_lock(m.file(), owner_only).was_left_open());
    m.open();
    m.close();
    EXPECT_FALSE(file_lock(m.file(), owner_only).was_left_open());
}

TEST(Crash, AKilledWriterIsFollowedByTheNext) {
    mirror m;
    fill(m);
    m.kill();
    m.open();
    EXPECT_EQ(m.cell("SELECT count(*) FROM entries"), "3000");
    EXPECT_EQ(m.cell("PRAGMA foreign_key_check"), "");
}

}  // namespace
}  // namespace mdock::store
