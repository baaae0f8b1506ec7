// SPDX-License-Identifier: MIT
// The disk of the crash tests is a disk: SQLite works on it, alone and beside others, and it fails where it is told to.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "tests/support/memory_disk.h"

namespace mdock::test {
namespace {

class connection {
public:
    explicit connection(memory_disk& disk, const std::string& file = "a.db")
        : db_(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, 0, disk.vfs_name()) {}
    void run(const std::string& sql) { db_.exec(sql); }
    std::string cell(const std::string& sql) { return db_.execAndGet(sql).getString(); }
    // SQLite's extended code of what `sql` fails with, 0 for nothing.
    int error(const std::string& sql) {
        try {
            db_.exec(sql);
            return 0;
        } catch (const SQLite::Exception& failed) {
            return failed.getExtendedErrorCode();
        }
    }

private:
    SQLite::Database db_;
};

// Enough to spill, to keep a journal of statements, to sort in a file, and to carry the log over.
const char* const workload =
    "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c BLOB);"
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
    " INSERT INTO t SELECT i, 'row ' || i, zeroblob(i % 300) FROM n;"
    "CREATE INDEX t_b ON t (b);"
    "BEGIN; UPDATE t SET b = b || ' again' WHERE a % 3 = 0; DELETE FROM t WHERE a % 7 = 0; COMMIT;"
    "BEGIN; DELETE FROM t; ROLLBACK;"
    "VACUUM;";

void expect_worked(connection& db) {
    EXPECT_EQ(db.cell("PRAGMA integrity_check"), "ok");
    EXPECT_EQ(db.cell("SELECT count(*) || ' ' || sum(length(b)) FROM t"), "2572 24774");
}

TEST(MemoryDisk, SqliteWorksOnItInEveryJournalMode) {
    for (const auto* mode : {"DELETE", "TRUNCATE", "PERSIST", "WAL"}) {
        memory_disk disk;
        {
            connection db(disk);
            db.run("PRAGMA cache_size = 20; PRAGMA cache_spill = 10; PRAGMA temp_store = FILE");
            db.cell(std::string("PRAGMA journal_mode = ") + mode);
            db.run(workload);
            expect_worked(db);
        }
        connection again(disk);
        expect_worked(again);
    }
}

TEST(MemoryDisk, NothingOfItIsLeftOpen) {
    memory_disk disk;
    {
        connection db(disk);
        db.cell("PRAGMA journal_mode = WAL");
        db.run(workload);
        EXPECT_GT(disk.open_handles(), 0);
    }
    EXPECT_EQ(disk.open_handles(), 0);
    EXPECT_EQ(disk.copy().files.size(), 1U);
}

TEST(MemoryDisk, AReaderKeepsItsStateBesideAWriter) {
    memory_disk disk;
    connection writer(disk);
    writer.cell("PRAGMA journal_mode = WAL");
    writer.run("CREATE TABLE t (a); INSERT INTO t VALUES (1)");
    connection reader(disk);
    reader.run("BEGIN");
    EXPECT_EQ(reader.cell("SELECT count(*) FROM t"), "1");
    writer.run("INSERT INTO t VALUES (2)");
    EXPECT_EQ(reader.cell("SELECT count(*) FROM t"), "1");
    EXPECT_EQ(writer.cell("PRAGMA wal_checkpoint(TRUNCATE)"), "1") << "the reader is in the way";
    reader.run("COMMIT");
    EXPECT_EQ(reader.cell("SELECT count(*) FROM t"), "2");
    EXPECT_EQ(writer.cell("PRAGMA wal_checkpoint(TRUNCATE)"), "0");
}

TEST(MemoryDisk, TwoWritersTakeTurns) {
    for (const auto* mode : {"DELETE", "WAL"}) {
        memory_disk disk;
        connection one(disk), other(disk);
        one.cell(std::string("PRAGMA journal_mode = ") + mode);
        one.run("CREATE TABLE t (a); BEGIN IMMEDIATE; INSERT INTO t VALUES (1)");
        EXPECT_EQ(other.error("BEGIN IMMEDIATE") & 0xff, SQLITE_BUSY);
        one.run("COMMIT");
        other.run("BEGIN IMMEDIATE; INSERT INTO t VALUES (2); COMMIT");
        EXPECT_EQ(one.cell("SELECT count(*) FROM t"), "2");
    }
}

TEST(MemoryDisk, AnImageIsACopyThatNothingChanges) {
    memory_disk disk;
    {
        connection db(disk);
        db.run("CREATE TABLE t (a); INSERT INTO t VALUES ('then')");
    }
    const auto then = disk.copy();
    {
        connection db(disk);
        db.run("UPDATE t SET a = 'now'");
    }
    memory_disk other(2);
    for (auto* each : {&disk, &other}) {
        each->restore(then);
        connection db(*each);
        EXPECT_EQ(db.cell("SELECT a FROM t"), "then");
        db.run("UPDATE t SET a = 'later'");
    }
}

TEST(MemoryDisk, RewoundUnderOpenConnectionsTheyGoOnFromTheImage) {
    memory_disk disk;
    connection writer(disk), reader(disk);
    writer.cell("PRAGMA journal_mode = WAL");
    writer.run("CREATE TABLE t (a); INSERT INTO t VALUES ('then')");
    writer.cell("PRAGMA wal_checkpoint(TRUNCATE)");
    const auto then = disk.copy();
    for (int round = 0; round < 3; ++round) {
        writer.run("UPDATE t SET a = 'now'; WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900)"
                   " INSERT INTO t SELECT zeroblob(3000) FROM n");
        EXPECT_EQ(reader.cell("SELECT count(*) FROM t"), "901");
        disk.rewind(then);
        EXPECT_EQ(round == 1 ? reader.cell("SELECT a FROM t") : writer.cell("SELECT a FROM t"), "then");
        EXPECT_EQ(writer.cell("PRAGMA integrity_check"), "ok");
        EXPECT_EQ(disk.bytes_of("a.db-wal"), "");
    }
}

TEST(MemoryDisk, TheSameSeedGivesTheSameBytes) {
    std::string first;
    for (int run = 0; run < 2; ++run) {
        memory_disk disk(5);
        connection db(disk);
        db.cell("PRAGMA journal_mode = WAL");
        db.run("CREATE TABLE t (a, b); INSERT INTO t VALUES (random(), datetime('now'))");
        const auto bytes = disk.bytes_of("a.db-wal");
        ASSERT_GT(bytes.size(), 4096U);
        if (run == 0) first = bytes;
        EXPECT_EQ(bytes, first);
    }
}

// Fails the first, second, third … operation until the workload passes; what was there before is there after each.
int runs_until_it_passes(unsigned kinds, bool lasts, bool is_full, const char* mode) {
    memory_disk disk;
    {
        connection db(disk);
        db.cell(std::string("PRAGMA journal_mode = ") + mode);
        db.run("CREATE TABLE before (a); INSERT INTO before VALUES (1)");
    }
    const auto start = disk.copy();
    for (int nth = 1; nth < 3000; ++nth) {
        disk.restore(start);
        int error = 0;
        {
            connection db(disk);
            disk.fail({.nth = nth, .kinds = kinds, .lasts = lasts, .is_full = is_full});
            error = db.error("PRAGMA cache_size = 20; BEGIN; INSERT INTO before VALUES (2); CREATE TABLE t (b);"
                             "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)"
                             " INSERT INTO t SELECT zeroblob(300) FROM n; COMMIT;");
            if (error != 0) {
                EXPECT_EQ(error & 0xff, is_full ? SQLITE_FULL : SQLITE_IOERR) << "operation " << nth << " " << error;
            }
        }
        const bool has_failed = disk.failed() > 0;
        disk.heal();
        connection db(disk);
        EXPECT_EQ(db.cell("PRAGMA integrity_check"), "ok") << "operation " << nth;
        const auto rows = db.cell("SELECT count(*) FROM before");
        // A commit whose sync failed is one or it is not: its frames are in the log, and the next opening finds them.
        if (error == SQLITE_IOERR_FSYNC && rows == "2") continue;
        EXPECT_EQ(rows, error == 0 ? "2" : "1") << mode << " operation " << nth << " error " << error;
        if (!has_failed) return nth;
    }
    return -1;
}

TEST(MemoryDisk, S06_EveryOperationCanFailOnceOrForEver) {
    for (const auto* mode : {"DELETE", "WAL"})
        for (const unsigned kinds : {disk_write, disk_sync, disk_changes})
            for (const bool lasts : {false, true}) EXPECT_GT(runs_until_it_passes(kinds, lasts, false, mode), 1) << mode << kinds << lasts;
}

TEST(MemoryDisk, S03_ADiskThatIsFullIsSaidToBeFull) {
    for (const auto* mode : {"DELETE", "WAL"})
        for (const bool lasts : {false, true}) EXPECT_GT(runs_until_it_passes(disk_write, lasts, true, mode), 10) << mode;
}

TEST(MemoryDisk, AReadCanFail) {
    memory_disk disk;
    connection(disk).run("CREATE TABLE t (a); INSERT INTO t VALUES (1)");
    connection db(disk);
    disk.fail({.kinds = disk_read});
    EXPECT_EQ(db.error("SELECT count(*) FROM t"), SQLITE_IOERR_READ);
    EXPECT_EQ(db.cell("SELECT count(*) FROM t"), "1");
}

}  // namespace
}  // namespace mdock::test
