// SPDX-License-Identifier: MIT
// The dock's row: a timer that just goes on is no change, an edited time is one, idle always looks the same.
#include <gtest/gtest.h>

#include "core/api/decode.h"
#include "core/store/apply_dock.h"
#include "tests/unit/store/mirror.h"

namespace mdock::store {
namespace {

using strings = std::vector<std::string>;
using std::chrono::seconds;

const utc_seconds noon = parse_database_timestamp("2024-02-01 12:00:00").value();

applied apply(mirror& m, const std::string& json, seconds after) {
    auto rows = std::move(api::decode_dock(json, 456).value());
    transaction write(m.db());
    auto done = apply_dock(m.db(), std::move(rows), 456, live(format_timestamp(noon + after)));
    write.commit();
    return done;
}

std::string running(int duration, const std::string& more = "") {
    return R"({"user_account_id":456,"contact_id":7,"description":"now","timer_active":true,"task_ids":[11],"duration":)" +
           std::to_string(duration) + more + "}";
}

const std::string stored = "SELECT is_running, duration_seconds, observed_at, description, contact_id FROM dock";

TEST(Dock, ATimerThatJustWentOnIsNoChange) {
    mirror m;
    apply(m, running(100), seconds{0});
    EXPECT_EQ(m.cell(stored), "1|100|2024-02-01 12:00:00|now|7");
    const auto before = m.total_changes();
    for (const int drift : {0, 1, 2, -1, -2}) {
        EXPECT_EQ(apply(m, running(700 + drift), seconds{600}).unchanged, 1) << drift;
    }
    EXPECT_EQ(m.total_changes(), before);
    EXPECT_EQ(m.changes().size(), 1U);
    EXPECT_TRUE(m.rows("PRAGMA foreign_key_check").empty());
}

TEST(Dock, AnEditedTimeIsAChangeWithItsOwnMoment) {
    for (const int edited : {703, 697, 60, 4000}) {
        mirror m;
        apply(m, running(100), seconds{0});
        EXPECT_EQ(apply(m, running(edited), seconds{600}).updated, 1) << edited;
        EXPECT_EQ(m.cell(stored), "1|" + std::to_string(edited) + "|2024-02-01 12:10:00|now|7");
        EXPECT_EQ(m.changes().back(), R"(update dock 456 {"duration_seconds":100} {"duration_seconds":)" + std::to_string(edited) + "}");
        const auto before = m.total_changes();
        EXPECT_EQ(apply(m, running(edited + 60), seconds{660}).unchanged, 1);
        EXPECT_EQ(m.total_changes(), before);
    }
}

TEST(Dock, AnotherTextDoesNotMoveTheTime) {
    mirror m;
    apply(m, running(100), seconds{0});
    apply(m, running(160, R"(,"description":"later")"), seconds{60});
    EXPECT_EQ(m.cell(stored), "1|100|2024-02-01 12:00:00|later|7");
    EXPECT_EQ(m.changes().back(), R"(update dock 456 {"description":"now"} {"description":"later"})");
}

TEST(Dock, APauseAndAResumeAreChanges) {
    mirror m;
    apply(m, running(100), seconds{0});
    apply(m, running(130, R"(,"timer_active":false)"), seconds{60});
    EXPECT_EQ(m.cell(stored), "0|130|2024-02-01 12:01:00|now|7");
    const auto before = m.total_changes();
    apply(m, running(130, R"(,"timer_active":false)"), seconds{600});
    EXPECT_EQ(m.total_changes(), before) << "a paused timer stands still";
    apply(m, running(130), seconds{700});
    EXPECT_EQ(m.cell(stored), "1|130|2024-02-01 12:11:40|now|7");
}

TEST(Dock, IdleLooksTheSameInAllItsForms) {
    const std::string blank = R"({"id":62,"user_account_id":456,"duration":0,"contact_id":null,"description":"","timer_active":false,"task_ids":[]})";
    for (const auto& json : {std::string("null"), std::string(), std::string("{}"), std::string(R"({"duration":null,"timer_active":null})"), blank}) {
        mirror m;
        apply(m, running(100), seconds{0});
        apply(m, json, seconds{60});
        EXPECT_EQ(m.cell(stored), "0|0|2024-02-01 12:01:00|NULL|NULL") << json;
        EXPECT_EQ(m.cell("SELECT count(*) FROM dock_tasks"), "0");
        const auto before = m.total_changes();
        for (const auto& other : {std::string("null"), blank, std::string("{}")}) apply(m, other, seconds{120});
        EXPECT_EQ(m.total_changes(), before) << json;
    }
}

TEST(Dock, AFirstIdleDockIsARow) {
    mirror m;
    apply(m, "null", seconds{0});
    EXPECT_EQ(m.cell("SELECT user_account_id, is_running, duration_seconds, description, version_id FROM dock"), "456|0|0|NULL|NULL");
    EXPECT_EQ(m.cell("SELECT presence FROM users"), "placeholder");
    EXPECT_TRUE(m.rows("PRAGMA foreign_key_check").empty());
}

TEST(Dock, AnEmptyTextWithAContactIsNotIdle) {
    mirror m;
    apply(m, R"({"user_account_id":456,"contact_id":7,"description":"","duration":0,"timer_active":false})", seconds{0});
    EXPECT_EQ(m.cell("SELECT description, contact_id FROM dock"), "|7");
}

TEST(Dock, T01_AServerClockThatJumpsIsAnEditAndNothingWorse) {
    mirror m;
    apply(m, running(100), seconds{0});
    apply(m, running(160), seconds{-3600});
    EXPECT_EQ(m.cell(stored), "1|160|2024-02-01 11:00:00|now|7");
}

}  // namespace
}  // namespace mdock::store
