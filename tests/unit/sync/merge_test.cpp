// SPDX-License-Identifier: MIT
// The three-way merge, exhaustively on small domains: no edit of either side vanishes, and merging again changes nothing.
#include "core/sync/merge.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace mdock::sync {
namespace {

using model::field_values;
using model::id_set;

field_values one(const model::field_value& value) { return {{"description", value}}; }

// What MinuteDock has after the merge's request.
field_values after(const field_values& theirs, const merge_result& merged) {
    auto out = theirs;
    for (const auto& [name, value] : merged.send) out.insert_or_assign(name, value);
    return out;
}

TEST(Merge, M02_EveryCaseOfThreeValuesEndsInOneOfFourWays) {
    const std::array<model::field_value, 3> all{nullptr, std::string("a"), std::string("b")};
    int cases = 0;
    for (const auto& base : all)
        for (const auto& mine : all)
            for (const auto& theirs : all) {
                ++cases;
                const auto merged = merge(one(base), one(mine), one(theirs), {}, on_conflict::ask);
                const bool is_mine_new = mine != base, is_theirs_new = theirs != base;
                if (!is_mine_new || mine == theirs) EXPECT_TRUE(merged.send.empty() && merged.conflicts.empty());
                else if (!is_theirs_new) EXPECT_EQ(merged.send, one(mine));
                else {
                    ASSERT_EQ(merged.conflicts.size(), 1u);
                    EXPECT_EQ(merged.conflicts[0].base, base);
                    EXPECT_EQ(merged.conflicts[0].mine, mine);
                    EXPECT_EQ(merged.conflicts[0].theirs, theirs);
                    EXPECT_TRUE(merged.send.empty());
                }
                // M08: the same again sends nothing.
                EXPECT_TRUE(merge(one(base), one(mine), after(one(theirs), merged), {}, on_conflict::ask).send.empty());
            }
    EXPECT_EQ(cases, 27);
}

id_set set_of(unsigned bits) {
    id_set out;
    for (unsigned i = 0; i < 3; ++i)
        if ((bits >> i) & 1U) out.push_back(i + 1);
    return out;
}

TEST(Merge, M04_EveryCaseOfThreeSetsKeepsWhatEachSideAddedAndTookAway) {
    for (unsigned b = 0; b < 8; ++b)
        for (unsigned l = 0; l < 8; ++l)
            for (unsigned r = 0; r < 8; ++r) {
                const auto merged = merge_sets(set_of(b), set_of(l), set_of(r));
                for (unsigned i = 0; i < 3; ++i) {
                    const bool in_base = (b >> i) & 1U, in_mine = (l >> i) & 1U, in_theirs = (r >> i) & 1U;
                    const bool wanted = in_mine != in_base ? in_mine : in_theirs;
                    EXPECT_EQ(std::find(merged.begin(), merged.end(), i + 1) != merged.end(), wanted) << b << ' ' << l << ' ' << r;
                }
                EXPECT_EQ(merge_sets(set_of(b), set_of(l), merged), merged);
            }
}

TEST(Merge, M05_ATaskThatMinuteDockHasNoMoreIsDroppedAndTheRestIsSent) {
    const auto merged = merge({{"task_ids", id_set{1}}}, {{"task_ids", id_set{1, 2, 3}}}, {{"task_ids", id_set{1}}}, {2}, on_conflict::ask);
    EXPECT_EQ(merged.send, (field_values{{"task_ids", id_set{1, 3}}}));
    EXPECT_EQ(merged.dropped_tasks, id_set{2});
}

TEST(Merge, ClientAndProjectAreOneUnit) {
    const field_values base{{"contact_id", std::int64_t{1}}, {"project_id", std::int64_t{10}}};
    const field_values mine{{"contact_id", std::int64_t{2}}, {"project_id", std::int64_t{20}}};
    const field_values theirs{{"contact_id", std::int64_t{3}}, {"project_id", std::int64_t{10}}};
    const auto merged = merge(base, mine, theirs, {}, on_conflict::ask);
    EXPECT_EQ(merged.conflicts.size(), 2u);
    EXPECT_TRUE(merged.send.empty());
}

TEST(Merge, ThePolicyMineSendsMineAndTheirsKeepsTheirs) {
    const auto mine = merge(one(std::string("a")), one(std::string("b")), one(std::string("c")), {}, on_conflict::mine);
    EXPECT_EQ(mine.send, one(std::string("b")));
    EXPECT_TRUE(mine.conflicts.empty());
    const auto theirs = merge(one(std::string("a")), one(std::string("b")), one(std::string("c")), {}, on_conflict::theirs);
    EXPECT_TRUE(theirs.send.empty());
    EXPECT_EQ(theirs.conflicts.size(), 1u);
}

TEST(Merge, NumbersAreComparedAsNumbers) {
    EXPECT_TRUE(merge({{"budget_target", 1.5}}, {{"budget_target", std::int64_t{2}}}, {{"budget_target", 2.0}}, {}, on_conflict::ask).send.empty());
}

}  // namespace
}  // namespace mdock::sync
