// SPDX-License-Identifier: MIT
// The yard's own promises: a script survives its text, a run is a function of its script, a failure is reported and made
// small. What the runs find out about the engine is script/sim's to say.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/sim/shrink.h"
#include "tests/sim/yard.h"

namespace mdock::sim {
namespace {

TEST(DockYard, AScriptSurvivesItsText) {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        const auto text = text_of(draw_script(seed));
        const auto read = parse_script(text);
        ASSERT_TRUE(read) << read.error().context();
        EXPECT_EQ(text_of(*read), text);
    }
}

TEST(DockYard, ARunIsAFunctionOfItsScript) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        coverage unused;
        const auto what = draw_script(seed);
        const auto first = run_script(what, unused, true);
        const auto second = run_script(parse_script(text_of(what)).value(), unused, true);
        EXPECT_EQ(first.hash, second.hash) << "seed " << seed;
        EXPECT_EQ(first.lines, second.lines) << "seed " << seed;
    }
}

TEST(DockYard, TheCanaryFailsAndShrinksToNothing) {
    coverage unused;
    auto what = draw_script(7);
    what.is_canary = true;
    const auto done = run_script(what, unused);
    ASSERT_TRUE(done.broken);
    EXPECT_EQ(done.broken->oracle, "CANARY");
    EXPECT_TRUE(shrink(what, "CANARY", 200).events.empty());
}

TEST(DockYard, EveryEventIsDrawnSoonerOrLater) {
    std::vector<int> drawn(act_count);
    for (std::uint64_t seed = 1; seed <= 3000; ++seed)
        for (const auto& e : draw_script(seed).events) ++drawn[static_cast<std::size_t>(e.what)];
    for (std::size_t i = 0; i < act_count; ++i)
        EXPECT_EQ(drawn[i] == 0, static_cast<act>(i) == act::accept) << name_of(static_cast<act>(i));
}

}  // namespace
}  // namespace mdock::sim
