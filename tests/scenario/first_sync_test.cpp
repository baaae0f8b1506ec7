// SPDX-License-Identifier: MIT
// The first sync of an account, and the second one that has nothing to do.
#include <gtest/gtest.h>

#include "tests/support/mirror_rows.h"
#include "tests/support/world.h"

namespace mdock::test {
namespace {

using lines = std::vector<std::string>;

TEST(FirstSync, MirrorEqualsTheAccount) {
    world w({.entries = 3000, .years = 3}, 1);
    const auto report = w.sync();
    EXPECT_FALSE(report.stopped_by) << report.stopped_by->context();
    for (const auto& r : report.resources) EXPECT_FALSE(r.error) << name_of(r.which) << ": " << r.error->context();
    EXPECT_EQ(differences(w), lines{});
    EXPECT_EQ(broken_promises(w), lines{});
    EXPECT_EQ(w.number("SELECT count(*) FROM changes"), 0);
}

TEST(SecondSync, ChangesNoRowAndWritesNoChanges) {
    world w({.entries = 500, .years = 1}, 2);
    w.sync();
    const auto report = w.sync();
    for (const auto& r : report.resources) {
        EXPECT_EQ(r.inserted, 0) << name_of(r.which);
        EXPECT_EQ(r.updated, 0) << name_of(r.which);
    }
    EXPECT_EQ(w.number("SELECT count(*) FROM changes"), 0);
}

}  // namespace
}  // namespace mdock::test
