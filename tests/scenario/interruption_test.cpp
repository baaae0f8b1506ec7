// SPDX-License-Identifier: MIT
// A first load killed at any step goes on where it was: nothing lost, nothing doubled, hardly anything asked again.
#include <gtest/gtest.h>

#include <map>

#include "tests/support/mirror_rows.h"
#include "tests/support/world.h"

namespace mdock::test {
namespace {

constexpr minutedock::account_size large{.entries = 20'000, .years = 8};

// Counts every wait of the engine, requests before they are sent and after they were answered, jobs before and after;
// and ends the process at one of them.
struct steps {
    explicit steps(world& w) {
        auto count = [this, &w](step_name) {
            if (++seen == die_at) w.is_dead = true;
        };
        w.http.before = w.http.after = w.store.before = w.store.after = count;
    }
    std::int64_t seen = 0;
    std::int64_t die_at = -1;
};

bool dies(world& w) {
    try {
        w.sync();
        return false;
    } catch (const killed&) {
        return true;
    }
}

std::size_t repeated(const world& w) {
    std::map<std::string, std::size_t> asked;
    for (const auto& call : w.http.sent) ++asked[call.method + call.target + call.body];
    std::size_t again = 0;
    for (const auto& [what, times] : asked) again += times - 1;
    return again;
}

TEST(Interruption, FiftyKillsOfAFirstLoadLoseNothingAndRepeatLittle) {
    world whole(large, 3);
    steps clean(whole);
    whole.sync();
    const auto all = clean.seen;
    const std::size_t alone = whole.http.sent.size();
    const std::size_t repeats_alone = repeated(whole);
    ASSERT_GT(all, 200);

    seeded_random dice(11);
    std::size_t sent = 0, again = 0;
    for (int kill = 0; kill < 50; ++kill) {
        world w(large, 3);
        steps count(w);
        count.die_at = 1 + static_cast<std::int64_t>(dice.next() % static_cast<std::uint64_t>(all));
        ASSERT_TRUE(dies(w)) << "step " << count.die_at;
        w.revive();
        count.die_at = -1;
        const auto report = w.sync();
        ASSERT_FALSE(report.stopped_by);
        EXPECT_EQ(differences(w), std::vector<std::string>{}) << "killed at step " << count.die_at;
        EXPECT_EQ(broken_promises(w), std::vector<std::string>{});
        sent += w.http.sent.size();
        again += repeated(w) - std::min(repeated(w), repeats_alone);
    }
    std::cout << "requests of one load " << alone << ", of 50 killed ones " << sent << ", asked again " << again << "\n";
    EXPECT_LT(static_cast<double>(again), 0.1 * static_cast<double>(alone) * 50);
}

TEST(Interruption, KilledAtEveryStepOfASmallLoadTheEndIsTheSame) {
    world whole({.entries = 400, .years = 2}, 4);
    steps clean(whole);
    whole.sync();
    for (std::int64_t at = 1; at <= clean.seen; ++at) {
        world w({.entries = 400, .years = 2}, 4);
        steps count(w);
        count.die_at = at;
        if (!dies(w)) break;
        w.revive();
        w.sync();
        ASSERT_EQ(differences(w), std::vector<std::string>{}) << "killed at step " << at;
        ASSERT_EQ(broken_promises(w), std::vector<std::string>{}) << "killed at step " << at;
        EXPECT_EQ(w.number("SELECT count(*) FROM changes"), 0) << "killed at step " << at;
    }
}

}  // namespace
}  // namespace mdock::test
