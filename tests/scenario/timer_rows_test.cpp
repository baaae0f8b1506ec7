// SPDX-License-Identifier: MIT
// The timer between several clients: ours, the web application, another computer. What everybody set stays, and no time is
// logged twice.
#include <gtest/gtest.h>

#include <array>
#include <set>

#include "tests/scenario/outbox_world.h"

namespace mdock::test {
namespace {

using minutedock::conflict_answer;
using minutedock::idle_dock;

constexpr std::array every_answer{conflict_answer::status_409, conflict_answer::status_422, conflict_answer::silent_200,
                                  conflict_answer::last_write_wins};

class Timer : public timer_world {};

TEST_F(Timer, K01_AnotherClientsFieldSurvivesOurs) {
    const auto contact = some_contact();
    for (const auto answer : every_answer) {
        w.service.how().dock_conflict = answer;
        know_dock("base");
        describe_timer("mine");
        by_another([&](minutedock::dock& d) { d.contact = contact; });
        expect_both_survive(contact);
    }
}

TEST_F(Timer, K01_TheSameFieldIsAConflictThatHoldsOurs) {
    for (const auto answer : every_answer) {
        w.service.how().dock_conflict = answer;
        know_dock("base");
        describe_timer("mine " + name_of_answer());
        by_another([](minutedock::dock& d) { d.description = "theirs"; });
        expect_theirs_and_a_conflict();
    }
}

TEST_F(Timer, K02_ALostAnswerIsSeenOnTheDock) {
    know_dock("base");
    describe_timer("arrived");
    lose_answers("PUT", "/dock");
    EXPECT_EQ(w.sync().pushed.applied, 1);
    end_trouble();
    EXPECT_EQ(sent("PUT", "/dock").size(), 1U);
    EXPECT_EQ(dock().description, "arrived");
    EXPECT_EQ(dock().version_number, 6);
    EXPECT_EQ(waiting(), 0);
    expect_equal(w);
}

TEST_F(Timer, K03_ADayOldChangeOfAChangedDockIsAConflict) {
    know_dock("yesterday's work");
    describe_timer("yesterday's work, described");
    w.clock.pass(24h);
    log_by_web();
    set_dock("today's work", 3);
    const auto since = dock().running_since;
    EXPECT_EQ(w.sync().pushed.conflicts, 1);
    EXPECT_EQ(sent("PUT", "/dock").size(), 0U);
    EXPECT_EQ(dock().description, "today's work");
    EXPECT_EQ(dock().running_since, since);
    EXPECT_EQ(text_here(), "today's work");
    EXPECT_EQ(open_conflicts(), 1);
}

TEST_F(Timer, K04_TheSecondLogIsNone) {
    know_dock("stopped twice");
    log();
    log_by_web();
    EXPECT_FALSE(w.sync().stopped_by);
    EXPECT_EQ(changing_requests(), 0U);
    expect_logged_once("stopped twice");
}

TEST_F(Timer, K04_TheSecondPauseIsNone) {
    know_dock("paused twice");
    pause();
    by_another([&](minutedock::dock& d) {
        d.seconds = d.duration(w.clock.true_time());
        d.running_since.reset();
    });
    EXPECT_EQ(w.sync().pushed.merged, 1);
    EXPECT_EQ(changing_requests(), 0U);
    EXPECT_FALSE(dock().running_since);
    EXPECT_EQ(waiting() + open_conflicts(), 0);
}

TEST_F(Timer, K05_ALogWhoseAnswerIsLostIsLoggedOnce) {
    know_dock("logged without a word");
    log();
    lose_answers("PUT", "/dock");
    EXPECT_EQ(w.sync().pushed.applied, 1);
    end_trouble();
    expect_logged_once("logged without a word");
    EXPECT_EQ(sent("PUT", "/dock").size(), 1U);
}

TEST_F(Timer, K05_KilledAfterTheLogWasAnsweredItIsLoggedOnce) {
    know_dock("logged and forgotten");
    log();
    ASSERT_TRUE(dies_at("outbox.request", moment::after));
    EXPECT_EQ(on_service("logged and forgotten"), 1);
    w.sync();
    sync_after_settling();
    EXPECT_EQ(sent("PUT", "/dock").size(), 1U);
    expect_logged_once("logged and forgotten");
}

TEST_F(Timer, K06_ALostAnswerOfARedockIsLookedAtAndNotRepeated) {
    for (const bool keeps_id : {true, false}) {
        w.service.how().redock_keeps_id = keeps_id;
        dock() = {};
        w.sync();
        w.http.sent.clear();
        const auto id = some_entry();
        const auto text = theirs(id).description;
        redock(id);
        lose_answers("POST", "/entries/" + std::to_string(id) + "/redock");
        EXPECT_EQ(w.sync().pushed.applied, 1) << keeps_id;
        end_trouble();
        sync_after_settling();
        EXPECT_EQ(changing_requests(), 1U) << keeps_id;
        EXPECT_EQ(dock().description, text);
        EXPECT_EQ(text_here(), text.value_or(""));
        EXPECT_EQ(w.number("SELECT count(*) FROM entries WHERE entry_id = " + std::to_string(id)), 0);
        EXPECT_EQ(waiting() + open_conflicts(), 0) << keeps_id;
        expect_equal(w);
    }
}

TEST_F(Timer, K07_ARedockShowsTheTimerThatWasLoggedForIt) {
    know_dock("was running");
    const auto id = some_entry();
    const auto text = theirs(id).description;
    redock(id);
    EXPECT_EQ(w.sync().pushed.applied, 1);
    EXPECT_EQ(on_service("was running"), 1);
    EXPECT_EQ(rows_named("was running"), 1);
    EXPECT_EQ(text_here(), text.value_or(""));
    EXPECT_EQ(w.number("SELECT is_running FROM dock"), 1);
    EXPECT_EQ(w.number("SELECT count(*) FROM entries WHERE entry_id = " + std::to_string(id)), 0);
    // What tasks count is in a list that was read before.
    w.sync();
    expect_equal(w);
}

std::string client_id_in(const http_request& put) {
    constexpr std::string_view name = "\"version_client_id\":\"";
    const auto at = put.body.find(name);
    return at == std::string::npos ? "" : put.body.substr(at + name.size(), put.body.find('"', at + name.size()) - at - name.size());
}

TEST_F(Timer, K09_EachDatabaseHasAClientIdOfItsOwnAndKeepsIt) {
    know_dock("base");
    for (const auto* text : {"one", "two", "three"}) {
        describe_timer(text);
        EXPECT_EQ(w.sync().pushed.applied, 1);
        w.restart();
    }
    std::set<std::string> ours;
    for (const auto& put : sent("PUT", "/dock")) ours.insert(client_id_in(put));
    EXPECT_EQ(ours.size(), 1U);
    EXPECT_EQ(ours.begin()->size(), 36U);

    world other(small());
    other.chance = seeded_random{8};
    other.sync();
    other.service.account().docks[user_] = dock();
    other.sync();
    EXPECT_TRUE(store::write_locally(*other.db, {{"UPDATE dock SET description = 'from elsewhere'", {}}}, true));
    EXPECT_EQ(other.sync().pushed.applied, 1);
    EXPECT_EQ(other.service.account().docks[user_].description, "from elsewhere");
    EXPECT_FALSE(ours.contains(other.service.account().docks[user_].version_client_id));
}

TEST_F(Timer, K11_EveryFormOfAnEmptyDockIsIdleAndCanBeStarted) {
    for (const auto form : {idle_dock::null, idle_dock::blank, idle_dock::no_body, idle_dock::not_found}) {
        w.service.how().dock_idle = form;
        know_dock("before", 9);
        log_by_web();
        EXPECT_FALSE(w.sync().stopped_by) << int(form);
        EXPECT_EQ(w.number("SELECT count(*) FROM dock WHERE is_running = 0 AND duration_seconds = 0 AND description IS NULL"), 1) << int(form);
        const std::string text = "started " + std::to_string(int(form));
        start(text);
        EXPECT_EQ(w.sync().pushed.applied, 1) << int(form);
        EXPECT_EQ(dock().description, text);
        EXPECT_TRUE(dock().running_since) << int(form);
        w.clock.pass(120s);
        log();
        const auto logged = w.sync().pushed;
        // A 404 to the log itself proves nothing; its entry does.
        EXPECT_EQ(logged.applied + logged.merged, 1) << int(form);
        EXPECT_EQ(on_service(text), 1) << int(form);
        EXPECT_TRUE(dock().idle()) << int(form);
        EXPECT_EQ(waiting() + open_conflicts(), 0) << int(form);
        expect_equal(w);
    }
}

TEST_F(Timer, K11_APausedTimerWithContentIsNotIdle) {
    dock() = {};
    w.sync();
    start("mine");
    set_dock("paused by somebody", 4, false);
    EXPECT_EQ(w.sync().pushed.conflicts, 1);
    EXPECT_EQ(dock().description, "paused by somebody");
    EXPECT_FALSE(dock().running_since);
    EXPECT_EQ(text_here(), "paused by somebody");
    EXPECT_EQ(w.number("SELECT count(*) FROM conflicts WHERE resource = 'dock' AND mine LIKE '%\"mine\"%'"), 1);
}

TEST_F(Timer, K12_AVersionThatGoesBackOrJumpsLosesNoChange) {
    for (const std::int64_t number : {2, 4000}) {
        const std::string text = "mine after " + std::to_string(number);
        know_dock("base", 50);
        describe_timer(text);
        dock().version_number = number;
        dock().version_id = "after the reset";
        EXPECT_EQ(w.sync().pushed.applied, 1) << number;
        EXPECT_EQ(dock().description, text);
        EXPECT_EQ(dock().version_number, number + 1);
        EXPECT_EQ(w.number("SELECT version_number FROM dock"), number + 1);
        EXPECT_EQ(waiting() + open_conflicts(), 0);
    }
}

TEST_F(Timer, K13_DeprecatedFieldsOfTheDockMeanNothing) {
    know_dock("base");
    describe_timer("mine");
    change_answers(w, [](const http_request& r, http_answer& out) {
        if (!is_path(r, "/dock")) return;
        for (const std::string name : {"\"id\":", "\"invoice_id\":"})
            if (const auto at = out.body.find(name + "null"); at != std::string::npos) out.body.replace(at, name.size() + 4, name + "4711");
        EXPECT_NE(out.body.find("\"invoice_id\":4711"), std::string::npos);
    });
    EXPECT_EQ(w.sync().pushed.applied, 1);
    EXPECT_FALSE(w.sync().stopped_by);
    EXPECT_EQ(dock().description, "mine");
    EXPECT_EQ(waiting() + open_conflicts(), 0);
    EXPECT_EQ(differences(w), lines{});
    end_trouble();
}

TEST_F(Timer, K14_ARestartedTimerAndALogOfYesterdayAreNoSecondLog) {
    for (const bool is_lost : {false, true}) {
        const std::string text = is_lost ? "night owl, lost" : "night owl";
        know_dock(text);
        log();
        w.http.intercept = [&](const http_request& r) -> std::optional<result<http_answer>> {
            if (r.method != "PUT") return std::nullopt;
            auto reply = w.service.handle(call_of("PUT", "/dock", r.body), w.clock.true_time());
            for (const auto id : entry_ids(w))
                if (theirs(id).description == text) edit_entry(w, id, [](minutedock::entry& e) { e.date -= std::chrono::days{1}; });
            set_dock("restarted at once", 1);
            if (is_lost) return result<http_answer>(failure(errc::connection_lost, "cut"));
            return result<http_answer>(std::move(reply.answer));
        };
        EXPECT_EQ(w.sync().pushed.applied, 1) << text;
        end_trouble();
        w.sync();
        EXPECT_EQ(sent("PUT", "/dock").size(), 1U) << text;
        EXPECT_EQ(on_service(text), 1) << text;
        EXPECT_EQ(w.ask("SELECT entry_date FROM entries WHERE description = '" + text + "'"), "2024-06-11");
        EXPECT_EQ(text_here(), "restarted at once");
        EXPECT_EQ(waiting() + open_conflicts(), 0) << text;
        expect_equal(w);
    }
}

}  // namespace
}  // namespace mdock::test
