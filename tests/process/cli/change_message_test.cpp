// SPDX-License-Identifier: MIT
// Local changes as they go over the control socket: there and back they are the same, and what is no change is refused.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <limits>

#include "daemon/cli/change_json.h"
#include "daemon/cli/waiting.h"

namespace mdock::cli {
namespace {

namespace json = boost::json;

// As it arrives at the other end.
json::object sent(const json::object& message) { return json::parse(json::serialize(message)).as_object(); }

TEST(ChangeMessage, AWriteArrivesAsItWas) {
    write_request what;
    what.keeps = false;
    what.statements.push_back({"UPDATE entries SET a = ?1 -- \"x\"", {nullptr, std::numeric_limits<std::int64_t>::max(), 40.0, 0.1, std::string("ä\n'\"\\\x01")}});
    what.statements.push_back({"DELETE FROM entries", {}});
    const auto got = write_in(sent(as_message(what)));
    ASSERT_TRUE(got);
    EXPECT_FALSE(got->keeps);
    ASSERT_EQ(got->statements.size(), 2U);
    EXPECT_EQ(got->statements[0].sql, what.statements[0].sql);
    EXPECT_EQ(got->statements[0].values, what.statements[0].values);
    EXPECT_TRUE(got->statements[1].values.empty());
}

TEST(ChangeMessage, AnActionArrivesAsItWas) {
    for (const auto kind : {change_action::retry, change_action::discard, change_action::hold, change_action::release, change_action::mine, change_action::theirs}) {
        const auto got = action_in(sent(as_message(action_request{kind, 7})));
        ASSERT_TRUE(got);
        EXPECT_EQ(got->what, kind);
        EXPECT_EQ(got->id, 7);
    }
    EXPECT_TRUE(action_in(sent(as_message(action_request{change_action::hold, std::nullopt}))));
    EXPECT_FALSE(action_in(sent(as_message(action_request{change_action::discard, std::nullopt})))) << "never all at once";
}

TEST(ChangeMessage, AnOutcomeArrivesAsItWas) {
    store::write_outcome done;
    done.queued.push_back({5, "entries", 9000000000000001, "create", R"({"description":"x"})", ""});
    done.row_ids = {9000000000000001, 3};
    done.rows_changed = 2;
    const auto got = outcome_in(sent(as_message(done)));
    ASSERT_TRUE(got);
    ASSERT_EQ(got->queued.size(), 1U);
    EXPECT_EQ(got->queued[0].row_id, 9000000000000001);
    EXPECT_EQ(got->queued[0].new_values, done.queued[0].new_values);
    EXPECT_EQ(got->row_ids, done.row_ids);
    EXPECT_EQ(got->rows_changed, 2);
}

TEST(ChangeMessage, ARefusalKeepsItsCodeAndSentence) {
    const failure why(errc::write_refused, "invoice_id is MinuteDock's");
    const auto got = failure_in(json::serialize(as_message(why)));
    EXPECT_EQ(got.code(), errc::write_refused);
    EXPECT_EQ(got.context(), why.context());
    for (const auto* text : {"", "[]", "{}", R"({"error":5})", "nonsense"}) EXPECT_EQ(failure_in(text).code(), errc::usage) << text;
}

TEST(ChangeMessage, WhatIsNoChangeIsRefused) {
    for (const auto* text : {R"({})", R"({"statements":5,"keeps":true})", R"({"statements":[]})", R"({"statements":[5],"keeps":true})",
                             R"({"statements":[{"sql":"x"}],"keeps":true})", R"({"statements":[{"sql":"x","values":[[]]}],"keeps":true})",
                             R"({"statements":[{"sql":"x","values":[true]}],"keeps":true})"})
        EXPECT_FALSE(write_in(json::parse(text).as_object())) << text;
    for (const auto* text : {R"({})", R"({"action":"drop","id":1})", R"({"action":5,"id":1})", R"({"action":"retry","id":"1"})"})
        EXPECT_FALSE(action_in(json::parse(text).as_object())) << text;
}

TEST(Waiting, SaysWhatSinceWhenWhyAndWhatToDo) {
    waiting_state state;
    EXPECT_TRUE(describe(state).empty());
    EXPECT_FALSE(state.needs_person());
    state.queued = {3, "2026-01-02 03:04:05", ""};
    EXPECT_FALSE(state.needs_person()) << "a sync sees to it";
    state.parked = {1, "2026-01-01 00:00:00", "name is too long"};
    state.conflicts = 2;
    state.conflict_since = "2026-01-03 00:00:00";
    EXPECT_TRUE(state.needs_person());
    const auto lines = describe(state);
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(lines[0], "3 queued since 2026-01-02 03:04:05 UTC; `mdock sync` sends them now");
    EXPECT_NE(lines[1].find("name is too long"), std::string::npos);
    EXPECT_NE(lines[1].find("mdock outbox retry"), std::string::npos);
    EXPECT_NE(lines[2].find("mdock conflict list"), std::string::npos);
}

}  // namespace
}  // namespace mdock::cli
