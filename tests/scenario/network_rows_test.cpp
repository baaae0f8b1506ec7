// SPDX-License-Identifier: MIT
// Catalogue A1 as the engine meets it: what the network does to answers must not reach the rows, and what it does to
// time must not become a burst of requests. The bytes themselves are tested at the transport.
#include "tests/scenario/rows.h"

namespace mdock::test {
namespace {

constexpr minutedock::account_size small{.entries = 90, .years = 1, .contacts = 8, .invoices = 4, .expenses = 6};
constexpr minutedock::account_size paged{.entries = 4000, .years = 4};

// Every kind of GET that a first sync sends, by its path.
constexpr std::array paths{"/users/me", "/accounts/current", "/users",   "/contacts", "/projects", "/tasks",
                           "/items",    "/entries",          "/expenses", "/invoices", "/dock"};

std::optional<result<http_answer>> portal_page() {
    auto page = answered(200, "<!DOCTYPE html><html><body>Please sign in.</body></html>");
    page->value().content_type = "text/html";
    return page;
}

std::optional<result<http_answer>> portal_redirect() {
    return result<http_answer>(failure(errc::redirect_refused, "302 to http://portal.example.com/login"));
}

TEST(Network, N01_FirstSyncOfflineLeavesAnEmptyFile) {
    world w(small);
    w.http.is_offline = true;
    EXPECT_EQ(stop_code(w.sync()), errc::resolve_failed);
    EXPECT_EQ(rows_in(w, "_identity"), 0);
    EXPECT_EQ(rows_shown(w), 0);
    EXPECT_EQ(broken_promises(w), lines{});
}

TEST(Network, N01_OfflineCostsFewTriesAndFollowedByNothing) {
    world w(small);
    w.http.is_offline = true;
    w.sync();
    EXPECT_LE(w.http.sent.size(), 4U);
    for (const auto& request : w.http.sent) EXPECT_EQ(request.target, "/users/me");
}

TEST(Network, N01_NextSyncAfterwardsIsWhole) {
    world w(small);
    w.http.is_offline = true;
    w.sync();
    w.http.is_offline = false;
    EXPECT_EQ(troubles(w.sync()), lines{});
    expect_equal(w);
}

TEST(Network, N01_OfflineInTheMiddleOfALoadKeepsWhatIsIn) {
    world w(paged);
    int windows = 0;
    w.http.intercept = [&](const http_request& request) -> std::optional<result<http_answer>> {
        if (is_path(request, "/entries") && ++windows == 4) w.http.is_offline = true;
        return std::nullopt;
    };
    EXPECT_EQ(stop_code(w.sync()), errc::resolve_failed);
    const auto in = rows_in(w, "entries");
    EXPECT_GT(in, 0);
    EXPECT_LT(in, 4000);
    EXPECT_NE(error_of(w, "entries"), "");
    w.http.is_offline = false;
    EXPECT_EQ(troubles(w.sync()), lines{});
    expect_equal(w);
}

TEST(Network, N01_DaemonWaitsHoursPatientlyAndGoesOnByItself) {
    world w(small);
    w.sync();
    send_times sends(w);
    timetable then(w);
    then.at(1h, [&] { w.http.is_offline = true; });
    then.at(8h, [&] { add_entry(w, std::chrono::sys_days{std::chrono::year{2024} / 6 / 12}); });
    then.at(9h, [&] { w.http.is_offline = false; });
    EXPECT_EQ(w.run_for(9h + 8min), std::nullopt);
    expect_equal(w);
    // Eight hours at one round in five minutes, less the jitter: a hundred and something rounds of two tries.
    EXPECT_LT(sends.between(then.begun + 1h, then.begun + 9h), 500U);
    EXPECT_GT(sends.between(then.begun + 1h, then.begun + 9h), 100U);
}

TEST(Network, N01_StatusSaysWhatIsWrongWhileOffline) {
    world w(small);
    w.sync();
    w.http.is_offline = true;
    w.sync();
    EXPECT_NE(error_of(w, "accounts"), "");
    EXPECT_EQ(state_of(w, "accounts"), "stale");
    w.http.is_offline = false;
    w.sync();
    EXPECT_EQ(error_of(w, "accounts"), "");
    EXPECT_EQ(state_of(w, "accounts"), "current");
}

TEST(Network, N02_LostAnswerOfAReadIsAskedForAgain) {
    for (const char* path : paths) {
        world w(small);
        add_fault(w, "lost:nth=1:path=" + std::string(path));
        EXPECT_EQ(troubles(w.sync()), lines{}) << path;
        expect_equal(w, path);
    }
}

TEST(Network, N02_EveryFifthAnswerLostStillEndsEqual) {
    world w(paged);
    add_fault(w, "lost:every=5");
    EXPECT_EQ(troubles(w.sync()), lines{});
    expect_equal(w);
}

TEST(Network, N02_LostAnswerOfTheReportCostsOnlyThePlan) {
    world w(paged);
    add_fault(w, "lost:path=/reports/generate");
    EXPECT_EQ(troubles(w.sync()), lines{});
    expect_equal(w);
}

TEST(Network, N04_CutAnswerPutsInNoRow) {
    world w(small);
    add_fault(w, "cut:path=/entries");
    const auto report = w.sync();
    EXPECT_FALSE(report.stopped_by);
    EXPECT_EQ(rows_in(w, "entries"), 0);
    EXPECT_EQ(cursor_of(w, "entries"), std::nullopt);
    EXPECT_EQ(state_of(w, "entries"), "loading");
    EXPECT_EQ(state_of(w, "contacts"), "current");
    EXPECT_EQ(state_of(w, "expenses"), "current");
    w.service.clear_faults();
    EXPECT_EQ(troubles(w.sync()), lines{});
    expect_equal(w);
}

TEST(Network, N04_CutAnswerMovesNoCursorAndTakesNoRow) {
    world w(small);
    w.sync();
    const auto cursor = cursor_of(w, "entries");
    const auto shown = rows_shown(w);
    edit_entry(w, entry_ids(w).front(), [](minutedock::entry& e) { e.duration += 60; });
    w.clock.pass(10min);
    add_fault(w, "cut");
    w.sync();
    EXPECT_EQ(cursor_of(w, "entries"), cursor);
    EXPECT_EQ(rows_shown(w), shown);
    w.service.clear_faults();
    w.sync();
    expect_equal(w);
}

TEST(Network, N04_JsonThatEndsInTheMiddlePutsInNoRow) {
    for (const char* path : {"/contacts", "/entries", "/invoices"}) {
        world w(small);
        add_fault(w, "truncated:path=" + std::string(path));
        const auto report = w.sync();
        EXPECT_FALSE(report.stopped_by) << path;
        EXPECT_EQ(rows_in(w, path + 1), w.number("SELECT count(*) FROM " + std::string(path + 1) +
                                                 (std::string(path) == "/contacts" ? " WHERE presence = 'placeholder'" : " WHERE 0")))
            << path;
        EXPECT_NE(error_of(w, path + 1), "") << path;
        w.service.clear_faults();
        w.sync();
        expect_equal(w, path);
    }
}

TEST(Network, N06_OneThatNeverAnswersDoesNotHoldUpTheOthers) {
    world w(small);
    add_fault(w, "hang:path=/contacts");
    const auto begun = w.clock.monotonic();
    const auto report = w.sync();
    EXPECT_FALSE(report.stopped_by);
    EXPECT_NE(error_of(w, "contacts"), "");
    for (const char* other : {"users", "projects", "tasks", "entries", "expenses", "invoices", "dock"})
        EXPECT_EQ(state_of(w, other), "current") << other;
    EXPECT_LT(w.clock.monotonic() - begun, 3min);
}

TEST(Network, N06_ServiceThatNeverAnswersEndsTheRound) {
    world w(small);
    add_fault(w, "hang");
    const auto begun = w.clock.monotonic();
    EXPECT_EQ(stop_code(w.sync()), errc::timed_out);
    EXPECT_LT(w.clock.monotonic() - begun, 3min);
}

TEST(Network, N06_TimeoutOfARoundIsKept) {
    world w(small);
    w.how.give_up_after = 50s;
    add_fault(w, "hang");
    const auto begun = w.clock.monotonic();
    EXPECT_EQ(stop_code(w.sync()), errc::timed_out);
    EXPECT_LE(w.clock.monotonic() - begun, 50s + w.http.request_timeout);
}

TEST(Network, N07_DripEndsByItsDeadlineAndOthersGoOn) {
    world w(small);
    add_fault(w, "drip:path=/expenses");
    const auto begun = w.clock.monotonic();
    EXPECT_FALSE(w.sync().stopped_by);
    EXPECT_NE(error_of(w, "expenses"), "");
    EXPECT_EQ(state_of(w, "invoices"), "current");
    EXPECT_LT(w.clock.monotonic() - begun, 3min);
    w.service.clear_faults();
    w.sync();
    expect_equal(w);
}

TEST(Network, N09_LoginPageOnAnyEndpointIsNotData) {
    world w(small);
    w.sync();
    const auto shown = rows_shown(w);
    for (const char* path : paths) {
        replace_answers(w, path, portal_page);
        EXPECT_NE(troubles(w.sync()), lines{}) << path;
        EXPECT_EQ(rows_shown(w), shown) << path;
        EXPECT_EQ(differences(w), lines{}) << path;
        w.http.intercept = nullptr;
        EXPECT_EQ(troubles(w.sync()), lines{}) << path;
    }
}

TEST(Network, N09_RedirectOnAnyEndpointStopsTheRound) {
    world w(small);
    w.sync();
    for (const char* path : paths) {
        replace_answers(w, path, portal_redirect);
        EXPECT_EQ(stop_code(w.sync()), errc::redirect_refused) << path;
        EXPECT_EQ(differences(w), lines{}) << path;
        w.http.intercept = nullptr;
        EXPECT_EQ(troubles(w.sync()), lines{}) << path;
    }
}

TEST(Network, N09_PortalAtTheFirstSyncPinsNothing) {
    for (const char* kind : {"html", "redirect"}) {
        world w(small);
        add_fault(w, kind);
        EXPECT_TRUE(w.sync().stopped_by) << kind;
        EXPECT_EQ(rows_in(w, "_identity"), 0) << kind;
        EXPECT_EQ(rows_shown(w), 0) << kind;
    }
}

TEST(Network, N09_PortalKeepsThePinnedIdentity) {
    world w(small);
    w.sync();
    const std::string pinned = "SELECT account_id || ' ' || user_account_id || ' ' || legacy_user_id || ' ' || email FROM _identity";
    const auto before = w.ask(pinned);
    add_fault(w, "html");
    w.sync();
    EXPECT_EQ(w.ask(pinned), before);
    EXPECT_TRUE(before);
}

TEST(Network, N09_TheReasonNamesThePortal) {
    world w(small);
    replace_answers(w, "/contacts", portal_page);
    w.sync();
    EXPECT_NE(error_of(w, "contacts").find("login page"), std::string::npos) << error_of(w, "contacts");
}

TEST(Network, N09_DaemonOutlivesThePortal) {
    for (const char* kind : {"html", "redirect"}) {
        world w(small);
        w.sync();
        timetable then(w);
        then.at(5min, [&] { add_fault(w, kind); });
        then.at(30min, [&] { edit_entry(w, entry_ids(w).back(), [](minutedock::entry& e) { e.description = "meanwhile"; }); });
        then.at(60min, [&] { w.service.clear_faults(); });
        EXPECT_EQ(w.run_for(80min), std::nullopt) << kind;
        expect_equal(w, kind);
    }
}

TEST(Network, N11_AllRequestsOnTheWayLostAtOnceAreEachAskedOnceMore) {
    world whole(paged);
    whole.sync();
    world w(paged);
    int asked = 0;
    w.http.intercept = [&](const http_request& request) -> std::optional<result<http_answer>> {
        if (!is_path(request, "/entries") || ++asked < 4 || asked > 7) return std::nullopt;
        return result<http_answer>(failure(errc::connection_lost, "the network changed"));
    };
    EXPECT_EQ(troubles(w.sync()), lines{});
    expect_equal(w);
    EXPECT_EQ(w.http.sent.size(), whole.http.sent.size() + 4);
}

}  // namespace
}  // namespace mdock::test
