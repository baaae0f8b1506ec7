// SPDX-License-Identifier: MIT
// The first sync of an account, and the second one that has nothing to do.
#include <gtest/gtest.h>

#include <algorithm>

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

TEST(FirstSync, S10_ALoadWaitsWhileAReaderKeepsTheLogFromShrinking) {
    world w({.entries = 3000, .years = 3}, 1);
    w.how.most_log_bytes = 300'000;
    auto reader = w.reader();
    reader.exec("BEGIN");
    EXPECT_EQ(reader.execAndGet("SELECT count(*) FROM entries").getInt(), 0);
    for (int round = 0; round < 4; ++round) {
        const auto report = w.sync();
        const auto found = std::find_if(report.resources.begin(), report.resources.end(), [](const auto& r) { return r.which == resource::entries; });
        ASSERT_NE(found, report.resources.end());
        ASSERT_TRUE(found->error);
        EXPECT_NE(found->error->context().find("goes on when that program is closed"), std::string::npos) << found->error->context();
    }
    // A page of rows beyond the limit at most, and what the other rounds note about themselves.
    EXPECT_LT(w.db->log_bytes(), 4 * w.how.most_log_bytes);
    reader.exec("COMMIT");
    EXPECT_FALSE(w.sync().stopped_by);
    EXPECT_EQ(differences(w), lines{});
    EXPECT_LT(w.db->log_bytes(), w.how.most_log_bytes);
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
