// SPDX-License-Identifier: MIT
// The timer when others are faster, or when what we send does not arrive: it is put on the dock again as that is now.
#include <gtest/gtest.h>

#include <array>
#include <utility>

#include "tests/scenario/outbox_world.h"

namespace mdock::test {
namespace {

using minutedock::conflict_answer;

constexpr std::array every_answer{conflict_answer::status_409, conflict_answer::status_422, conflict_answer::silent_200,
                                  conflict_answer::last_write_wins};

class TimerRace : public timer_world {
protected:
    void know_idle_dock() {
        dock() = {};
        ASSERT_FALSE(w.sync().stopped_by);
    }

    // Another client is faster than our first PUT.
    template <class Change>
    void race(Change change) {
        w.http.intercept = [this, change, is_over = false](const http_request& r) mutable -> std::optional<result<http_answer>> {
            if (r.method == "PUT" && !is_over) by_another(change);
            is_over = is_over || r.method == "PUT";
            return std::nullopt;
        };
    }
};

TEST_F(TimerRace, K01_AnotherClientsFieldSurvivesOursAlsoWhenItWasFaster) {
    const auto contact = some_contact();
    for (const auto answer : every_answer) {
        w.service.how().dock_conflict = answer;
        know_dock("base");
        describe_timer("mine");
        race([=](minutedock::dock& d) { d.contact = contact; });
        expect_both_survive(contact);
    }
}

TEST_F(TimerRace, K01_TheSameFieldIsAConflictAlsoWhenTheyWereFaster) {
    for (const auto answer : every_answer) {
        // Where versions mean nothing to the service, one round trip remains in which the last one wins.
        if (answer == conflict_answer::last_write_wins) continue;
        w.service.how().dock_conflict = answer;
        know_dock("base");
        describe_timer("mine " + name_of_answer());
        race([](minutedock::dock& d) { d.description = "theirs"; });
        expect_theirs_and_a_conflict();
    }
}

TEST_F(TimerRace, K01_ThreeTimesChangedByOthersIsAPersons) {
    const auto contact = some_contact();
    know_dock("base");
    describe_timer("mine");
    w.http.intercept = [&](const http_request& r) -> std::optional<result<http_answer>> {
        if (r.method == "PUT") by_another([&](minutedock::dock& d) { d.contact = d.contact == 0 ? contact : 0; });
        return std::nullopt;
    };
    const auto done = w.sync();
    EXPECT_EQ(sent("PUT", "/dock").size(), 3U);
    EXPECT_EQ(done.pushed.applied, 0);
    EXPECT_EQ(dock().description, "base");
    EXPECT_EQ(w.number("SELECT count(*) FROM outbox WHERE state = 'parked' AND new_values LIKE '%mine%'") + open_conflicts(), 1);
}

TEST_F(TimerRace, K02_WhatNeverArrivedIsSentAgain) {
    know_dock("base");
    describe_timer("arrives in the end");
    add_fault(w, "reset:method=PUT:path=/dock:times=1");
    EXPECT_EQ(w.sync().pushed.applied, 1);
    EXPECT_EQ(dock().description, "arrives in the end");
    EXPECT_EQ(waiting(), 0);
}

TEST_F(TimerRace, K02_ADockThatCannotBeReadBetweenTwoTriesStopsNothingForGood) {
    know_dock("base");
    describe_timer("arrives later");
    w.http.intercept = [&, looks = 0](const http_request& r) mutable -> std::optional<result<http_answer>> {
        const bool is_over = w.clock.monotonic() > monotonic_time{3h};
        if (is_over || !is_path(r, "/dock")) return std::nullopt;
        if (r.method == "PUT") looks = 1;
        // The PUT does not arrive, the look after it does, the next one does not.
        if (r.method == "PUT" || (looks > 0 && ++looks > 2)) return result<http_answer>(failure(errc::connection_lost, "cut"));
        return std::nullopt;
    };
    EXPECT_FALSE(w.run_for(6h));
    end_trouble();
    EXPECT_EQ(dock().description, "arrives later");
    EXPECT_EQ(waiting(), 0);
}

TEST_F(TimerRace, K05_ALogThatNeverArrivedIsLoggedOnce) {
    know_dock("logged the second time");
    log();
    add_fault(w, "reset:method=PUT:path=/dock:times=1");
    EXPECT_EQ(w.sync().pushed.applied, 1);
    end_trouble();
    expect_logged_once("logged the second time");
}

TEST_F(TimerRace, K05_ADescribedLogThatNeverArrivedIsLoggedOnceWithBoth) {
    know_dock("before");
    describe_timer("described, then logged");
    log();
    add_fault(w, "reset:method=PUT:path=/dock:times=1");
    w.sync();
    end_trouble();
    expect_logged_once("described, then logged");
}

TEST_F(TimerRace, K03_ADayOldPauseDoesNotStopAnotherTimer) {
    know_dock("yesterday's work");
    pause();
    w.clock.pass(24h);
    log_by_web();
    set_dock("today's work", 3);
    w.sync();
    EXPECT_TRUE(dock().running_since);
    EXPECT_EQ(dock().version_client_id, "web-app");
    EXPECT_EQ(waiting(), 0);
}

TEST_F(TimerRace, K05_KilledAfterADescribedLogWasAnsweredItIsLoggedOnce) {
    know_dock("before");
    describe_timer("described and forgotten");
    log();
    ASSERT_TRUE(dies_at("outbox.request", moment::after));
    w.sync();
    sync_after_settling();
    EXPECT_EQ(sent("PUT", "/dock").size(), 1U);
    expect_logged_once("described and forgotten");
}

TEST_F(TimerRace, K05_ALogThatIsRefusedIsNotDoneBecauseTheDockIsNotFound) {
    know_dock("time that counts");
    log();
    w.http.intercept = [is_refused = false](const http_request& r) mutable -> std::optional<result<http_answer>> {
        if (r.method == "PUT") {
            is_refused = true;
            return answered(422, R"({"errors":["no"]})");
        }
        if (is_refused && is_path(r, "/dock")) return std::exchange(is_refused, false) ? answered(404, "not here") : std::nullopt;
        return std::nullopt;
    };
    w.sync();
    end_trouble();
    const auto is_done = w.number("SELECT count(*) FROM outbox_done WHERE operation = 'log' AND outcome IN ('applied', 'merged_equal')");
    EXPECT_EQ(is_done, 0);
    EXPECT_EQ(waiting() + open_conflicts(), 1);
}

TEST_F(TimerRace, K02_ARefusedStartThatIsTriedAgainShowsAndDoesNotSwallowTheNext) {
    know_idle_dock();
    start("first");
    answer("PUT", "/dock", 422, R"({"errors":["no"]})");
    w.sync();
    end_trouble();
    ASSERT_EQ(w.number("SELECT count(*) FROM outbox WHERE state = 'parked'"), 1);
    start("second");
    ASSERT_TRUE(store::retry_change(*w.db, w.number("SELECT min(outbox_id) FROM outbox")));
    w.sync();
    EXPECT_EQ(dock().description, "first");
    EXPECT_EQ(w.number("SELECT count(*) FROM conflicts WHERE mine LIKE '%second%'"), 1);
}

TEST_F(TimerRace, K02_ARefusedStartIsShownAgainWhenItIsTriedAgain) {
    know_idle_dock();
    start("once more");
    answer("PUT", "/dock", 422, R"({"errors":["no"]})");
    w.sync();
    end_trouble();
    EXPECT_EQ(text_here(), "");
    ASSERT_TRUE(store::retry_change(*w.db, w.number("SELECT min(outbox_id) FROM outbox")));
    EXPECT_EQ(text_here(), "once more");
    EXPECT_EQ(w.number("SELECT is_running FROM dock"), 1);
    w.sync();
    EXPECT_EQ(dock().description, "once more");
    EXPECT_EQ(waiting(), 0);
}

TEST_F(TimerRace, K07_ARedockThatIsDiscardedBringsBackWhatMinuteDockHasByThen) {
    const auto id = some_entry();
    redock(id);
    ASSERT_TRUE(store::hold_changes(*w.db, std::nullopt));
    edit_entry(w, id, [](minutedock::entry& e) { e.description = "by somebody meanwhile"; });
    w.sync();
    ASSERT_TRUE(store::discard_change(*w.db, w.number("SELECT min(outbox_id) FROM outbox"), w.clock.wall()));
    EXPECT_EQ(description_here(id), "by somebody meanwhile");
}

TEST_F(TimerRace, K07_AnEntryThatIsToGoBackToTheTimerIsNotBroughtBackByAPull) {
    const auto id = some_entry();
    redock(id);
    ASSERT_TRUE(store::hold_changes(*w.db, std::nullopt));
    edit_entry(w, id, [](minutedock::entry& e) { e.description = "by somebody meanwhile"; });
    w.sync();
    EXPECT_EQ(w.number("SELECT count(*) FROM entries WHERE entry_id = " + std::to_string(id)), 0);
}

TEST_F(TimerRace, I01_AClientMadeHereThatIsPutOnTheTimerWhileItIsLookedAtIsNotSentByItsLocalId) {
    know_dock("before");
    describe_timer("after");
    w.http.intercept = [this, is_over = false](const http_request& r) mutable -> std::optional<result<http_answer>> {
        if (is_path(r, "/dock") && r.method == "GET" && !std::exchange(is_over, true)) {
            write("INSERT INTO contacts (name) VALUES ('made here')");
            write("UPDATE dock SET contact_id = (SELECT max(contact_id) FROM contacts)");
        }
        return std::nullopt;
    };
    w.sync();
    for (const auto& request : sent("PUT", "/dock")) EXPECT_EQ(request.body.find("9000000000"), std::string::npos) << request.body;
    end_trouble();
    w.sync();
    EXPECT_EQ(waiting(), 0);
    EXPECT_NE(dock().contact, 0);
}

TEST_F(TimerRace, M05_ATimerThatBecomesAnEntryLeavesOutATaskThatIsGone) {
    minutedock::row_id task = 0;
    for (const auto& [id, what] : w.service.account().tasks)
        if (!what.deleted) task = id;
    ASSERT_NE(task, 0);
    know_idle_dock();
    start("with a task");
    write("INSERT INTO dock_tasks (user_account_id, task_id) VALUES (?1, ?2)", {mine(), task});
    w.clock.pass(10min);
    log();
    w.service.account().tasks.at(task).deleted = true;
    w.sync();
    EXPECT_EQ(on_service("with a task"), 1);
    EXPECT_EQ(waiting(), 0);
}

}  // namespace
}  // namespace mdock::test
