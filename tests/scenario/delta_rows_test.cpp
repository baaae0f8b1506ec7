// SPDX-License-Identifier: MIT
// Catalogue A3 after the first read: the `since` cursor under late, tied, future and missing stamps (invariant S), what
// lists leave out by default, and what every request must carry.
#include "tests/scenario/rows.h"

namespace mdock::test {
namespace {

using minutedock::row_id;

constexpr auto a_day = std::chrono::sys_days{std::chrono::year{2024} / 6 / 3};
constexpr minutedock::account_size small{.entries = 200, .years = 1};
constexpr minutedock::account_size paged{.entries = 3000, .years = 2};

// An entry stamped now that lists show only `lag` later.
row_id add_late_entry(world& w, std::chrono::seconds lag) {
    minutedock::entry fresh;
    fresh.id = w.service.account().new_id();
    fresh.user = w.service.account().users.begin()->first;
    fresh.date = a_day;
    fresh.description = "late";
    fresh.updated_at = stamp_now(w);
    w.service.account().write_entry(fresh.id, fresh, fresh.updated_at, fresh.updated_at + lag);
    return fresh.id;
}

bool has_entry(world& w, row_id id) { return w.number("SELECT count(*) FROM entries WHERE entry_id = " + std::to_string(id)) == 1; }

std::size_t requests_of_a_sync(world& w) {
    const auto before = w.http.sent.size();
    EXPECT_EQ(troubles(w.sync()), lines{});
    return w.http.sent.size() - before;
}

TEST(Delta, P08_TwoRowsInTheCursorsSecondOneShownAfterOurRead) {
    world w(small);
    w.sync();
    w.clock.pass(10min);
    row_id seen = 0, late = 0;
    w.http.intercept = [&](const http_request& request) -> std::optional<result<http_answer>> {
        if (is_path(request, "/entries") && seen == 0) {
            seen = add_entry(w, a_day);
            late = add_late_entry(w, 2s);
        }
        return std::nullopt;
    };
    w.sync();
    EXPECT_TRUE(has_entry(w, seen));
    EXPECT_FALSE(has_entry(w, late));
    w.clock.pass(3s);
    w.sync();
    EXPECT_TRUE(has_entry(w, late));
    expect_equal(w);
}

TEST(Delta, P09_RowShownFourMinutesAfterItsStamp) {
    world w(small);
    w.sync();
    const auto late = add_late_entry(w, 4min);
    for (int i = 0; i < 3; ++i) {
        w.clock.pass(2min);
        w.sync();
    }
    EXPECT_TRUE(has_entry(w, late));
    expect_equal(w);
}

TEST(Delta, P09_OverlapGrowsToFourTimesTheLatenessSeen) {
    world w(small);
    w.sync();
    EXPECT_EQ(w.number("SELECT overlap_seconds FROM _resource WHERE resource = 'entries'"), 300);
    add_late_entry(w, 4min);
    w.clock.pass(230s);
    w.sync();
    w.clock.pass(20s);
    w.sync();
    EXPECT_GE(w.number("SELECT overlap_seconds FROM _resource WHERE resource = 'entries'"), 4 * 225);
    const auto later = add_late_entry(w, 14min);
    for (int i = 0; i < 4; ++i) {
        w.clock.pass(4min);
        w.sync();
    }
    EXPECT_TRUE(has_entry(w, later));
}

TEST(Delta, P09_RateThatMovesWithoutAStampIsNotLateness) {
    world w(small);
    w.sync();
    for (auto& [id, who] : w.service.account().users) who.rate_cents = 4321;
    edit_entry(w, entry_ids(w).front(), [](minutedock::entry& e) { e.duration += 1; });
    w.clock.pass(10min);
    w.sync(all_again());
    EXPECT_EQ(w.number("SELECT overlap_seconds FROM _resource WHERE resource = 'entries'"), 300);
    expect_equal(w);
}

TEST(Delta, P10_RowsThatChangeAgainDuringTheWalkComeWithTheNext) {
    world w(paged);
    w.sync();
    w.clock.pass(10min);
    const auto ids = entry_ids(w);
    for (const auto id : ids) edit_entry(w, id, [](minutedock::entry& e) { e.duration += 1; });
    int asked = 0;
    const auto begun = w.clock.true_time();
    w.http.intercept = [&](const http_request& request) -> std::optional<result<http_answer>> {
        if (!is_path(request, "/entries") || ++asked < 3) return std::nullopt;
        w.clock.pass(5min);
        for (std::size_t i = 0; i < 5; ++i) edit_entry(w, ids[i], [](minutedock::entry& e) { e.duration += 7; });
        return std::nullopt;
    };
    w.sync(only_entries());
    EXPECT_GT(asked, 3);
    EXPECT_LE(parse_database_timestamp(cursor_of(w, "entries").value()).value(), begun + 2s);
    w.http.intercept = nullptr;
    w.sync();
    expect_equal(w);
}

TEST(Delta, P11_CursorStaysWhenAWindowFails) {
    world w(paged);
    w.sync();
    w.clock.pass(10min);
    const auto cursor = cursor_of(w, "entries");
    const auto ids = entry_ids(w);
    for (const auto id : ids) edit_entry(w, id, [](minutedock::entry& e) { e.duration += 1; });
    add_fault(w, "503:path=/entries:after=4");
    w.sync();
    EXPECT_EQ(cursor_of(w, "entries"), cursor);
    EXPECT_EQ(state_of(w, "entries"), "stale");
    // What was read before the failure stays.
    EXPECT_GT(w.number("SELECT count(DISTINCT row_id) FROM changes WHERE resource = 'entries'"), 0);
    w.service.clear_faults();
    w.sync();
    EXPECT_GT(cursor_of(w, "entries"), cursor);
    expect_equal(w);
    EXPECT_EQ(w.number("SELECT count(*) FROM changes WHERE resource = 'entries'"), static_cast<std::int64_t>(ids.size()));
}

TEST(Delta, P14_BulkEditIsOneBigDeltaAndNoMore) {
    world w({.entries = 50'000, .years = 5, .users = 4, .invoices = 0, .expenses = 0, .oddities = false});
    w.sync();
    w.clock.pass(10min);
    for (const auto id : entry_ids(w)) edit_entry(w, id, [](minutedock::entry& e) { e.duration += 1; });
    w.clock.pass(6min);    // beyond the overlap: max(updated_at) as a cursor would read all of it again and again
    EXPECT_LT(requests_of_a_sync(w), 200U);
    EXPECT_EQ(w.number("SELECT count(*) FROM changes WHERE resource = 'entries'"), 50'000);
    for (int i = 0; i < 3; ++i) EXPECT_LT(requests_of_a_sync(w), 25U);
    EXPECT_EQ(w.number("SELECT count(*) FROM changes WHERE resource = 'entries'"), 50'000);
}

TEST(Delta, P14_BulkEditIsReadAgainOnlyAsLongAsTheOverlap) {
    world w(paged);
    w.sync();
    w.clock.pass(10min);
    for (const auto id : entry_ids(w)) edit_entry(w, id, [](minutedock::entry& e) { e.duration += 1; });
    const auto first = requests_of_a_sync(w);
    w.clock.pass(6min);
    EXPECT_LE(requests_of_a_sync(w), first);
    EXPECT_LT(requests_of_a_sync(w), first);
    EXPECT_EQ(w.number("SELECT count(*) FROM changes WHERE resource = 'entries'"), 3000);
}

TEST(Delta, P15_FutureStampDoesNotCarryTheCursorAway) {
    for (const auto date : {minutedock::date_header::present, minutedock::date_header::missing}) {
        minutedock::switches how;
        how.date_header = date;
        world w(small, 2, how);
        add_entry(w, a_day, [](minutedock::entry& e) { e.updated_at += std::chrono::days{900}; });
        w.sync();
        add_entry(w, a_day, [](minutedock::entry& e) { e.updated_at += std::chrono::days{1200}; });
        w.sync();
        EXPECT_LE(parse_database_timestamp(cursor_of(w, "entries").value()).value(), w.clock.true_time());
        w.clock.pass(1h);
        const auto later = add_entry(w, a_day);
        w.sync();
        EXPECT_TRUE(has_entry(w, later));
        expect_equal(w);
    }
}

TEST(Delta, P15_FutureStampDoesNotPutTheMachinesClockInItsPlace) {
    minutedock::switches how;
    how.date_header = minutedock::date_header::missing;
    world w(small, 2, how);
    w.clock.wall_error = 5h;
    add_entry(w, a_day, [](minutedock::entry& e) { e.updated_at += std::chrono::days{900}; });
    for (int round = 0; round < 2; ++round) {
        w.sync();
        EXPECT_LE(parse_database_timestamp(cursor_of(w, "entries").value()).value(), w.clock.true_time());
        w.clock.pass(20min);
        add_entry(w, a_day);
    }
    w.sync();
    expect_equal(w);
}

TEST(Delta, P15_RowWithoutAStampIsReadAndKept) {
    world w(small);
    w.http.intercept = [](const http_request& request) -> std::optional<result<http_answer>> {
        if (!is_path(request, "/expenses") || request.target.find("since=") != std::string::npos) return std::nullopt;
        return answered(200, R"([{"id":"71","date":"2024-03-01","amount":"12.00","updated_at":null},)"
                             R"({"id":"72","date":"2024-03-02","amount":"13.00"}])");
    };
    EXPECT_EQ(troubles(w.sync()), lines{});
    w.http.intercept = nullptr;
    w.sync();
    EXPECT_EQ(w.number("SELECT count(*) FROM expenses WHERE expense_id IN (71, 72) AND updated_at IS NULL"), 2);
    EXPECT_TRUE(cursor_of(w, "expenses"));
}

// Invoices change lists between the two calls of a walk, in one direction.
void archive_between_the_lists(world& w, bool to_archived) {
    auto& invoices = w.service.account().invoices;
    w.http.intercept = [&w, &invoices, to_archived, asked = 0](const http_request& request) mutable -> std::optional<result<http_answer>> {
        if (!is_path(request, "/invoices") || ++asked != 2) return std::nullopt;
        for (auto& [id, what] : invoices) {
            if (what.archived == to_archived) continue;
            what.archived = to_archived;
            what.updated_at = stamp_now(w);
        }
        return std::nullopt;
    };
}

TEST(Delta, P16_InvoiceThatChangesListsDuringTheLoadIsThere) {
    for (const bool to_archived : {true, false}) {
        world w(paged);
        archive_between_the_lists(w, to_archived);
        EXPECT_EQ(troubles(w.sync()), lines{});
        w.http.intercept = nullptr;
        w.sync();
        expect_equal(w);
        EXPECT_EQ(rows_in(w, "invoices"), static_cast<std::int64_t>(w.service.account().invoices.size()));
    }
}

TEST(Delta, P16_InvoiceThatChangesListsDuringADeltaIsNeverGone) {
    for (const bool to_archived : {true, false}) {
        world w(paged);
        w.sync();
        const auto all = rows_in(w, "invoices");
        w.clock.pass(10min);
        archive_between_the_lists(w, to_archived);
        w.sync();
        EXPECT_EQ(rows_in(w, "invoices"), all);
        w.http.intercept = nullptr;
        w.sync();
        expect_equal(w);
        EXPECT_EQ(rows_in(w, "gone_rows"), 0);
    }
}

TEST(Delta, P17_DockedRowsOfTheListAreNoEntries) {
    minutedock::switches how;
    how.docked_in_list = true;
    world w(small, 4, how);
    for (auto& [user, what] : w.service.account().docks) {
        what.entry_id = w.service.account().new_id();
        what.running_since = w.clock.true_time();
    }
    EXPECT_EQ(troubles(w.sync()), lines{});
    expect_equal(w);
    EXPECT_EQ(w.number("SELECT is_running FROM dock"), 1);
    for (const auto& [user, what] : w.service.account().docks) EXPECT_FALSE(has_entry(w, what.entry_id));
}

TEST(Delta, P17_EntryPutBackIntoTheDockIsNotCountedTwice) {
    minutedock::switches how;
    how.docked_in_list = true;
    world w(small, 4, how);
    w.sync();
    EXPECT_EQ(w.number("SELECT count(*) FROM entries WHERE entry_id IN (SELECT user_account_id FROM dock)"), 0);
    const auto before = rows_in(w, "entries");
    w.clock.pass(10min);
    for (auto& [user, what] : w.service.account().docks) what.running_since = w.clock.true_time();
    w.sync();
    EXPECT_EQ(rows_in(w, "entries"), before);
}

TEST(Lists, P18_InactiveAndArchivedAreReadWhateverTheDefault) {
    for (const auto archived : {minutedock::archived_default::include, minutedock::archived_default::exclude}) {
        minutedock::switches how;
        how.archived_default = archived;
        world w(small, 3, how);
        w.service.account().contacts.rbegin()->second.active = false;
        w.service.account().users.rbegin()->second.archived = true;
        EXPECT_EQ(troubles(w.sync()), lines{});
        EXPECT_GT(w.number("SELECT count(*) FROM contacts WHERE is_active = 0"), 0);
        EXPECT_GT(w.number("SELECT count(*) FROM users WHERE is_archived = 1"), 0);
        expect_equal(w);
    }
}

// A service whose unfiltered list has a contact that neither value of `active` shows.
void hide_from_filters(world& w) {
    w.http.intercept = [](const http_request& request) -> std::optional<result<http_answer>> {
        if (!is_path(request, "/contacts")) return std::nullopt;
        if (request.target.find("active=true") != std::string::npos) return answered(200, R"([{"id":"11","name":"One","active":true}])");
        if (request.target.find("active=false") != std::string::npos) return answered(200, R"([{"id":"12","name":"Two","active":false}])");
        return answered(200, R"([{"id":"11","name":"One","active":true},{"id":"13","name":"Three","active":null}])");
    };
}

TEST(Lists, P18_WiderUnfilteredFormIsReadAndKept) {
    world w({.entries = 0, .years = 1, .contacts = 2, .invoices = 0, .expenses = 0, .oddities = false});
    hide_from_filters(w);
    w.sync();
    EXPECT_EQ(w.number("SELECT count(*) FROM contacts WHERE contact_id IN (11, 12, 13) AND presence = 'present'"), 3);
    w.restart();
    const auto before = w.http.sent.size();
    w.sync();
    std::set<std::string> targets;
    for (std::size_t i = before; i < w.http.sent.size(); ++i) targets.insert(w.http.sent[i].target);
    EXPECT_TRUE(targets.contains("/contacts"));
}

TEST(Lists, P18_TheNarrowFormIsEnoughWhereTheFiltersShowAll) {
    world w(small);
    w.sync();
    const auto before = w.http.sent.size();
    w.sync();
    for (std::size_t i = before; i < w.http.sent.size(); ++i) EXPECT_NE(w.http.sent[i].target, "/contacts");
}

// Everything that is ever sent in a life with loads, crowded days, deltas, a kill and the daemon.
const std::vector<http_request>& requests_of_a_lifetime() {
    static const std::vector<http_request> all = [] {
        minutedock::switches how;
        how.page_clamp = minutedock::page_clamp::at_100;
        world w({.entries = 1200, .years = 2, .invoices = 150, .expenses = 250}, 9, how);
        for (int i = 0; i < 250; ++i) add_entry(w, a_day);
        add_fault(w, "500:path=/entries:after=20:times=9");
        w.sync();
        w.revive();
        w.sync();
        for (int i = 0; i < 130; ++i) add_entry(w, a_day);
        w.run_for(1h);
        w.sync(all_again());
        return w.http.sent;
    }();
    return all;
}

TEST(Requests, P19_EveryDatedListCarriesFromAndTo) {
    std::size_t dated = 0;
    for (const auto& request : requests_of_a_lifetime()) {
        if (!is_path(request, "/entries") && !is_path(request, "/expenses") && !is_path(request, "/invoices")) continue;
        ++dated;
        EXPECT_NE(request.target.find("from="), std::string::npos) << request.target;
        EXPECT_NE(request.target.find("to="), std::string::npos) << request.target;
    }
    EXPECT_GT(dated, 100U);
}

TEST(Requests, P19_ChangesAreAskedForOverAllDates) {
    std::size_t deltas = 0;
    for (const auto& request : requests_of_a_lifetime())
        deltas += request.target.find("from=1900-01-01&to=2199-12-31") != std::string::npos &&
                          request.target.find("since=") != std::string::npos ? 1U : 0U;
    EXPECT_GT(deltas, 50U);
}

TEST(Requests, P19_MirrorIsWholeWhereTheDefaultIsThisWeek) {
    minutedock::switches how;
    how.list_default_window = minutedock::default_window::week;
    world w(small, 3, how);
    w.sync();
    expect_equal(w);
}

TEST(Requests, P20_EveryListOfEntriesNamesItsUsers) {
    std::size_t with_all = 0, with_one = 0;
    for (const auto& request : requests_of_a_lifetime()) {
        if (!is_path(request, "/entries")) continue;
        const auto at = request.target.find("user_accounts=");
        ASSERT_NE(at, std::string::npos) << request.target;
        ++(request.target.compare(at + 14, 3, "all") == 0 ? with_all : with_one);
    }
    EXPECT_GT(with_all, 0U);
    EXPECT_GT(with_one, 0U);
}

TEST(Requests, P20_MirrorHasTheTimeOfOthersWhereTheDefaultIsOnesOwn) {
    minutedock::switches how;
    how.list_default_users = minutedock::default_users::own;
    world w(small, 3, how);
    w.sync();
    expect_equal(w);
    EXPECT_GT(w.number("SELECT count(DISTINCT user_account_id) FROM entries"), 1);
}

}  // namespace
}  // namespace mdock::test
