// SPDX-License-Identifier: MIT
// The disk of the crash tests loses what a real one may lose, and nothing else.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "tests/support/memory_disk.h"

namespace mdock::test {
namespace {

constexpr power_cut_flavour flavours[] = {power_cut_flavour::kept, power_cut_flavour::dropped, power_cut_flavour::garbled};

SQLite::Database open(memory_disk& disk) {
    return SQLite::Database(std::string("a.db"), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, 0, disk.vfs_name());
}

std::string cell(SQLite::Database& db, const char* sql) { return db.execAndGet(sql).getString(); }

// A file through the VFS's own methods, as SQLite uses it.
class raw_file {
public:
    explicit raw_file(memory_disk& disk) {
        auto* vfs = sqlite3_vfs_find(disk.vfs_name().c_str());
        memory_.resize(static_cast<std::size_t>(vfs->szOsFile) / sizeof(std::max_align_t) + 1);
        file_ = reinterpret_cast<sqlite3_file*>(memory_.data());
        vfs->xOpen(vfs, "raw", file_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MAIN_DB, nullptr);
    }
    ~raw_file() { file_->pMethods->xClose(file_); }
    raw_file(const raw_file&) = delete;
    raw_file& operator=(const raw_file&) = delete;

    int write(const std::string& bytes, std::int64_t at) {
        return file_->pMethods->xWrite(file_, bytes.data(), static_cast<int>(bytes.size()), at);
    }
    int sync() { return file_->pMethods->xSync(file_, SQLITE_SYNC_FULL); }
    int resize(std::int64_t size) { return file_->pMethods->xTruncate(file_, size); }

private:
    std::vector<std::max_align_t> memory_;
    sqlite3_file* file_ = nullptr;
};

TEST(PowerCut, LosesExactlyWhatWasNotSynced) {
    for (const auto flavour : flavours) {
        bool lost = false;
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            memory_disk disk;
            raw_file file(disk);
            file.write(std::string(8192, 's'), 0);
            file.sync();
            file.write(std::string(512, 'u'), 8192);
            disk.power_cut(seed, flavour);
            const auto bytes = disk.bytes_of("raw");
            ASSERT_EQ(bytes.substr(0, 8192), std::string(8192, 's'));
            lost = lost || bytes.substr(8192) != std::string(512, 'u');
            EXPECT_NE(file.write("dead", 0), SQLITE_OK);
        }
        EXPECT_EQ(lost, flavour != power_cut_flavour::kept);
    }
}

TEST(PowerCut, DropsWritesAsAWholeAndGarblesSectors) {
    std::size_t kept = 0, dropped = 0, torn = 0;
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        memory_disk disk;
        raw_file file(disk);
        file.resize(4096);
        file.sync();
        file.write(std::string(4096, 'u'), 0);
        const auto before = disk.copy();
        disk.power_cut(seed, power_cut_flavour::dropped);
        const auto bytes = disk.bytes_of("raw");
        ASSERT_TRUE(bytes == std::string(4096, 'u') || bytes == std::string(4096, '\0'));
        ++(bytes[0] == 'u' ? kept : dropped);
    }
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        memory_disk disk;
        raw_file file(disk);
        file.write(std::string(4096, 'u'), 0);
        disk.power_cut(seed, power_cut_flavour::garbled);
        const auto bytes = disk.bytes_of("raw");
        if (bytes.size() == 4096 && bytes != std::string(4096, 'u')) ++torn;
    }
    EXPECT_GT(kept, 5U);
    EXPECT_GT(dropped, 5U);
    EXPECT_GT(torn, 5U);
}

TEST(PowerCut, AnEndOfTheProcessLosesNothingAndMakesNothingSafe) {
    memory_disk disk;
    raw_file file(disk);
    file.write("synced", 0);
    file.sync();
    file.write("better", 0);
    disk.end_processes();
    EXPECT_EQ(disk.bytes_of("raw"), "better");
    EXPECT_NE(file.sync(), SQLITE_OK);
    std::size_t lost = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        memory_disk other;
        raw_file again(other);
        again.write("synced", 0);
        again.sync();
        again.write("better", 0);
        other.end_processes();
        other.power_cut(seed, power_cut_flavour::dropped);
        if (other.bytes_of("raw") == "synced") ++lost;
    }
    EXPECT_GT(lost, 0U);
}

TEST(PowerCut, S06_WhatASyncFailedForIsNotMadeSafeByTheNextOne) {
    memory_disk disk;
    raw_file file(disk);
    file.write(std::string(4096, 'a'), 0);
    file.write(std::string(4096, 'a'), 4096);
    disk.fail({.kinds = disk_sync});
    EXPECT_EQ(file.sync(), SQLITE_IOERR_FSYNC);
    file.write("b", 4096);
    EXPECT_EQ(file.sync(), SQLITE_OK);
    EXPECT_EQ(disk.bytes_of("raw").substr(0, 2), "aa") << "readers see it as long as the machine runs";
    disk.power_cut(1, power_cut_flavour::dropped);
    EXPECT_EQ(disk.bytes_of("raw"), std::string(4096, '\0') + "b" + std::string(4095, 'a'));
}

TEST(PowerCut, S02_ACommittedTransactionIsThereAndTheFileIsWhole) {
    for (const auto* mode : {"DELETE", "WAL"})
        for (const auto flavour : flavours)
            for (std::uint64_t seed = 1; seed <= 25; ++seed) {
                memory_disk disk(seed);
                auto db = open(disk);
                cell(db, (std::string("PRAGMA journal_mode = ") + mode).c_str());
                // In a rollback journal's mode only EXTRA makes sure that the journal's end is on the disk.
                db.exec("PRAGMA synchronous = EXTRA; PRAGMA cache_size = 10; CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)");
                db.exec("INSERT INTO t VALUES (1, 'committed')");
                db.exec("BEGIN; UPDATE t SET b = 'open'; WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n"
                        " WHERE i < 900) INSERT INTO t SELECT i, zeroblob(200) FROM n");
                disk.power_cut(seed, flavour);
                auto after = open(disk);
                ASSERT_EQ(cell(after, "PRAGMA integrity_check"), "ok") << mode << " seed " << seed;
                ASSERT_EQ(cell(after, "SELECT group_concat(b) FROM t"), "committed") << mode << " seed " << seed;
            }
}

// The disk can see: a database that does not sync is lost on it.
TEST(PowerCut, WithoutSyncsItFindsDamage) {
    int damaged = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        memory_disk disk(seed);
        auto db = open(disk);
        db.exec("PRAGMA synchronous = OFF; CREATE TABLE t (a); WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1"
                " FROM n WHERE i < 500) INSERT INTO t SELECT zeroblob(200) FROM n");
        disk.power_cut(seed, power_cut_flavour::dropped);
        try {
            auto after = open(disk);
            if (cell(after, "SELECT (SELECT integrity_check FROM pragma_integrity_check LIMIT 1) || count(*) FROM t") != "ok500") ++damaged;
        } catch (const SQLite::Exception&) {
            ++damaged;
        }
    }
    EXPECT_GT(damaged, 10);
}

}  // namespace
}  // namespace mdock::test
