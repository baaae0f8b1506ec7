// SPDX-License-Identifier: MIT
// Copies of the mirror: whole, checked, of nobody's log, and with nothing in them that would be sent a second time.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "core/store/carry_over.h"
#include "core/store/copy.h"
#include "core/store/local_write.h"
#include "schema/embedded.h"
#include "tests/unit/store/mirror.h"

namespace mdock::store {
namespace {

namespace fs = std::filesystem;

std::string first_of(SQLite::Database& db, const std::string& sql) { return db.execAndGet(sql).getString(); }

class Copy : public testing::Test {
protected:
    Copy() {
        m.apply(resource::entries, R"([{"id":1,"date":"2024-01-20","description":"one"},{"id":2,"date":"2024-01-21","description":"two"}])");
        m.run("INSERT INTO _identity VALUES (1, 5, 77, NULL, NULL, '2024-01-01 00:00:00')");
        m.run("INSERT INTO users (user_account_id, presence) VALUES (77, 'present')");
        m.run("UPDATE entries SET user_account_id = 77");
    }

    void edit(const std::string& text) {
        const auto done = write_locally(m.db(), {{"UPDATE entries SET description = ?1 WHERE entry_id = 1", {text}}}, true);
        ASSERT_TRUE(done) << (done ? "" : done.error().context());
    }
    fs::path to() const { return m.folder() / "copy.db"; }

