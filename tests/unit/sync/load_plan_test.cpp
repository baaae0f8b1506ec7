// SPDX-License-Identifier: MIT
// The first load's windows: every date once, no row promised twice, as few as the pages allow.
#include "core/sync/load_plan.h"

#include <gtest/gtest.h>

#include <numeric>
#include <algorithm>
#include <random>

namespace mdock::sync {
namespace {

using namespace std::chrono;

constexpr sys_days first = year{1900} / 1 / 1;
constexpr sys_days final_day = year{2199} / 12 / 31;

sys_days month_of(int number) { return sys_days{(year{2010} / 1 + months{number}) / 1}; }

std::int64_t promised(std::span<const window> plan) {
    return std::accumulate(plan.begin(), plan.end(), std::int64_t{0},
                           [](std::int64_t sum, const window& w) { return sum + w.expected.value_or(0); });
}

// Without a gap, without an overlap, from the first day to the last.
void expect_every_date_once(std::span<const window> plan, sys_days from, sys_days to) {
    ASSERT_FALSE(plan.empty());
    EXPECT_EQ(plan.front().from, from);
    EXPECT_EQ(plan.back().to, to);
    for (std::size_t i = 0; i < plan.size(); ++i) {
        EXPECT_LE(plan[i].from, plan[i].to) << i;
        if (i > 0) {
            EXPECT_EQ(plan[i].from, plan[i - 1].to + days{1}) << i;
        }
    }
}

void expect_room(std::span<const window> plan, std::int64_t longest_page) {
    const std::int64_t most = std::max(longest_page, least_page) * 85 / 100;
    for (const auto& w : plan) EXPECT_TRUE(w.is_one_day() || w.expected.value_or(0) <= most) << format_date(w.from);
}

TEST(LoadPlan, IsTheOneWindowOfEverythingWithoutCounts) {
    const auto plan = plan_load(first, final_day, {}, 1000);
    ASSERT_EQ(plan.size(), 1U);
    EXPECT_EQ(plan[0].from, first);
    EXPECT_EQ(plan[0].to, final_day);
}

TEST(LoadPlan, GathersSmallMonthsAndCutsFullOnes) {
    const std::vector<month_count> months{{month_of(0), 400}, {month_of(1), 400}, {month_of(2), 100}, {month_of(3), 2000}, {month_of(4), 10}};
    const auto plan = plan_load(first, final_day, months, 1000);
    expect_every_date_once(plan, first, final_day);
    expect_room(plan, 1000);
    ASSERT_EQ(plan.size(), 6U);
    EXPECT_EQ(plan[0].to, month_of(2) - days{1});
    EXPECT_EQ(plan[0].expected, 800);
    EXPECT_EQ(plan[1].to, month_of(3) - days{1});
    EXPECT_EQ(plan[1].expected, 100);
    EXPECT_EQ(plan[2].from, month_of(3));
    EXPECT_EQ(plan[4].to, month_of(4) - days{1});
    EXPECT_EQ(plan[2].expected.value() + plan[3].expected.value() + plan[4].expected.value(), 2000);
    EXPECT_EQ(plan[5].expected, 10);
}

TEST(LoadPlan, KeepsItsPromisesForAnyAccount) {
    for (unsigned seed = 1; seed <= 400; ++seed) {
        std::mt19937 random(seed);
        const auto below = [&random](std::int64_t n) { return static_cast<std::int64_t>(random() % static_cast<unsigned>(n)); };
        const std::int64_t longest = seed % 3 == 0 ? 0 : 100 + below(900);
        std::vector<month_count> months;
        std::int64_t rows = 0;
        for (int m = 0; m < 150; ++m) {
            if (below(4) == 0) continue;
            months.push_back({month_of(m), below(seed % 5 == 0 ? 60'000 : 1500)});
            rows += months.back().rows;
        }
        const auto plan = plan_load(first, final_day, months, longest);
        expect_every_date_once(plan, first, final_day);
        expect_room(plan, longest);
        EXPECT_EQ(promised(plan), rows) << "seed " << seed;
        // Few windows: a full month costs at most twice its share, and may cut off a half-empty window before it.
        const std::int64_t target = std::max(longest, least_page) * 85 / 100;
        EXPECT_LE(static_cast<std::int64_t>(plan.size()), 3 * rows / target + 3) << seed;
        if (::testing::Test::HasFailure()) break;
    }
}

TEST(LoadPlan, UnorderedRepeatedAndFarMonthsOnlyCostTheirPromise) {
    const sys_days from = month_of(2), to = month_of(20) - days{1};
    const std::vector<month_count> months{{month_of(5), 900}, {month_of(3), 900}, {month_of(5), 900},  {month_of(0), 900},
                                          {month_of(4), 50},  {month_of(19), 3000}, {month_of(20), 700}, {month_of(40), 9000}};
    const auto plan = plan_load(from, to, months, 500);
    expect_every_date_once(plan, from, to);
    expect_every_date_once(plan_load(from, to, std::span(months).subspan(6), 500), from, to);
}

TEST(LoadPlan, TheDayOfTheWindowEndMayLieInsideAMonth) {
    const std::vector<month_count> months{{month_of(0), 5000}};
    const sys_days to = month_of(0) + days{9};
    const auto plan = plan_load(month_of(0), to, months, 1000);
    expect_every_date_once(plan, month_of(0), to);
    EXPECT_EQ(promised(plan), 5000);
}

}  // namespace
}  // namespace mdock::sync
