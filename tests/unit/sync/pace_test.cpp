// SPDX-License-Identifier: MIT
// The gate's arithmetic: never more than allowed in any minute, slower after every 429, faster again only slowly.
#include "core/sync/pace.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace mdock::sync {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

monotonic_time at(milliseconds since_boot) { return monotonic_time{since_boot}; }

// The most requests that any minute holds, over `sent`, which ascends.
std::size_t busiest_minute(const std::vector<monotonic_time>& sent) {
    std::size_t most = 0, from = 0;
    for (std::size_t i = 0; i < sent.size(); ++i) {
        while (sent[from] + minutes{1} <= sent[i]) ++from;
        most = std::max(most, i - from + 1);
    }
    return most;
}

TEST(Pace, N13_NeverMoreThanAllowedInAnyMinute) {
    for (const int allowed : {1, 2, 7, 60}) {
        for (unsigned seed = 1; seed <= 20; ++seed) {
            std::mt19937 random(seed);
            pace p(allowed, seconds{60});
            std::vector<monotonic_time> sent;
            monotonic_time now = at(minutes{5});
            for (int i = 0; i < 500; ++i) {
                now += milliseconds{random() % (seed % 2 == 0 ? 50U : 90'000U / static_cast<unsigned>(allowed))};
                now = std::max(now, p.next_at(now));
                p.note_request(now);
                sent.push_back(now);
            }
            ASSERT_LE(busiest_minute(sent), static_cast<std::size_t>(allowed)) << "seed " << seed;
            ASSERT_TRUE(seed % 2 != 0 || busiest_minute(sent) == static_cast<std::size_t>(allowed)) << "what is allowed is used";
        }
    }
}

TEST(Pace, N13_KeepsTheLearnedRateInEveryMinuteAfterA429) {
    for (unsigned seed = 1; seed <= 50; ++seed) {
        std::mt19937 random(seed);
        pace p(60, seconds{1});
        std::vector<monotonic_time> since_limit;
        monotonic_time now = at(minutes{5});
        for (int i = 0; i < 400; ++i) {
            now = std::max(now + milliseconds{random() % 200}, p.next_at(now));
            p.note_request(now);
            since_limit.push_back(now);
            if (random() % 80 == 0) {
                p.note_rate_limit(now, seconds{0}, 0.5);
                since_limit.clear();
            }
            ASSERT_LE(busiest_minute(since_limit), static_cast<std::size_t>(p.allowed())) << "seed " << seed;
        }
    }
}

TEST(Pace, N13_A429HalvesTheRateAndDoublesThePause) {
    pace p(60, seconds{60});
    monotonic_time now = at(minutes{5});
    const int rates[] = {30, 15, 7, 3, 1, 1, 1};
    const int pauses[] = {60, 120, 240, 480, 900, 900, 900};
    for (std::size_t i = 0; i < std::size(rates); ++i) {
        const auto wait = p.note_rate_limit(now, std::nullopt, 0.0);
        EXPECT_EQ(p.allowed(), rates[i]) << i;
        EXPECT_EQ(wait, seconds{pauses[i]}) << i;
        EXPECT_TRUE(p.is_pausing(now));
        EXPECT_EQ(p.next_at(now), now + wait);
        now += wait;
        EXPECT_FALSE(p.is_pausing(now));
    }
}

TEST(Pace, N13_RequestsAlreadyOnTheWayDoNotHalveAgain) {
    pace p(60, seconds{60});
    const monotonic_time now = at(minutes{5});
    p.note_rate_limit(now, std::nullopt, 0.0);
    for (int i = 1; i <= 5; ++i) p.note_rate_limit(now + seconds{i}, std::nullopt, 0.0);
    EXPECT_EQ(p.allowed(), 30);
    EXPECT_EQ(p.pause_in_force(), seconds{60});
    EXPECT_EQ(p.not_before(), now + seconds{65}) << "each moves the pause on, none shortens it";
    p.note_answer(now + seconds{6});
    EXPECT_EQ(p.pause_in_force(), seconds{60}) << "an answer from before the pause proves nothing";
}

TEST(Pace, N14_WhatTheServiceAsksForIsObeyedAndNeverShortensAPause) {
    pace p(60, seconds{60});
    const monotonic_time now = at(minutes{5});
    EXPECT_EQ(p.note_rate_limit(now, seconds{600}, 0.9), seconds{600});
    EXPECT_EQ(p.note_rate_limit(now, seconds{5}, 0.9), seconds{600});
    EXPECT_EQ(p.next_at(now), now + seconds{600});
    // "At once" again and again is no way round the rate.
    pace q(8, seconds{60});
    for (int i = 0; i < 5; ++i) EXPECT_EQ(q.note_rate_limit(now, seconds{0}, 0.0), seconds{0});
    EXPECT_EQ(q.allowed(), 1);
    q.note_request(now);
    EXPECT_EQ(q.next_at(now), now + minutes{1});
}

TEST(Pace, N14_APauseThatIsAskedForWithoutA429LeavesTheRate) {
    pace p(60, seconds{60});
    const monotonic_time now = at(minutes{5});
    p.note_pause(now, seconds{30});
    EXPECT_EQ(p.allowed(), 60);
    EXPECT_EQ(p.pause_in_force(), seconds{0});
    EXPECT_EQ(p.next_at(now), now + seconds{30});
    p.note_pause(now, seconds{5});
    EXPECT_EQ(p.next_at(now), now + seconds{30}) << "none shortens another";
    p.note_pause(now, seconds{90});
    EXPECT_EQ(p.next_at(now), now + seconds{90});
}

TEST(Pace, N15_JitterOnlyLengthensAPause) {
    for (int i = 0; i < 100; ++i) {
        pace p(60, seconds{60});
        const auto wait = p.note_rate_limit(at(minutes{5}), std::nullopt, i / 100.0);
        EXPECT_GE(wait, seconds{60});
        EXPECT_LE(wait, seconds{75});
    }
}

TEST(Pace, ComesBackByATenthAnHourAndNeverAboveTheSetting) {
    pace p(60, seconds{60});
    monotonic_time now = at(minutes{5});
    p.note_rate_limit(now, std::nullopt, 0.0);
    ASSERT_EQ(p.allowed(), 30);
    p.note_answer(now + minutes{30});
    EXPECT_EQ(p.allowed(), 30);
    EXPECT_EQ(p.pause_in_force(), seconds{0}) << "the next pause starts small again";
    for (int hour = 1; hour <= 10; ++hour) {
        now += hours{1};
        p.note_answer(now);
        p.note_answer(now + minutes{1});
        EXPECT_EQ(p.allowed(), std::min(60, 30 + 6 * hour));
    }
}

TEST(Pace, N13_ARestartShortensNothing) {
    const monotonic_time now = at(minutes{1});
    pace p(60, seconds{60});
    p.restore(15, seconds{90}, seconds{120}, 15, now);
    EXPECT_EQ(p.allowed(), 15);
    EXPECT_TRUE(p.is_pausing(now));
    EXPECT_EQ(p.next_at(now), now + seconds{90});
    EXPECT_EQ(p.note_rate_limit(now + seconds{90}, std::nullopt, 0.0), seconds{240}) << "the pause goes on doubling";

    pace q(60, seconds{60});
    q.restore(std::nullopt, seconds{0}, seconds{0}, 60, now);
    EXPECT_EQ(q.next_at(now), now + minutes{1}) << "the last minute was used up before";
    pace r(60, seconds{60});
    r.restore(std::nullopt, seconds{0}, seconds{0}, 59, now);
    EXPECT_EQ(r.next_at(now), now);
}

TEST(Pace, T01_AStoredPauseOfAWrongClockIsNotObeyed) {
    const monotonic_time now = at(minutes{1});
    pace p(60, seconds{60});
    p.restore(500, hours{24 * 365}, hours{5}, 0, now);
    EXPECT_EQ(p.allowed(), 60);
    EXPECT_EQ(p.next_at(now), now + longest_retry_wait);
    EXPECT_EQ(p.pause_in_force(), longest_pause);
    pace q(60, seconds{60});
    q.restore(0, seconds{-5}, seconds{-5}, 0, now);
    EXPECT_EQ(q.allowed(), 1);
    EXPECT_EQ(q.next_at(now), now);
}

TEST(RetryPause, N12_DoublesToItsCapAndIsNeverLessThanATenth) {
    const int tops[] = {2, 4, 8, 16, 32, 60, 60, 60};
    for (int tries = 0; tries < 8; ++tries) {
        const milliseconds top{tops[tries] * 1000};
        EXPECT_EQ(retry_pause(tries, seconds{2}, seconds{60}, 0.0), top / 10) << tries;
        for (double jitter = 0; jitter < 1; jitter += 0.01) {
            const auto pause = retry_pause(tries, seconds{2}, seconds{60}, jitter);
            EXPECT_GE(pause, top / 10);
            EXPECT_LE(pause, top);
        }
    }
    EXPECT_LE(retry_pause(1'000'000, seconds{2}, seconds{900}, 0.999), seconds{900});
    EXPECT_GE(retry_pause(1'000'000, seconds{2}, seconds{900}, 0.0), seconds{90});
}

TEST(RetryPause, N15_ClientsThatFailedTogetherDoNotComeBackTogether) {
    std::mt19937 random(1);
    std::uniform_real_distribution<double> jitter(0, 1);
    std::vector<int> second(61, 0);
    for (int client = 0; client < 1000; ++client)
        ++second[static_cast<std::size_t>(retry_pause(9, seconds{2}, seconds{60}, jitter(random)) / seconds{1})];
    EXPECT_LE(*std::max_element(second.begin(), second.end()), 50);
}

}  // namespace
}  // namespace mdock::sync
