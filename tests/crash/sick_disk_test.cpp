// SPDX-License-Identifier: MIT
// The nth operation of the disk fails, for every n until a run passes: what a program says then is true, it goes on by
// itself when the disk is well again, and it comes to the same end. Also after the power went in the middle of it.
#include <gtest/gtest.h>

#include <iostream>

#include "tests/crash/lab.h"
#include "tests/scenario/rows.h"

namespace mdock::test {
namespace {

class SickDisk : public testing::TestWithParam<crash_scenario> {
protected:
    lab bench{GetParam()};
    std::int64_t runs = 0;

    void TearDown() override { std::cout << GetParam().name << ": " << runs << " runs on a sick disk\n"; }

    // The nth operation of `kinds` fails for some n, and the process goes on with the disk as it is then.
    void fails_and_heals(disk_fault fault, std::size_t most) {
        for (const auto at : bench.some(bench.operations(fault.kinds), most, fault.kinds + fault.lasts)) {
            auto one = bench.begin();
            fault.nth = at;
            one->disk.fail(fault);
            const bool came_through = one->act();
            one->disk.heal();
            const std::string how = std::string(GetParam().name) + ": operation " + std::to_string(at) + " of kinds " +
                                    std::to_string(fault.kinds) + (fault.lasts ? " until healed" : " once");
            ++runs;
            ASSERT_EQ(says_untrue(*one, came_through), lines{}) << how;
            one->finish();
            ASSERT_EQ(one->troubles(bench.wanted()), lines{}) << how;
            ASSERT_EQ(one->disk.failed() > 0, true) << how;
        }
    }

    // What mirror_status shows as current, and a round said nothing against, is whole.
    lines says_untrue(trial& one, bool came_through) {
        lines out;
        if (one.w.progress.rounds.empty() && !came_through) return out;
        SQLite::Statement wrong(one.w.db->connection(),
                                "SELECT m.resource FROM mirror_status m JOIN _resource r USING (resource) WHERE m.state = 'current' "
                                "AND r.is_loaded = 0 AND m.resource NOT IN ('accounts', 'dock', 'invoice_line_items')");
        while (wrong.executeStep()) out.push_back(wrong.getColumn(0).getString() + " is current and not loaded");
        return out;
    }
};

TEST_P(SickDisk, S06_AnyOperationFailsOnce) {
    fails_and_heals({.kinds = disk_write}, 7);
    fails_and_heals({.kinds = disk_sync}, 7);
    fails_and_heals({.kinds = disk_read}, 5);
    fails_and_heals({.kinds = disk_resize | disk_remove}, 4);
}

TEST_P(SickDisk, S06_EveryOperationFailsFromThenOn) {
    fails_and_heals({.kinds = disk_changes, .lasts = true}, 7);
    fails_and_heals({.kinds = disk_anything, .lasts = true}, 5);
}

TEST_P(SickDisk, S03_TheDiskIsFullOnceOrUntilThereIsRoom) {
    fails_and_heals({.kinds = disk_write, .is_full = true}, 7);
    fails_and_heals({.kinds = disk_write, .lasts = true, .is_full = true}, 7);
}

// The machine keeps what a failed sync did not write only until the power goes: what is acknowledged after it must not
// stand on it.
TEST_P(SickDisk, S06_ASyncFailsAndLaterThePowerGoes) {
    for (const auto at : bench.some(bench.operations(disk_sync), 5, 7))
        for (std::int64_t later = 0; later < 3; ++later) {
            auto one = bench.begin();
            one->disk.fail({.nth = at, .kinds = disk_sync});
            one->die_at = 1 + (bench.steps() * (later + 1)) / 3;
            one->act();
            one->disk.heal();
            if (!one->w.is_dead) one->finish_until(5 + later * 40);
            one->disk.power_cut(static_cast<std::uint64_t>(at + later), power_cut_flavour::dropped);
            ++runs;
            one->w.revive();
            one->finish();
            ASSERT_EQ(one->troubles(bench.wanted()), lines{}) << "sync " << at << ", cut " << later;
        }
}

INSTANTIATE_TEST_SUITE_P(Crash, SickDisk, testing::ValuesIn(crash_scenarios()),
                         [](const auto& each) { return std::string(each.param.name); });

// A check that could not run is no finding: the file may be all right, and nothing is moved or refused for ever.
TEST(SickDiskCheck, S04_ACheckThatCannotReadIsNotTakenForDamage) {
    trial first(crash_scenarios().front());
    loaded(first.w);
    first.w.restart();
    const auto image = first.disk.copy();
    int refused = 0;
    for (std::int64_t nth = 1; nth < 60; nth += 3) {
        for (const bool is_full : {false, true}) {
            memory_disk disk;
            disk.restore(image);
            disk.fail({.nth = nth, .kinds = is_full ? disk_changes : disk_read, .lasts = true, .is_full = is_full});
            try {
                store::open_writer_on(disk.vfs_name(), "mirror.db", true);
            } catch (const failure_exception& error) {
                ++refused;
                EXPECT_NE(error.why().code(), errc::database_corrupt) << nth << ": " << error.why().context();
                EXPECT_NE(error.why().code(), errc::database_foreign) << nth << ": " << error.why().context();
            }
            disk.heal();
            const auto db = store::open_writer_on(disk.vfs_name(), "mirror.db", true);
            EXPECT_EQ(db->connection().execAndGet("PRAGMA integrity_check").getString(), "ok") << nth;
        }
    }
    EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace mdock::test
