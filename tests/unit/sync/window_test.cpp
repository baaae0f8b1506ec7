// SPDX-License-Identifier: MIT
// When an answer is all of a window, and that a cut window's parts are the window, only shorter.
#include "core/sync/window.h"

#include <gtest/gtest.h>

#include <random>

namespace mdock::sync {
namespace {

using std::chrono::days;

window spanning(sys_days from, sys_days to) {
    window w;
    w.from = from;
    w.to = to;
    return w;
}

constexpr sys_days new_year = std::chrono::year{2024} / 1 / 1;

TEST(Window, P05_IsWholeOnlyWhenShorterThanTheLongestPageEverSeen) {
    struct {
        std::int64_t rows, longest;
        bool whole;
    } const table[] = {
        {0, 0, true},      {99, 0, true},       {100, 0, false},    {101, 0, false},     {99, 50, true},    {100, 50, false},
        {499, 500, true},  {500, 500, false},   {501, 500, false},  {999, 1000, true},   {1000, 1000, false},
        {500, 1000, true}, {1000, 100, false},  {0, 1000, true},    {99, 100, true},     {100, 100, false},
    };
    for (const auto& t : table) EXPECT_EQ(is_whole(t.rows, t.longest), t.whole) << t.rows << " of " << t.longest;
}

TEST(Window, IsCutWhereADateDescendingAnswerBrokeOff) {
    const window year = spanning(new_year, new_year + days{365});
    const sys_days seen[] = {new_year + days{365}, new_year + days{300}, new_year + days{200}};
    const auto parts = cut_by_date(year, seen);
    ASSERT_EQ(parts.size(), 2U);
    // The day it broke off on may itself be cut, so it belongs to the part that is asked for again.
    EXPECT_EQ(parts[0], spanning(new_year, new_year + days{200}));
    EXPECT_EQ(parts[1], spanning(new_year + days{201}, new_year + days{365}));
}

TEST(Window, IsCutAtTheMiddleWhenNothingIsKnownOfItsDates) {
    const auto parts = cut_by_date(spanning(new_year, new_year + days{9}), {});
    EXPECT_EQ(parts[0], spanning(new_year, new_year + days{4}));
    EXPECT_EQ(parts[1], spanning(new_year + days{5}, new_year + days{9}));
}

TEST(Window, IsCutOffItsLastDayWhenAllRowsLieThere) {
    const std::vector<sys_days> seen(100, new_year + days{9});
    const auto parts = cut_by_date(spanning(new_year, new_year + days{9}), seen);
    EXPECT_EQ(parts[0], spanning(new_year, new_year + days{8}));
    EXPECT_EQ(parts[1], spanning(new_year + days{9}, new_year + days{9}));
}

// Both parts are shorter, touch, and lie exactly on the window, whatever dates the answer had.
void expect_exact_cut(const window& w, std::span<const sys_days> seen) {
    const auto parts = cut_by_date(w, seen);
    ASSERT_EQ(parts.size(), 2U);
    EXPECT_EQ(parts[0].from, w.from);
    EXPECT_EQ(parts[1].to, w.to);
    EXPECT_EQ(parts[0].to + days{1}, parts[1].from);
    for (const auto& part : parts) {
        EXPECT_LE(part.from, part.to);
        EXPECT_LT(part.to - part.from, w.to - w.from);
        EXPECT_EQ(part.is_archived, w.is_archived);
        EXPECT_EQ(part.user_account_id, w.user_account_id);
        EXPECT_FALSE(part.expected) << "the promise was for the whole window";
    }
}

TEST(Window, EveryCutCoversTheWindowExactlyInShorterParts) {
    std::mt19937 random(20240120);
    const auto below = [&random](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    for (int i = 0; i < 4000 && !::testing::Test::HasFailure(); ++i) {
        window w = spanning(new_year + days{below(400)}, new_year);
        w.to = w.from + days{1 + below(i % 4 == 0 ? 3 : 900)};
        w.is_archived = below(2) == 0;
        w.expected = below(2000);
        if (below(3) == 0) w.user_account_id = below(100);
        std::vector<sys_days> seen;
        // In any order, and at times beyond the window, as a service that ignores its own filter would answer.
        for (int n = below(30); n > 0; --n) seen.push_back(w.from + days{below(1000) - (i % 5 == 0 ? 50 : 0)});
        if (i % 3 == 0) std::erase_if(seen, [&w](sys_days d) { return d < w.from || d > w.to; });
        expect_exact_cut(w, seen);
    }
}

TEST(Window, CuttingEndsAtSingleDays) {
    std::mt19937 random(3);
    std::vector<window> open{spanning(new_year, new_year + days{999})};
    int whole = 0;
    for (int rounds = 0; !open.empty(); ++rounds) {
        ASSERT_LT(rounds, 2000);
        const window w = open.back();
        open.pop_back();
        if (w.is_one_day()) {
            ++whole;
            continue;
        }
        const sys_days seen[] = {w.from + days{static_cast<int>(random() % 1000)}};
        for (const auto& part : cut_by_date(w, seen)) open.push_back(part);
    }
    EXPECT_EQ(whole, 1000);
}

TEST(Window, P07_ADayIsCutIntoUsersAndThoseIntoContactsAndTheRest) {
    window day = spanning(new_year, new_year);
    day.expected = 5000;
    const std::int64_t users[] = {3, 5};
    const auto by_user = cut_by_user(day, users);
    ASSERT_EQ(by_user.size(), 2U);
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_EQ(by_user[i].user_account_id, users[i]);
        EXPECT_FALSE(by_user[i].contact_id);
        EXPECT_FALSE(by_user[i].expected);
        EXPECT_TRUE(by_user[i].is_one_day());
    }
    const std::int64_t contacts[] = {7, 9};
    const auto by_contact = cut_by_contact(by_user[1], contacts);
    ASSERT_EQ(by_contact.size(), 3U);
    EXPECT_EQ(by_contact[0].contact_id, 7);
    EXPECT_EQ(by_contact[1].contact_id, 9);
    EXPECT_EQ(by_contact[2].contact_id, 0) << "the rows without a contact";
    for (const auto& part : by_contact) EXPECT_EQ(part.user_account_id, 5);
    EXPECT_EQ(cut_by_contact(day, {}).size(), 1U);
}

}  // namespace
}  // namespace mdock::sync
