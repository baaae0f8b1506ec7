// SPDX-License-Identifier: MIT
// Killed at any step, by the end of the process or of the machine, every scenario comes to the end that it has without
// trouble; nothing that a commit had shown goes back, and the cycle after that does nothing.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "tests/crash/lab.h"

namespace mdock::test {
namespace {

constexpr power_cut_flavour cuts[] = {power_cut_flavour::kept, power_cut_flavour::dropped, power_cut_flavour::garbled};
const char* const names_of_cuts[] = {"kept", "dropped", "garbled"};

class Killed : public testing::TestWithParam<crash_scenario> {
protected:
    lab bench{GetParam()};
    std::int64_t kills = 0;

    void TearDown() override {
        std::cout << GetParam().name << ": " << bench.steps() << " steps, " << bench.operations(disk_changes)
                  << " writes and syncs, " << kills << " kill runs\n";
    }

    // After the machine or the process is gone, as `how` left the disk.
    void restart_and_compare(trial& one, const std::string& how) {
        ++kills;
        one.w.revive();
        one.finish();
        ASSERT_EQ(one.troubles(bench.wanted()), lines{}) << GetParam().name << " " << how;
    }
};

TEST_P(Killed, L02_AtAnyStepTheEndIsTheSame) {
    for (const auto at : bench.some(bench.steps(), 24, 1)) {
        auto one = bench.begin();
        one->die_at = at;
        ASSERT_FALSE(one->act());
        restart_and_compare(*one, "killed at step " + std::to_string(at));
        if (HasFatalFailure()) return;
    }
}

TEST_P(Killed, S02_ByAPowerCutAtAnyStepTheEndIsTheSame) {
    for (const auto at : bench.some(bench.steps(), 8, 2))
        for (std::size_t i = 0; i < std::size(cuts); ++i) {
            auto one = bench.begin();
            one->die_at = at;
            ASSERT_FALSE(one->act());
            one->disk.power_cut(static_cast<std::uint64_t>(at), cuts[i]);
            restart_and_compare(*one, "cut at step " + std::to_string(at) + ", writes " + names_of_cuts[i]);
            if (HasFatalFailure()) return;
        }
}

// In the middle of a transaction or a checkpoint, where no step is.
TEST_P(Killed, S02_ByAPowerCutAtAnyWriteOrSyncTheEndIsTheSame) {
    for (const auto at : bench.some(bench.operations(disk_changes), 12, 3))
        for (std::size_t i = 0; i < std::size(cuts); ++i) {
            auto one = bench.begin();
            one->disk.fail({.nth = at, .kinds = disk_changes, .lasts = true});
            one->act();
            one->disk.heal();
            one->disk.power_cut(static_cast<std::uint64_t>(at), cuts[i]);
            restart_and_compare(*one, "cut at write " + std::to_string(at) + ", writes " + names_of_cuts[i]);
            if (HasFatalFailure()) return;
        }
}

// And again while what was left is being taken up: the answer that nobody has heard may be the second one.
class KilledTwice : public Killed {};

TEST_P(KilledTwice, L02_AtAnyTwoStepsTheEndIsTheSame) {
    const bool is_all = std::getenv("MDOCK_CRASH_ALL") != nullptr;
    for (const auto at : bench.some(bench.steps(), 8, 4))
        for (std::int64_t again = 1; again < 400; again += is_all ? 1 : 1 + (at * 7 + again * 3) % 59) {
            auto one = bench.begin();
            one->die_at = at;
            ASSERT_FALSE(one->act());
            one->w.revive();
            one->finish_until(again);
            const bool was_killed = one->w.is_dead;
            if (was_killed) one->w.revive();
            ++kills;
            one->finish();
            ASSERT_EQ(one->troubles(bench.wanted()), lines{}) << GetParam().name << " killed at step " << at << " and again at " << again;
            if (!was_killed) break;
        }
}

INSTANTIATE_TEST_SUITE_P(Crash, KilledTwice, testing::ValuesIn(outbox_scenarios()),
                         [](const auto& each) { return std::string(each.param.name); });
INSTANTIATE_TEST_SUITE_P(Crash, Killed, testing::ValuesIn(crash_scenarios()),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace mdock::test
