// SPDX-License-Identifier: MIT
// Catalogue T09: a machine that slept for hours does one round when it wakes, not one for each interval it missed.
#include "tests/scenario/rows.h"

namespace mdock::test {
namespace {

constexpr minutedock::account_size tiny{.entries = 120, .years = 1, .contacts = 8, .invoices = 6, .expenses = 8};
constexpr auto a_day = std::chrono::sys_days{std::chrono::year{2024} / 6 / 3};

TEST(Suspend, T09_NineHoursAreFollowedByOneRound) {
    world w(tiny);
    w.how.dock_active_interval = w.how.dock_idle_interval;
    std::optional<monotonic_time> woken;
    timetable then(w);
    w.clock.on_step = [&](step_name step) {
        if (step != "loop.wait" || woken || w.clock.monotonic() < then.begun + 30min) return;
        w.clock.pass(9h);
        add_entry(w, a_day);
        woken = w.clock.monotonic();
    };
    send_times sends(w);
    EXPECT_EQ(w.run_for(9h + 31min), std::nullopt);
    ASSERT_TRUE(woken);
    const auto rounds = w.progress.rounds.size();
    const auto in_the_first = sends.between(then.begun, then.begun + 50s);
    EXPECT_LE(sends.between(*woken, *woken + 50s), in_the_first);
    EXPECT_GT(sends.between(*woken, *woken + 50s), 0U);
    EXPECT_LT(rounds, 50U);    // half an hour of minutes before, one or two after
    expect_equal(w);
}

TEST(Suspend, T09_ExactlyOneRoundInTheMinuteAfterwards) {
    world w(tiny);
    w.how.dock_active_interval = w.how.dock_idle_interval;
    std::size_t rounds_before = 0;
    std::optional<monotonic_time> woken;
    w.clock.on_step = [&](step_name step) {
        if (step != "loop.wait" || woken || w.clock.monotonic() < monotonic_time{1h + 5min}) return;
        w.clock.pass(9h);
        woken = w.clock.monotonic();
        rounds_before = w.progress.rounds.size();
    };
    w.run_for(9h + 5min + 50s);
    ASSERT_TRUE(woken);
    EXPECT_EQ(w.progress.rounds.size() - rounds_before, 1U);
}

TEST(Suspend, T09_DuringARequestEndsWhole) {
    world w(tiny);
    w.sync();
    bool has_slept = false;
    w.clock.on_step = [&](step_name step) {
        if (step != "page.request" || has_slept) return;
        has_slept = true;
        add_entry(w, a_day);
        w.clock.pass(9h);
    };
    w.run_for(9h + 10min);
    EXPECT_TRUE(has_slept);
    expect_equal(w);
}

}  // namespace
}  // namespace mdock::test
