// SPDX-License-Identifier: MIT
// How far a load has come is kept with its rows: a kill at any point repeats only what was on the way.
#include "core/store/load_state.h"

#include <gtest/gtest.h>

#include "tests/unit/store/mirror.h"

namespace mdock::store {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

model::window spanning(const char* from, const char* to, std::optional<std::int64_t> expected = {}) {
    model::window w;
    w.from = parse_date(from).value();
    w.to = parse_date(to).value();
    w.expected = expected;
    return w;
}

const utc_seconds began = parse_database_timestamp("2024-02-01 12:00:00").value();

TEST(LoadState, WindowsAreOpenUntilTheyAreDoneOverRestarts) {
    mirror m;
    EXPECT_FALSE(load_in_progress(m.db(), resource::entries));
    const auto early = spanning("1900-01-01", "2023-12-31", 800), late = spanning("2024-01-01", "2199-12-31");
    begin_load(m.db(), resource::entries, began, {late, early});
    finish_window(m.db(), resource::entries, early);
    m.close();
    m.open();
    const auto load = load_in_progress(m.db(), resource::entries);
    ASSERT_TRUE(load);
    EXPECT_EQ(load->started_at, began);
    EXPECT_EQ(load->windows_done, 1);
    EXPECT_EQ(load->open, std::vector<model::window>{late});
    EXPECT_FALSE(load_in_progress(m.db(), resource::expenses));
    end_load(m.db(), resource::entries);
    EXPECT_FALSE(load_in_progress(m.db(), resource::entries));
    EXPECT_EQ(m.cell("SELECT count(*) FROM _load_window"), "0");
}

TEST(LoadState, ACutWindowIsReplacedByItsParts) {
    mirror m;
    const auto whole = spanning("1900-01-01", "2199-12-31", 9000);
    begin_load(m.db(), resource::entries, began, {whole});
    const auto a = spanning("1900-01-01", "2023-06-30"), b = spanning("2023-07-01", "2199-12-31");
    replace_window(m.db(), resource::entries, whole, {a, b});
    EXPECT_EQ(load_in_progress(m.db(), resource::entries)->open, (std::vector<model::window>{a, b}));
    EXPECT_EQ(load_in_progress(m.db(), resource::entries)->windows_done, 0);
}

TEST(LoadState, TheArchivedListOfInvoicesHasWindowsOfItsOwn) {
    mirror m;
    auto active = spanning("1900-01-01", "2199-12-31", 5), archived = active;
    archived.is_archived = true;
    begin_load(m.db(), resource::invoices, began, {active, archived});
    finish_window(m.db(), resource::invoices, active);
    EXPECT_EQ(load_in_progress(m.db(), resource::invoices)->open, std::vector<model::window>{archived});
}

TEST(LoadState, ANewLoadForgetsTheOneBefore) {
    mirror m;
    begin_load(m.db(), resource::entries, began, {spanning("1900-01-01", "2199-12-31")});
    begin_load(m.db(), resource::entries, began + days{1}, {spanning("1900-01-01", "2000-12-31"), spanning("2001-01-01", "2199-12-31")});
    const auto load = load_in_progress(m.db(), resource::entries);
    EXPECT_EQ(load->started_at, began + days{1});
    EXPECT_EQ(load->open.size(), 2U);
}

TEST(LongestPage, P05_OnlyGrowsAndIsForgottenAfterAWeek) {
    mirror m;
    EXPECT_EQ(longest_page(m.db(), "entries", began), 0);
    note_page(m.db(), "entries", 0, began);
    note_page(m.db(), "entries", 500, began);
    note_page(m.db(), "entries", 300, began + days{1});
    EXPECT_EQ(longest_page(m.db(), "entries", began + days{1}), 500);
    EXPECT_EQ(longest_page(m.db(), "expenses", began), 0);
    EXPECT_EQ(longest_page(m.db(), "entries", began + days{7} - std::chrono::seconds{1}), 500);
    EXPECT_EQ(longest_page(m.db(), "entries", began + days{7}), 0) << "so that a lowered limit is learned";
    note_page(m.db(), "entries", 300, began + days{7});
    EXPECT_EQ(longest_page(m.db(), "entries", began + days{7}), 300);
    note_page(m.db(), "entries", 1000, began + days{8});
    EXPECT_EQ(longest_page(m.db(), "entries", began + days{14}), 1000);
}

}  // namespace
}  // namespace mdock::store
