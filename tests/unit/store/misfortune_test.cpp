// SPDX-License-Identifier: MIT
// What happens to a file while it is open, or to the memory around it: nothing is half written, and nothing is written
// where nobody would find it.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>
#include <sstream>

#include "core/store/local_write.h"
#include "core/store/outbox.h"
#include "tests/unit/store/mirror.h"

namespace mdock::store {
namespace {

namespace fs = std::filesystem;

std::string bytes_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

errc code_of_writing(mirror& m) {
    try {
        m.apply(resource::entries, R"([{"id":8,"date":"2024-01-20"}])");
        return errc::none;
    } catch (const failure_exception& refused) {
        return refused.why().code();
    }
}

TEST(Misfortune, S08_AFileThatWasDeletedGetsNoMoreRows) {
    mirror m;
    m.apply(resource::entries, R"([{"id":1,"date":"2024-01-20"}])");
    fs::remove(m.file());
    EXPECT_EQ(code_of_writing(m), errc::database_replaced);
    m.close();
    EXPECT_FALSE(fs::exists(m.file()));
}

TEST(Misfortune, S08_AFileThatWasReplacedIsLeftAloneAndTheNewOneIsOpenedNext) {
    mirror m, other;
    m.apply(resource::entries, R"([{"id":1,"date":"2024-01-20"}])");
    other.apply(resource::entries, R"([{"id":2,"date":"2024-01-20"},{"id":3,"date":"2024-01-20"}])");
    other.close();
    fs::rename(other.file(), m.file());
    const auto before = bytes_of(m.file());
    EXPECT_EQ(code_of_writing(m), errc::database_replaced);
    m.close();
    EXPECT_EQ(bytes_of(m.file()), before);
    for (const char* end : {"-wal", "-shm"}) fs::remove(m.file().string() + end);
    m.open();
    EXPECT_EQ(m.cell("SELECT count(*) FROM entries"), "2");
}

TEST(Misfortune, S11_AWriterTakesTheWriteLockBeforeItReads) {
    mirror m;
    m.apply(resource::entries, R"([{"id":1,"date":"2024-01-20"}])");
    SQLite::Database other(m.file().string(), SQLite::OPEN_READWRITE);
    transaction write(m.db());
    // Were it a read transaction so far, the other could write now, and ours could never be upgraded.
    try {
        other.exec("BEGIN IMMEDIATE");
        ADD_FAILURE() << "two writers";
    } catch (const SQLite::Exception& busy) {
        EXPECT_EQ(busy.getErrorCode(), SQLITE_BUSY);
    }
    m.run("UPDATE entries SET description = 'ours'");
    write.commit();
    EXPECT_EQ(m.cell("SELECT description FROM entries"), "ours");
}

TEST(Misfortune, S12_WithoutMemoryAStatementFailsWholeAndTheNextGoesThrough) {
    mirror m;
    m.apply(resource::entries, R"([{"id":1,"date":"2024-01-20"}])");
    const std::string large(200'000, 'x');
    const auto rows = page(resource::entries, R"([{"id":2,"date":"2024-01-20","description":")" + large + R"("},{"id":3,"date":"2024-01-20","description":")" + large + R"("}])");
    sqlite3_hard_heap_limit64(sqlite3_memory_used() + 100'000);
    int code = SQLITE_OK;
    try {
        transaction write(m.db());
        apply_rows(m.db(), rows, live());
        write.commit();
    } catch (const SQLite::Exception& error) {
        code = error.getErrorCode();
    }
    sqlite3_hard_heap_limit64(0);
    ASSERT_EQ(code, SQLITE_NOMEM);
    EXPECT_EQ(m.cell("SELECT count(*) FROM entries"), "1");
    {
        transaction write(m.db());
        apply_rows(m.db(), rows, live());
        write.commit();
    }
    EXPECT_EQ(m.cell("SELECT count(*) FROM entries"), "3");
    EXPECT_EQ(m.cell("PRAGMA integrity_check"), "ok");
}

TEST(Misfortune, S14_AValueBeyondAllMeasureIsRefusedAndNothingIsHalfDone) {
    mirror m;
    EXPECT_EQ(sqlite3_limit(m.db().connection().getHandle(), SQLITE_LIMIT_LENGTH, -1), 64 * 1024 * 1024);
    m.run("INSERT INTO _identity VALUES (1, 5, 77, NULL, NULL, '2024-01-01 00:00:00')");
    m.run("INSERT INTO users (user_account_id, presence) VALUES (77, 'present')");
    const auto done = write_locally(m.db(), {{"INSERT INTO entries (description) VALUES (hex(zeroblob(40000000)))", {}}}, true);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code(), errc::write_refused);
    EXPECT_EQ(m.cell("SELECT (SELECT count(*) FROM entries) + (SELECT count(*) FROM outbox)"), "0");
}

TEST(Misfortune, S17_WhatWasDeletedCannotBeReadFromTheFilesFreePages) {
    mirror m;
    const std::string secret = "the-name-of-a-client-who-left";
    std::string rows = "[";
    for (int i = 1; i <= 40; ++i) rows += (i == 1 ? "" : ",") + std::string(R"({"id":)") + std::to_string(i) + R"(,"date":"2024-01-20","description":")" + secret + std::to_string(i) + R"("})";
    m.apply(resource::entries, rows + "]", first_load());
    m.db().checkpoint();
    ASSERT_NE(bytes_of(m.file()).find(secret), std::string::npos);
    m.run("DELETE FROM entries");
    m.db().checkpoint();
    EXPECT_EQ(bytes_of(m.file()).find(secret), std::string::npos);
    EXPECT_EQ(fs::file_size(m.file().string() + "-wal"), 0U);
}

TEST(Misfortune, S18_ANumberOfAChangeIsNeverGivenTwice) {
    mirror m;
    m.apply(resource::entries, R"([{"id":1,"date":"2024-01-20"}])");
    const auto last = std::stoll(m.cell("SELECT max(seq) FROM changes"));
    m.run("DELETE FROM changes");
    m.kill();
    m.open();
    m.apply(resource::entries, R"([{"id":2,"date":"2024-01-20"}])");
    EXPECT_GT(std::stoll(m.cell("SELECT max(seq) FROM changes")), last);
    // One that was rolled back was never given.
    {
        transaction lost(m.db());
        apply_rows(m.db(), page(resource::entries, R"([{"id":3,"date":"2024-01-20"}])"), live());
    }
    m.apply(resource::entries, R"([{"id":4,"date":"2024-01-20"}])");
    EXPECT_EQ(m.cell("SELECT max(seq) - min(seq) FROM changes"), "1");
}

TEST(Misfortune, R03_TriggersThatSomebodyDroppedAreThereAgainWithTheNextStart) {
    mirror m;
    const auto before = m.cell("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'");
    m.close();
    {
        SQLite::Database outside(m.file().string(), SQLite::OPEN_READWRITE);
        outside.exec("DROP TRIGGER _gate_entries_update");
    }
    m.open();
    EXPECT_EQ(m.cell("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'"), before);
    const auto made = m.total_changes();
    m.close();
    m.open();
    EXPECT_LE(m.total_changes(), made) << "a file that has them all is not written";
}

}  // namespace
}  // namespace mdock::store
