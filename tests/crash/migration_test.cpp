// SPDX-License-Identifier: MIT
// A migration that is killed at any write, sync or truncation, from every older version of the schema: the next opening
// makes it whole, and every row is as it was. A migration whose disk is sick leaves the file as it was.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "core/store/database.h"
#include "core/store/open.h"
#include "schema/embedded.h"
#include "tests/crash/lab.h"

namespace mdock::test {
namespace {

constexpr power_cut_flavour cuts[] = {power_cut_flavour::kept, power_cut_flavour::dropped, power_cut_flavour::garbled};

SQLite::Database raw(memory_disk& disk, const std::string& name) {
    return SQLite::Database(name, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, 0, disk.vfs_name());
}

lines column(SQLite::Database& db, const std::string& sql) {
    lines out;
    SQLite::Statement rows(db, sql);
    while (rows.executeStep()) out.push_back(rows.getColumn(0).getString());
    return out;
}

// Columns that a row can be copied by: those of the older table that are stored.
std::string columns_of(SQLite::Database& db, const std::string& table) {
    std::string list;
    for (const auto& name : column(db, "SELECT name FROM pragma_table_xinfo('" + table + "') WHERE hidden = 0"))
        list += (list.empty() ? "" : ", ") + name;
    return list;
}

const char* const tables_with_rows = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE "
                                     "'\\' AND name NOT LIKE 'dict\\_%' ESCAPE '\\' AND name NOT IN ('_surface', '_gate')";

// A file as `version`'s program left it, with the rows of a mirror of today in every table that it had.
disk_image file_of(int version, const disk_image& today) {
    memory_disk disk;
    disk.restore(today);
    {
        auto db = raw(disk, "old.db");
        db.exec("PRAGMA application_id = " + std::to_string(store::application_id));
        db.execAndGet("PRAGMA journal_mode = WAL");
        for (const auto& step : schema::migrations())
            if (step.version <= version) db.exec(std::string(step.sql));
        db.exec("PRAGMA user_version = " + std::to_string(version));
        db.exec("ATTACH 'mirror.db' AS today");
        for (const auto& table : column(db, tables_with_rows)) {
            const auto columns = columns_of(db, table);
            db.exec("INSERT OR REPLACE INTO main." + table + " (" + columns + ") SELECT " + columns + " FROM today." + table);
        }
        db.exec("DETACH today");
        db.execAndGet("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    disk_image image;
    image.files.emplace("mirror.db", disk.copy().files.at("old.db"));
    return image;
}

class Migration : public testing::TestWithParam<int> {
protected:
    Migration() {
        trial first(crash_scenarios().front());
        loaded(first.w);
        first.w.restart();
        today_ = first.disk.copy();
        // Before version 1 there is no file.
        if (GetParam() > 0) old_ = file_of(GetParam(), today_);
        memory_disk disk;
        disk.restore(old_);
        wanted_ = content(disk, false);
        operations_ = disk.count(disk_changes);
        if (GetParam() == 0) return;
        // The rows that the older version had are the same ones, and what was added is there.
        memory_disk now;
        now.restore(today_);
        for (const auto& line : difference_of(content(now, false), wanted_)) ADD_FAILURE() << line;
    }

    // Opens, which migrates, and says everything that is in the file.
    static lines content(memory_disk& disk, bool was_left_open) {
        auto db = store::open_writer_on(disk.vfs_name(), "mirror.db", was_left_open);
        lines out = column(db->connection(), "SELECT name || sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' "
                                             "AND name NOT LIKE '%\\_by\\_%' ESCAPE '\\' AND type <> 'index'");
        for (const auto& table : column(db->connection(), tables_with_rows))
            for (auto& row : column(db->connection(), "SELECT json_array(" + columns_of(db->connection(), table) + ") FROM " + table))
                out.push_back(table + row);
        out.push_back(db->connection().execAndGet("PRAGMA user_version").getString());
        out.push_back(db->connection().execAndGet("PRAGMA application_id").getString());
        for (auto& line : column(db->connection(), "PRAGMA quick_check")) out.push_back(std::move(line));
        std::sort(out.begin(), out.end());
        return out;
    }

    // What the probe of the header's bytes accepts: no file yet, or one that says that it is ours.
    static bool is_ours(const memory_disk& disk) {
        const auto bytes = disk.bytes_of("mirror.db");
        return bytes.empty() || (bytes.starts_with("SQLite format 3") && bytes.substr(68, 4) == "mdok");
    }

    static bool opens(memory_disk& disk) {
        try {
            store::open_writer_on(disk.vfs_name(), "mirror.db", false);
            return true;
        } catch (const failure_exception&) {
            return false;
        }
    }

    disk_image today_, old_;
    lines wanted_;
    std::int64_t operations_ = 0;
};

TEST_P(Migration, L07_KilledAtAnyOperationTheNextOpeningMakesItWhole) {
    std::int64_t kills = 0;
    for (const auto at : some_of(operations_, 24, 1))
        for (const auto cut : cuts) {
            memory_disk disk;
            disk.restore(old_);
            disk.fail({.nth = at, .kinds = disk_changes, .lasts = true});
            opens(disk);
            disk.heal();
            disk.power_cut(static_cast<std::uint64_t>(at), cut);
            ++kills;
            if (cut == power_cut_flavour::kept) {
                ASSERT_TRUE(is_ours(disk)) << "operation " << at;
            }
            ASSERT_EQ(difference_of(wanted_, content(disk, true)), lines{}) << "operation " << at << " cut " << static_cast<int>(cut);
        }
    std::cout << "migration from version " << GetParam() << ": " << operations_ << " operations, " << kills << " kill runs\n";
}

TEST_P(Migration, S03_S06_OnASickOrFullDiskNothingIsLostAndTheNextOpeningMigrates) {
    std::int64_t runs = 0;
    for (const bool is_full : {false, true})
        for (const auto at : some_of(operations_, 15, 2)) {
            memory_disk disk;
            disk.restore(old_);
            disk.fail({.nth = at, .kinds = is_full ? unsigned{disk_write} : unsigned{disk_anything}, .is_full = is_full});
            opens(disk);
            disk.heal();
            ++runs;
            ASSERT_EQ(difference_of(wanted_, content(disk, false)), lines{}) << "operation " << at << (is_full ? " full" : "");
        }
    std::cout << "migration from version " << GetParam() << ": " << runs << " runs on a sick disk\n";
}

std::vector<int> older_versions() {
    std::vector<int> all;
    for (int version = 0; version < store::schema_version; ++version) all.push_back(version);
    return all;
}

INSTANTIATE_TEST_SUITE_P(From, Migration, testing::ValuesIn(older_versions()),
                         [](const auto& each) { return "Version" + std::to_string(each.param); });

}  // namespace
}  // namespace mdock::test
