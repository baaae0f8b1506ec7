// SPDX-License-Identifier: MIT
// What is told of each resource as a whole: its state, and a time up to which it is complete that never goes back.
#include "core/store/resource_state.h"

#include <gtest/gtest.h>

#include "tests/unit/store/mirror.h"

namespace mdock::store {
namespace {

const utc_seconds now = parse_database_timestamp("2024-02-01 12:00:00").value();

std::string status(mirror& m, const char* which = "entries") {
    return m.cell("SELECT state, row_count, complete_as_of, last_attempt_at, last_error FROM mirror_status WHERE resource = '" +
                  std::string(which) + "'");
}

TEST(ResourceState, BeginsAsNever) {
    mirror m;
    for (const resource which : all_resources) {
        const auto state = read_state(m.db(), which);
        EXPECT_EQ(state.state, "never");
        EXPECT_FALSE(state.is_loaded);
        EXPECT_FALSE(state.cursor.at);
        EXPECT_EQ(state.cursor.overlap, std::chrono::minutes{5});
        EXPECT_FALSE(state.retry_denied_at);
        EXPECT_EQ(state.list_form, "");
    }
}

TEST(ResourceState, GoesFromLoadingToCurrentToStaleAndBack) {
    mirror m;
    mark_loading(m.db(), resource::entries, now);
    EXPECT_EQ(status(m), "loading|0|NULL|2024-02-01 12:00:00|NULL");
    m.apply(resource::entries, R"([{"id":1,"date":"2024-01-20"}])");
    mark_failed(m.db(), resource::entries, "GET /entries: 502", now + std::chrono::seconds{1});
    EXPECT_EQ(status(m), "loading|1|NULL|2024-02-01 12:00:01|GET /entries: 502") << "one that never was current is not stale";
    mark_current(m.db(), resource::entries, stamp("2024-02-01 11:55:00"), now + std::chrono::seconds{2});
    EXPECT_EQ(status(m), "current|1|2024-02-01 11:55:00|2024-02-01 12:00:02|NULL");
    mark_failed(m.db(), resource::entries, "no network", now + std::chrono::seconds{3});
    EXPECT_EQ(status(m), "stale|1|2024-02-01 11:55:00|2024-02-01 12:00:03|no network");
    mark_current(m.db(), resource::entries, stamp("2024-02-01 11:56:00"), now + std::chrono::seconds{4});
    EXPECT_EQ(status(m), "current|1|2024-02-01 11:56:00|2024-02-01 12:00:04|NULL");
}

TEST(ResourceState, CompleteAsOfNeverGoesBack) {
    mirror m;
    mark_current(m.db(), resource::entries, now, now);
    mark_current(m.db(), resource::entries, now - std::chrono::hours{1}, now);
    EXPECT_EQ(m.cell("SELECT complete_as_of FROM mirror_status WHERE resource = 'entries'"), "2024-02-01 12:00:00");
    mark_current(m.db(), resource::entries, std::nullopt, now);
    EXPECT_EQ(m.cell("SELECT complete_as_of FROM mirror_status WHERE resource = 'entries'"), "2024-02-01 12:00:00");
    mark_current(m.db(), resource::entries, now + std::chrono::hours{1}, now);
    EXPECT_EQ(m.cell("SELECT complete_as_of FROM mirror_status WHERE resource = 'entries'"), "2024-02-01 13:00:00");
}

TEST(ResourceState, H15_ARefusedOneSaysWhyAndWhenItIsAskedAgain) {
    mirror m;
    mark_refused(m.db(), resource::invoices, "denied", "no permission", now, now + std::chrono::hours{24});
    EXPECT_EQ(status(m, "invoices"), "denied|0|NULL|2024-02-01 12:00:00|no permission");
    EXPECT_EQ(read_state(m.db(), resource::invoices).retry_denied_at, now + std::chrono::hours{24});
    EXPECT_EQ(read_state(m.db(), resource::entries).state, "never") << "the others go on";
    mark_failed(m.db(), resource::invoices, "502", now);
    EXPECT_EQ(read_state(m.db(), resource::invoices).state, "denied");
    mark_current(m.db(), resource::invoices, now, now);
    EXPECT_FALSE(read_state(m.db(), resource::invoices).retry_denied_at);
    EXPECT_EQ(read_state(m.db(), resource::invoices).state, "current");
}

TEST(ResourceState, OnlyRowsThatAreThereAreCounted) {
    mirror m;
    m.apply(resource::entries, R"([{"id":1,"contact_id":7,"date":"2024-01-20"}])");
    m.apply(resource::contacts, R"([{"id":8},{"id":9}])");
    m.run("UPDATE contacts SET presence = 'gone' WHERE contact_id = 9");
    mark_current(m.db(), resource::contacts, std::nullopt, now);
    EXPECT_EQ(status(m, "contacts"), "current|1|NULL|2024-02-01 12:00:00|NULL");
}

TEST(ResourceState, ALongErrorIsShortenedBetweenCharacters) {
    mirror m;
    std::string text = "x";
    for (int i = 0; i < 400; ++i) text += "\u20ac";
    mark_failed(m.db(), resource::entries, text, now);
    EXPECT_EQ(m.cell("SELECT length(CAST(last_error AS BLOB)), substr(last_error, -1) FROM mirror_status WHERE resource = 'entries'"), "1000|\u20ac");
}

TEST(ResourceState, P07_DaysThatCouldNotBeProvenWholeAreSaidUntilTheyAre) {
    mirror m;
    const std::string error = "SELECT coalesce(last_error, '') FROM mirror_status WHERE resource = 'entries'";
    set_unproven(m.db(), resource::entries, "2024-01-20");
    add_unproven(m.db(), resource::entries, "2024-01-21");
    add_unproven(m.db(), resource::entries, "2024-01-21");
    for (int round = 0; round < 2; ++round) {
        mark_current(m.db(), resource::entries, now, now);
        EXPECT_TRUE(m.cell(error).ends_with(" 2024-01-20, 2024-01-21")) << m.cell(error);
        EXPECT_EQ(read_state(m.db(), resource::entries).state, "current");
    }
    set_unproven(m.db(), resource::entries, "");
    mark_current(m.db(), resource::entries, now, now);
    EXPECT_EQ(m.cell(error), "");
}

TEST(ResourceState, CursorAndLoadedAreKeptOverRestarts) {
    mirror m;
    set_loaded(m.db(), resource::entries);
    set_cursor(m.db(), resource::entries, {now, std::chrono::seconds{720}});
    set_list_form(m.db(), resource::contacts, "split");
    m.close();
    m.open();
    const auto state = read_state(m.db(), resource::entries);
    EXPECT_TRUE(state.is_loaded);
    EXPECT_EQ(state.cursor.at, now);
    EXPECT_EQ(state.cursor.overlap.count(), 720);
    EXPECT_EQ(read_state(m.db(), resource::contacts).list_form, "split");
}

TEST(ResourceState, IndexesAndDaysAreMadeOnce) {
    mirror m;
    build_indexes(m.db());
    const auto before = m.rows("SELECT name FROM sqlite_master WHERE type = 'index' ORDER BY 1");
    EXPECT_FALSE(before.empty());
    build_indexes(m.db());
    EXPECT_EQ(m.rows("SELECT name FROM sqlite_master WHERE type = 'index' ORDER BY 1"), before);
    const auto last = parse_date("2024-12-31").value();
    extend_dates(m.db(), last);
    const auto changes = m.total_changes();
    EXPECT_EQ(m.cell("SELECT max(date_key), count(*) = count(DISTINCT date_key) FROM dim_date"), "2024-12-31|1");
    extend_dates(m.db(), last);
    extend_dates(m.db(), last - std::chrono::days{400});
    EXPECT_EQ(m.total_changes(), changes);
}

}  // namespace
}  // namespace mdock::store