    mirror m;
};

TEST_F(Copy, S09_IsWholeWhileTheWriterGoesOnAndIsInNoLog) {
    auto reader = open_reader(m.file());
    copy_mirror(reader, to(), owner_only);
    m.apply(resource::entries, R"([{"id":3,"date":"2024-01-22"}])");
    SQLite::Database copy(to().string(), SQLite::OPEN_READONLY);
    EXPECT_EQ(first_of(copy, "SELECT count(*) FROM entries"), "2");
    EXPECT_EQ(first_of(copy, "PRAGMA journal_mode"), "delete");
    EXPECT_EQ(first_of(copy, "PRAGMA integrity_check"), "ok");
    struct stat it {};
    ASSERT_EQ(::stat(to().c_str(), &it), 0);
    EXPECT_EQ(it.st_mode & 07777U, 0600U);
    for (const char* end : {".part", "-wal", "-shm", "-journal"}) EXPECT_FALSE(fs::exists(to().string() + end)) << end;
}

TEST_F(Copy, S09_WhatWaitsIsHeldInItAndNotInTheMirror) {
    edit("changed here");
    auto reader = open_reader(m.file());
    copy_mirror(reader, to(), owner_only);
    SQLite::Database copy(to().string(), SQLite::OPEN_READONLY);
    EXPECT_EQ(first_of(copy, "SELECT state FROM outbox"), "held");
    EXPECT_EQ(m.cell("SELECT state FROM outbox"), "queued");
}

TEST_F(Copy, S09_CanBePutInTheMirrorsPlace) {
    copy_mirror(m.db().connection(), to(), owner_only);
    m.close();
    for (const char* end : {"-wal", "-shm"}) fs::remove(m.file().string() + end);
    fs::rename(to(), m.file());
    m.open();
    EXPECT_EQ(m.cell("SELECT count(*) FROM entries"), "2");
    EXPECT_EQ(m.cell("PRAGMA journal_mode"), "wal");
}

TEST_F(Copy, S09_ATakenPlaceOrAMissingFolderIsSaidAndNothingIsLeft) {
    fs::create_directory(to());
    for (const fs::path& wrong : {to(), m.folder() / "none" / "copy.db"}) {
        auto reader = open_reader(m.file());
        EXPECT_THROW(copy_mirror(reader, wrong, owner_only), failure_exception) << wrong;
    }
    EXPECT_FALSE(fs::exists(to().string() + ".part"));
}

TEST_F(Copy, S09_TheOneBeforeIsThereUntilTheNewOneIs) {
    auto reader = open_reader(m.file());
    copy_mirror(reader, to(), owner_only);
    SQLite::Database old(to().string(), SQLite::OPEN_READONLY);
    EXPECT_EQ(first_of(old, "SELECT count(*) FROM entries"), "2");
    m.apply(resource::entries, R"([{"id":3,"date":"2024-01-22"}])");
    copy_mirror(m.db().connection(), to(), owner_only);
    EXPECT_EQ(first_of(old, "SELECT count(*) FROM entries"), "2") << "whoever has it open reads on";
    SQLite::Database fresh(to().string(), SQLite::OPEN_READONLY);
    EXPECT_EQ(first_of(fresh, "SELECT count(*) FROM entries"), "3");
}

// A file as an older version's program left it.
void make_older(const fs::path& file, int version) {
    SQLite::Database db(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    db.exec("PRAGMA application_id = " + std::to_string(application_id));
    db.execAndGet("PRAGMA journal_mode = WAL");
    for (const auto& step : schema::migrations())
        if (step.version <= version) db.exec(std::string(step.sql));
    db.exec("PRAGMA user_version = " + std::to_string(version));
    db.exec("INSERT INTO gone_rows (resource, row_id, gone_at, evidence, row_json) VALUES ('entries', 9, '2024-01-01 00:00:00', '404', '{}')");
}

TEST(Upgrade, L07_FromEveryVersionACopyOfTheOldFileIsKept) {
    for (int version = 1; version < schema_version; ++version) {
        const test::scratch_folder folder;
        const auto file = folder.path() / "m.db";
        make_older(file, version);
        const auto db = open_writer(file, owner_only);
        EXPECT_EQ(first_of(db->connection(), "PRAGMA user_version"), std::to_string(schema_version));
        EXPECT_EQ(first_of(db->connection(), "SELECT count(*) FROM gone_rows"), "1");
        SQLite::Database copy(copy_before_upgrade(file, schema_version).string(), SQLite::OPEN_READONLY);
        EXPECT_EQ(first_of(copy, "PRAGMA user_version"), std::to_string(version));
        EXPECT_EQ(first_of(copy, "SELECT count(*) FROM gone_rows"), "1");
    }
}

TEST(Upgrade, L07_WithoutThatCopyTheFileStaysAsItIs) {
    const test::scratch_folder folder;
    const auto file = folder.path() / "m.db";
    make_older(file, schema_version - 1);
    fs::create_directory(copy_before_upgrade(file, schema_version));
    try {
        open_writer(file, owner_only);
        ADD_FAILURE() << "it was upgraded";
    } catch (const failure_exception& refused) {
        EXPECT_NE(refused.why().context().find("was not upgraded"), std::string::npos) << refused.why().context();
    }
    SQLite::Database db(file.string(), SQLite::OPEN_READONLY);
    EXPECT_EQ(first_of(db, "PRAGMA user_version"), std::to_string(schema_version - 1));
}

TEST(Upgrade, R05_AReaderSeesTheOldFileOrTheNewOne) {
    const test::scratch_folder folder;
    const auto file = folder.path() / "m.db";
    make_older(file, schema_version - 1);
    SQLite::Database reader(file.string(), SQLite::OPEN_READONLY);
    const std::string tables = "SELECT count(*) FROM sqlite_schema WHERE name = '_probe'";
    reader.exec("BEGIN");
    EXPECT_EQ(first_of(reader, tables), "0");
    const auto db = open_writer(file, owner_only);
    EXPECT_EQ(first_of(reader, tables), "0") << "its picture stays";
    EXPECT_EQ(first_of(reader, "SELECT count(*) FROM gone_rows"), "1");
    reader.exec("COMMIT");
    EXPECT_EQ(first_of(reader, tables), "1");
    EXPECT_EQ(first_of(reader, "SELECT count(*) > 0 FROM fact_time_entry WHERE 0"), "0") << "the views are there";
}

TEST_F(Copy, S05_WhatOnlyTheMirrorKnowsIsCarriedOver) {
    edit("changed here");
    const auto added = write_locally(m.db(), {{"INSERT INTO entries (description, duration_seconds, entry_date) VALUES ('made here', 60, '2024-01-22')", {}}}, true);
    ASSERT_TRUE(added);
    mirror fresh;
    auto old = open_reader(m.file());
    const auto done = carry_over(old, fresh.db());
    EXPECT_EQ(done.waiting, 2);
    EXPECT_TRUE(done.lost.empty());
    EXPECT_EQ(fresh.cell("SELECT description FROM entries WHERE entry_id > 9000000000000000"), "made here");
    EXPECT_EQ(fresh.cell("SELECT count(*) FROM entries"), "1") << "what MinuteDock has is read from there";
    EXPECT_EQ(fresh.cell("SELECT account_id FROM _identity"), "5");
    fresh.apply(resource::entries, R"([{"id":1,"date":"2024-01-20","description":"one"}])");
    EXPECT_EQ(fresh.cell("SELECT description FROM entries WHERE entry_id = 1"), "changed here");
}

}  // namespace
}  // namespace mdock::store
