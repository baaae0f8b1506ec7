// SPDX-License-Identifier: MIT
// The cursor is the service's time, goes forward only, and its overlap grows with what came late.
#include "core/sync/cursor.h"

#include <gtest/gtest.h>

#include <random>

namespace mdock::sync {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

utc_seconds at(long long n) { return utc_seconds{seconds{n}}; }

TEST(Cursor, P08_AsksForAnOverlapBeforeWhatItReached) {
    cursor c;
    EXPECT_FALSE(since_of(c));
    EXPECT_FALSE(complete_as_of(c));
    c = advance(c, at(10'000), std::nullopt, seconds{0});
    EXPECT_EQ(c.at, at(10'000));
    EXPECT_EQ(c.overlap, minutes{5});
    EXPECT_EQ(since_of(c), at(9'700));
    EXPECT_EQ(complete_as_of(c), at(9'700));
}

TEST(Cursor, TakesTheTimeBeforeTheWalkAndNotTheNewestRow) {
    const cursor c = advance({}, at(10'000), at(99'000), seconds{0});
    EXPECT_EQ(c.at, at(10'000));
}

TEST(Cursor, P09_GrowsItsOverlapToFourTimesTheLatenessUpToADay) {
    const std::pair<seconds, seconds> table[] = {
        {seconds{0}, minutes{5}}, {seconds{75}, minutes{5}},  {seconds{76}, seconds{304}}, {minutes{30}, hours{2}},
        {hours{6}, hours{24}},    {hours{7}, hours{24}}, {hours{1000}, hours{24}},
    };
    for (const auto& [lateness, overlap] : table) {
        const cursor c = advance({}, at(1'000'000), std::nullopt, lateness);
        EXPECT_EQ(c.overlap, overlap) << lateness.count();
        // What was late once may be late again.
        EXPECT_EQ(advance(c, at(1'000'100), std::nullopt, seconds{0}).overlap, overlap);
    }
}

TEST(Cursor, T08_WithoutADateTheNewestRowStandsInWithAWiderOverlap) {
    cursor c = advance({}, std::nullopt, at(5'000), seconds{0});
    EXPECT_EQ(c.at, at(5'000));
    EXPECT_EQ(c.overlap, minutes{15});
    c = advance(c, std::nullopt, std::nullopt, seconds{0});
    EXPECT_EQ(c.at, at(5'000)) << "nothing proves more";
    c = advance(c, std::nullopt, at(4'000), seconds{0});
    EXPECT_EQ(c.at, at(5'000));
    EXPECT_FALSE(advance({}, std::nullopt, std::nullopt, seconds{0}).at);
}

TEST(Cursor, T08_DateAheadOfTheMachinesClockIsTakenAtMostADayEarlier) {
    const auto machine = at(1'700'000'000);
    EXPECT_EQ(cautious(machine, machine), machine);
    EXPECT_EQ(cautious(machine + minutes{1}, machine), machine + minutes{1});
    EXPECT_EQ(cautious(machine + minutes{10}, machine), machine);
    EXPECT_EQ(cautious(machine + hours{24} * 9000, machine), machine + hours{24} * 8999);
    EXPECT_EQ(cautious(machine - hours{24} * 9000, machine), machine - hours{24} * 9000) << "a clock ahead proves nothing";
}

TEST(Cursor, NeverGoesBackAndNeverNarrows) {
    std::mt19937 random(77);
    const auto below = [&random](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    cursor c;
    for (int i = 0; i < 5000; ++i) {
        std::optional<utc_seconds> date, newest;
        if (below(4) != 0) date = at(below(1'000'000));
        if (below(3) != 0) newest = at(below(2'000'000));
        const cursor next = advance(c, date, newest, seconds{below(10) == 0 ? below(100'000) : 0});
        ASSERT_TRUE(!c.at || (next.at && *next.at >= *c.at));
        ASSERT_GE(next.overlap, c.overlap);
        ASSERT_LE(next.overlap, hours{24});
        if (date) {
            ASSERT_LE(*next.at, std::max(*date, c.at.value_or(*date))) << "rows do not carry it past the service's time";
        }
        c = next;
    }
}

}  // namespace
}  // namespace mdock::sync
