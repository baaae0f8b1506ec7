// SPDX-License-Identifier: MIT
// What is due when, by a clock that counts on through sleep.
#include "core/sync/schedule.h"

#include <gtest/gtest.h>

namespace mdock::sync {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const monotonic_time start{hours{1}};

TEST(Schedule, EverythingIsDueAtFirst) {
    const schedule s;
    for (const duty which : all_duties) EXPECT_TRUE(s.is_due(which, monotonic_time{}));
    EXPECT_LE(s.next(), monotonic_time{});
}

TEST(Schedule, EachDutyWaitsForItsOwnInterval) {
    schedule s;
    for (const duty which : all_duties) s.done(which, start, hours{1});
    s.done(duty::dock, start, seconds{30});
    EXPECT_EQ(s.next(), start + seconds{30});
    EXPECT_FALSE(s.is_due(duty::dock, start + seconds{29}));
    EXPECT_TRUE(s.is_due(duty::dock, start + seconds{30}));
    EXPECT_FALSE(s.is_due(duty::entries, start + seconds{30}));
    EXPECT_TRUE(s.is_due(duty::entries, start + hours{1}));
}

TEST(Schedule, T09_AfterALongSleepADutyIsDueOnceAndNotForEachIntervalSlept) {
    schedule s;
    for (const duty which : all_duties) s.done(which, start, minutes{5});
    const monotonic_time woken = start + hours{9};
    int rounds = 0;
    for (monotonic_time now = woken; now < woken + minutes{5}; now += seconds{1}) {
        if (!s.is_due(duty::entries, now)) continue;
        ++rounds;
        s.done(duty::entries, now, minutes{5});
    }
    EXPECT_EQ(rounds, 1);
    EXPECT_TRUE(s.is_due(duty::entries, woken + minutes{5}));
}

}  // namespace
}  // namespace mdock::sync
