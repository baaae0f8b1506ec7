// SPDX-License-Identifier: MIT
// The store on a disk that fails at one chosen operation: a COMMIT that fails, a sync that fails, a disk without room.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "core/store/database.h"
#include "core/store/open.h"
#include "tests/support/memory_disk.h"

namespace mdock::store {
namespace {

using test::memory_disk;
using test::power_cut_flavour;

std::unique_ptr<database> open(memory_disk& disk, bool was_left_open = false) {
    return open_writer_on(disk.vfs_name(), "mirror.db", was_left_open);
}

const test::disk_image& fresh_mirror() {
    static const test::disk_image image = [] {
        memory_disk disk;
        open(disk).reset();
        return disk.copy();
    }();
    return image;
}

void add_task(database& db, int id) {
    transaction write(db);
    db.prepared("INSERT INTO tasks (task_id, name) VALUES (?1, 'task ' || ?1)").bind(1, id).run();
    db.known(resource::tasks).insert(id);
    write.commit();
}

// SQLite's code of what adding it fails with, 0 for nothing.
int failing_to_add(database& db, int id) {
    try {
        add_task(db, id);
        return 0;
    } catch (const SQLite::Exception& error) {
        return error.getExtendedErrorCode();
    }
}

std::string tasks(database& db) {
    return db.connection().execAndGet("SELECT coalesce(group_concat(task_id), '') FROM (SELECT task_id FROM tasks ORDER BY 1)").getString();
}

class StoreOnASickDisk : public testing::Test {
protected:
    StoreOnASickDisk() {
        disk.restore(fresh_mirror());
        db = open(disk);
    }
    memory_disk disk;
    std::unique_ptr<database> db;
};

TEST_F(StoreOnASickDisk, S03_ACommitWithoutRoomIsTakenBackAndItsParentsAreForgotten) {
    add_task(*db, 1);
    disk.fail({.kinds = test::disk_write, .lasts = true, .is_full = true});
    EXPECT_EQ(failing_to_add(*db, 2), SQLITE_FULL);
    EXPECT_EQ(tasks(*db), "1") << "reading goes on";
    EXPECT_FALSE(db->known(resource::tasks).contains(2));
    EXPECT_EQ(failing_to_add(*db, 2), SQLITE_FULL);
    disk.heal();
    EXPECT_EQ(failing_to_add(*db, 2), 0) << "and writing, by itself, when there is room";
    EXPECT_EQ(tasks(*db), "1,2");
}

TEST_F(StoreOnASickDisk, S06_ACommitThatFailsIsNoCommitAndTheNextOneIs) {
    for (const unsigned kind : {test::disk_write, test::disk_sync}) {
        disk.fail({.kinds = kind});
        EXPECT_EQ(failing_to_add(*db, 7) & 0xff, SQLITE_IOERR);
        EXPECT_FALSE(db->known(resource::tasks).contains(7));
        EXPECT_EQ(failing_to_add(*db, 8) & 0xff, 0);
        transaction write(*db);
        db->connection().exec("DELETE FROM tasks");
        write.commit();
        db->forget();
    }
}

TEST_F(StoreOnASickDisk, S06_AsLongAsTheDiskIsSickEveryTransactionFailsAndNothingIsLost) {
    add_task(*db, 1);
    disk.fail({.kinds = test::disk_anything, .lasts = true});
    for (int i = 0; i < 3; ++i) EXPECT_EQ(failing_to_add(*db, 2) & 0xff, SQLITE_IOERR);
    disk.heal();
    EXPECT_EQ(failing_to_add(*db, 2), 0);
    EXPECT_EQ(tasks(*db), "1,2");
}

// A load's commit is not synced by itself; the sync that fails is the one that would have made it safe. What is
// acknowledged after that must not stand on pages that the machine only believes to be on the disk.
TEST_F(StoreOnASickDisk, S06_WhatIsAcknowledgedAfterAFailedSyncIsThereAfterAPowerCut) {
    db.reset();
    for (std::uint64_t seed = 1; seed <= 20; ++seed)
        for (const bool is_checkpoint : {false, true}) {
            disk.restore(fresh_mirror());
            db = open(disk);
            {
                const bulk_writing cheaper(*db);
                add_task(*db, 1);
            }
            disk.fail({.kinds = test::disk_sync});
            if (is_checkpoint)
                db->checkpoint();
            else
                ASSERT_NE(failing_to_add(*db, 2), 0);
            ASSERT_EQ(disk.failed(), 1);
            ASSERT_EQ(failing_to_add(*db, 3), 0);
            disk.power_cut(seed, power_cut_flavour::dropped);
            db->die();
            db.reset();
            db = open(disk, true);
            const auto left = tasks(*db);
            // The one that failed may have been a commit after all.
            ASSERT_TRUE(left == "1,3" || left == "1,2,3") << left << " seed " << seed;
            ASSERT_EQ(db->connection().execAndGet("PRAGMA integrity_check").getString(), "ok");
            db.reset();
        }
}

TEST_F(StoreOnASickDisk, S02_AnAcknowledgedCommitIsThereAfterAPowerCut) {
    db.reset();
    for (std::uint64_t seed = 1; seed <= 20; ++seed)
        for (const auto flavour : {power_cut_flavour::kept, power_cut_flavour::dropped, power_cut_flavour::garbled}) {
            disk.restore(fresh_mirror());
            db = open(disk);
            add_task(*db, 1);
            disk.power_cut(seed, flavour);
            db->die();
            db.reset();
            db = open(disk, true);
            ASSERT_EQ(tasks(*db), "1") << "seed " << seed;
            db.reset();
        }
}

}  // namespace
}  // namespace mdock::store
