// SPDX-License-Identifier: MIT
// Local writes when something goes wrong on the way: refusals, lost answers, a process that ends in the middle, masses.
#include <gtest/gtest.h>

#include <set>

#include "tests/scenario/outbox_world.h"

namespace mdock::test {
namespace {

class OutboxFailures : public outbox_world {};

TEST_F(OutboxFailures, D08_ARefusedRowShowsMinuteDocksValueAndOthersGoOn) {
    const auto refused = some_entry(0), allowed = some_entry(1);
    const std::string before = theirs(refused).description.value_or("");
    describe(refused, "not mine to change");
    describe(allowed, "mine to change");
    answer("PUT", "/entries/" + std::to_string(refused), 403, R"({"message":"You may only change your own entries"})");
    const auto done = w.sync();
    EXPECT_FALSE(done.stopped_by);
    EXPECT_EQ(done.pushed.parked, 1);
    EXPECT_EQ(done.pushed.applied, 1);
    EXPECT_EQ(state_here(refused), "parked");
    EXPECT_NE(w.ask("SELECT last_error FROM outbox").value_or("").find("You may only change your own entries"), std::string::npos);
    EXPECT_EQ(description_here(refused), before);
    EXPECT_EQ(on_service("mine to change"), 1);
    end_trouble();
    w.http.sent.clear();
    EXPECT_FALSE(w.sync().stopped_by);
    EXPECT_EQ(changing_requests(), 0U);
    expect_equal(w);
}

TEST_F(OutboxFailures, D08_A403BecauseTheTokenIsGoneParksNothing) {
    const auto id = some_entry();
    const std::string good = w.http.token;
    describe(id, "still to be sent");
    add_entry("also to be sent");
    w.service.how().bad_auth = minutedock::auth_answer::json_403;
    w.http.intercept = [&](const http_request& r) -> std::optional<result<http_answer>> {
        if (r.method == "PUT") w.http.token = minutedock::revoked_token;
        return std::nullopt;
    };
    const auto done = w.sync();
    EXPECT_TRUE(done.stopped_by);
    EXPECT_EQ(done.pushed.parked, 0);
    EXPECT_EQ(w.number("SELECT count(*) FROM outbox WHERE state = 'queued'"), 2);
    EXPECT_EQ(description_here(id), "still to be sent");
    end_trouble();
    w.http.token = good;
    EXPECT_EQ(w.sync().pushed.applied, 2);
    EXPECT_EQ(on_service("still to be sent"), 1);
    EXPECT_EQ(on_service("also to be sent"), 1);
    EXPECT_EQ(waiting(), 0);
}

TEST_F(OutboxFailures, D14_ALostAnswerOfADeleteIsLookedAtAndDone) {
    const auto id = some_entry();
    const auto before = w.service.account().entries.size();
    write("DELETE FROM entries WHERE entry_id = ?1", {id});
    lose_answers("DELETE", "/entries");
    EXPECT_EQ(w.sync().pushed.applied, 0);
    EXPECT_EQ(waiting(), 1);
    end_trouble();
    w.clock.pass(60s);
    EXPECT_EQ(w.sync().pushed.applied, 1);
    EXPECT_EQ(sent("DELETE").size(), 1U);
    EXPECT_EQ(w.service.account().entries.size(), before - 1);
    EXPECT_EQ(waiting(), 0);
    EXPECT_EQ(w.number("SELECT count(*) FROM gone_rows WHERE row_id = " + std::to_string(id)), 1);
    EXPECT_EQ(w.number("SELECT count(*) FROM conflicts"), 0);
    expect_equal(w);
}

TEST_F(OutboxFailures, O01_KilledBeforeAnythingWasSentItIsSentOnce) {
    add_entry("written before the end");
    w.revive();
    ASSERT_TRUE(dies_at("outbox.sending", moment::before));
    EXPECT_EQ(sent("POST", "/entries").size(), 0U);
    EXPECT_EQ(w.sync().pushed.applied, 1);
    EXPECT_EQ(sent("POST", "/entries").size(), 1U);
    EXPECT_EQ(on_service("written before the end"), 1);
    EXPECT_EQ(rows_named("written before the end"), 1);
    expect_equal(w);
}

TEST_F(OutboxFailures, O04_KilledAfterTheAnswerTheRowIsFoundAndAdopted) {
    add_entry("answered and forgotten");
    ASSERT_TRUE(dies_at("outbox.request", moment::after));
    EXPECT_EQ(on_service("answered and forgotten"), 1);
    w.sync();
    EXPECT_EQ(w.ask("SELECT state FROM outbox"), "unknown");
    EXPECT_EQ(sync_after_settling().pushed.adopted, 1);
    EXPECT_EQ(sent("POST", "/entries").size(), 1U);
    EXPECT_EQ(on_service("answered and forgotten"), 1);
    EXPECT_EQ(rows_named("answered and forgotten"), 1);
    EXPECT_EQ(waiting(), 0);
    expect_equal(w);
}

TEST_F(OutboxFailures, O05_TheAnswerIsStoredWholeOrNotAtAll) {
    add_entry("stored whole");
    ASSERT_TRUE(dies_at("outbox.applied", moment::before));
    EXPECT_EQ(waiting(), 1);
    EXPECT_EQ(w.number("SELECT count(*) FROM local_ids"), 0);
    EXPECT_EQ(w.number("SELECT count(*) FROM outbox_done"), 0);
    EXPECT_EQ(w.number("SELECT count(*) FROM entries WHERE description = 'stored whole' AND entry_id > 9000000000000000"), 1);
    EXPECT_EQ(sync_after_settling().pushed.adopted, 1);
    EXPECT_EQ(rows_named("stored whole"), 1);

    add_entry("stored at once");
    ASSERT_TRUE(dies_at("outbox.applied", moment::after));
    EXPECT_EQ(waiting(), 0);
    EXPECT_EQ(w.number("SELECT count(*) FROM local_ids AS l JOIN entries AS e ON e.entry_id = l.row_id WHERE e.description = 'stored at once'"), 1);
    EXPECT_EQ(w.number("SELECT count(*) FROM outbox_done WHERE outcome = 'applied'"), 1);
    w.http.sent.clear();
    sync_after_settling();
    EXPECT_EQ(changing_requests(), 0U);
    expect_equal(w);
}

TEST_F(OutboxFailures, O07_RetriedWithGrowingPausesThenParkedThenResumed) {
    const auto id = some_entry();
    describe(id, "gets there in the end");
    const auto change = w.number("SELECT outbox_id FROM outbox");
    add_fault(w, "503:method=PUT:path=/entries");
    std::int64_t last = 0;
    for (int tries = 1; tries <= 12; ++tries) {
        EXPECT_EQ(state_here(id), "queued") << tries;
        w.sync();
        EXPECT_EQ(sent("PUT").size(), static_cast<std::size_t>(tries));
        if (tries == 12) break;
        w.sync();
        EXPECT_EQ(sent("PUT").size(), static_cast<std::size_t>(tries)) << "it did not rest";
        const auto until = parse_database_timestamp(w.ask("SELECT not_before FROM outbox").value_or(""));
        ASSERT_TRUE(until);
        const auto pause = (*until - w.clock.wall()).count();
        EXPECT_TRUE(pause > last || pause > 290) << tries << ": " << pause << " after " << last;
        EXPECT_LE(pause, 300);
        last = pause;
        w.clock.pass(std::chrono::seconds{pause + 1});
    }
    EXPECT_EQ(state_here(id), "parked");
    end_trouble();
    w.clock.pass(1h);
    w.sync();
    EXPECT_EQ(sent("PUT").size(), 12U);
    EXPECT_TRUE(store::retry_change(*w.db, change).value());
    EXPECT_EQ(description_here(id), "gets there in the end");
    EXPECT_EQ(w.sync().pushed.applied, 1);
    EXPECT_EQ(on_service("gets there in the end"), 1);
}

TEST_F(OutboxFailures, O08_OthersPassARowThatIsStuck) {
    const auto contact = write("INSERT INTO contacts (name) VALUES ('Stuck client')").row_ids.front();
    write("INSERT INTO entries (description, duration_seconds, entry_date, contact_id) VALUES ('on the stuck', 60, '2024-06-12', ?1)", {contact});
    const auto id = some_entry();
    describe(id, "passes");
    add_entry("passes too");
    add_fault(w, "502:method=POST:path=/contacts");
    const auto stuck = w.number("SELECT outbox_id FROM outbox WHERE resource = 'contacts'");
    const auto done = w.sync();
    EXPECT_EQ(done.pushed.applied, 2);
    EXPECT_EQ(on_service("passes"), 1);
    EXPECT_EQ(on_service("passes too"), 1);
    EXPECT_EQ(on_service("on the stuck"), 0);
    EXPECT_EQ(w.number("SELECT waits_for FROM outbox WHERE resource = 'entries'"), stuck);
    end_trouble();
    EXPECT_EQ(sync_after_settling().pushed.applied, 2);
    EXPECT_EQ(on_service("on the stuck"), 1);
    EXPECT_EQ(waiting(), 0);
}

TEST_F(OutboxFailures, O12_AnAnswerThatShowsAnotherRowIsNotBelieved) {
    for (const bool is_somebody_elses : {false, true}) {
        const std::string text = is_somebody_elses ? "answered with a stranger" : "answered with an old one";
        add_entry(text);
        minutedock::row_id shown = some_entry();
        change_answers(w, [&](const http_request& r, http_answer& out) {
            if (r.method != "POST" || !is_path(r, "/entries")) return;
            if (is_somebody_elses)
                shown = test::add_entry(w, std::chrono::floor<std::chrono::days>(world_begin), [&](minutedock::entry& e) {
                    e.user = std::prev(w.service.account().users.end())->first;
                });
            out.body = w.service.handle(call_of("GET", "/entries/" + std::to_string(shown)), w.clock.true_time()).answer.body;
        });
        const auto done = w.sync();
        end_trouble();
        EXPECT_EQ(done.pushed.applied, 0) << text;
        EXPECT_EQ(done.pushed.unknown, 1) << text;
        EXPECT_EQ(w.number("SELECT count(*) FROM local_ids WHERE row_id = " + std::to_string(shown)), 0) << text;
        EXPECT_NE(w.ask("SELECT last_error FROM outbox").value_or(""), "") << text;
        EXPECT_EQ(sync_after_settling().pushed.adopted, 1) << text;
        EXPECT_EQ(on_service(text), 1) << text;
        EXPECT_EQ(rows_named(text), 1) << text;
    }
    expect_equal(w);
}

TEST_F(OutboxFailures, O13_CreatesAreCappedInAMinute) {
    w.how.max_creates_per_minute = 5;
    for (int i = 0; i < 12; ++i) add_entry("again");
    std::vector<monotonic_time> at;
    w.http.before = [&](step_name step) {
        if (step == "outbox.request") at.push_back(w.clock.monotonic());
    };
    EXPECT_FALSE(w.run_for(30s));
    EXPECT_EQ(at.size(), 5U);
    EXPECT_EQ(waiting(), 7);
    w.clock.pass(60s);
    EXPECT_FALSE(w.run_for(6min));
    w.http.before = nullptr;
    EXPECT_EQ(on_service("again"), 12);
    for (std::size_t i = 5; i < at.size(); ++i) EXPECT_GE(at[i] - at[i - 5], 60s) << i;
}

TEST_F(OutboxFailures, O13_AMassOfOneStatementWaitsForAPerson) {
    w.how.max_creates_per_minute = 1000;
    w.how.hold_above = 20;
    write("INSERT INTO entries (description, duration_seconds, entry_date) SELECT 'mass', 60, '2024-06-12' FROM entries LIMIT 21");
    EXPECT_EQ(waiting(), 21);
    EXPECT_EQ(w.sync().pushed.applied, 0);
    EXPECT_EQ(w.number("SELECT count(*) FROM outbox WHERE state = 'held' AND last_error LIKE '%mdock outbox release%'"), 21);
    w.clock.pass(1s);
    add_entry("typed by a person");
    EXPECT_EQ(w.sync().pushed.applied, 1);
    EXPECT_EQ(on_service("mass"), 0);
    EXPECT_TRUE(store::release_changes(*w.db, std::nullopt).value());
    EXPECT_EQ(w.sync().pushed.applied, 21);
    EXPECT_EQ(on_service("mass"), 21);
}

TEST_F(OutboxFailures, O18_EachChangeIsStoredByItself) {
    add_entry("first");
    add_entry("refused");
    add_entry("second");
    add_entry("third");
    w.http.intercept = [](const http_request& r) {
        return r.body.find("refused") != std::string::npos ? answered(422, R"({"message":"no"})") : std::nullopt;
    };
    ASSERT_TRUE(dies_at("outbox.applied", moment::before, 3));
    EXPECT_EQ(w.number("SELECT count(*) FROM outbox_done WHERE outcome = 'applied'"), 2);
    EXPECT_EQ(w.number("SELECT count(*) FROM outbox WHERE state = 'parked'"), 1);
    EXPECT_EQ(rows_named("first") + rows_named("second"), 2);
    EXPECT_EQ(sync_after_settling().pushed.adopted, 1);
    EXPECT_EQ(sent("POST", "/entries").size(), 4U);
    for (const auto* text : {"first", "second", "third"}) EXPECT_EQ(on_service(text), 1) << text;
    EXPECT_EQ(on_service("refused"), 0);
}

TEST_F(OutboxFailures, M07_TheSameConflictAgainIsTheSameRow) {
    const auto id = some_entry();
    const auto base = theirs(id).description;
    for (int cycle = 0; cycle < 4; ++cycle) {
        describe(id, "mine");
        edit_entry(w, id, [&](minutedock::entry& e) { e.description = "theirs " + std::to_string(cycle); });
        EXPECT_EQ(w.sync().pushed.conflicts, 1) << cycle;
        EXPECT_EQ(w.number("SELECT count(*) FROM conflicts"), 1) << cycle;
        EXPECT_EQ(w.ask("SELECT theirs FROM conflicts"), "\"theirs " + std::to_string(cycle) + "\"");
        w.clock.pass(60s);
        edit_entry(w, id, [&](minutedock::entry& e) { e.description = base; });
        w.sync();
    }
    for (int cycle = 0; cycle < 3; ++cycle) w.sync();
    EXPECT_EQ(w.number("SELECT count(*) FROM conflicts"), 1);
    EXPECT_EQ(waiting(), 0);
    EXPECT_EQ(sent("PUT").size(), 0U);
}

TEST_F(OutboxFailures, M08_AMergeThatEqualsMinuteDocksRowSendsNothing) {
    const auto id = some_entry();
    minutedock::row_id task = 0;
    for (const auto& [other, what] : w.service.account().tasks)
        if (const auto& has = theirs(id).tasks; !what.deleted && std::find(has.begin(), has.end(), other) == has.end()) task = other;
    ASSERT_NE(task, 0);
    write("INSERT INTO entry_tasks (entry_id, task_id) VALUES (?1, ?2)", {id, task});
    write("UPDATE entries SET description = 'both', duration_seconds = 4711 WHERE entry_id = ?1", {id});
    edit_entry(w, id, [&](minutedock::entry& e) {
        e.tasks.push_back(task);
        e.description = "both";
        e.duration = 4711;
    });
    w.http.sent.clear();
    EXPECT_EQ(w.sync().pushed.merged, 1);
    EXPECT_FALSE(w.sync().stopped_by);
    EXPECT_EQ(changing_requests(), 0U);
    EXPECT_EQ(waiting() + w.number("SELECT count(*) FROM conflicts"), 0);
    expect_equal(w);
}

TEST_F(OutboxFailures, M09_AChangeBetweenOurLookAndOurPutLosesOnlyTheSameField) {
    const auto id = some_entry();
    describe(id, "mine");
    w.http.intercept = [&](const http_request& r) -> std::optional<result<http_answer>> {
        if (r.method == "PUT")
            edit_entry(w, id, [](minutedock::entry& e) {
                e.description = "theirs, a moment earlier";
                e.duration = 4321;
            });
        return std::nullopt;
    };
    EXPECT_EQ(w.sync().pushed.applied, 1);
    EXPECT_EQ(theirs(id).description, "mine");
    EXPECT_EQ(theirs(id).duration, 4321);
    ASSERT_EQ(sent("PUT").size(), 1U);
    EXPECT_EQ(sent("PUT").front().body, R"({"entry":{"description":"mine"}})");
    expect_equal(w);
}

class OutboxOfThousands : public outbox_world {
protected:
    OutboxOfThousands() : outbox_world(large()) {}
    static minutedock::account_size large() {
        auto size = small();
        size.entries = 1600;
        return size;
    }
};

TEST_F(OutboxOfThousands, O15_DrainsInOrderWithTwoRequestsAWrite) {
    // What is at stake here is not the disk.
    w.db->connection().exec("PRAGMA synchronous = OFF");
    w.how.hold_above = 0;
    for (const auto id : entry_ids(w)) {
        auto open = theirs(id);
        open.locked = false;
        w.service.account().entries.put(std::move(open));
    }
    write("UPDATE entries SET description = 'written offline' WHERE entry_id IN (SELECT entry_id FROM entries WHERE invoice_id IS NULL "
          "ORDER BY entry_id DESC LIMIT 1000)");
    ASSERT_EQ(waiting(), 1000);
    std::vector<std::string> wanted, put;
    {
        auto db = w.reader();
        SQLite::Statement rows(db, "SELECT row_id FROM outbox ORDER BY outbox_id");
        while (rows.executeStep()) wanted.push_back("/entries/" + rows.getColumn(0).getString());
    }
    w.http.sent.clear();
    const auto done = w.sync();
    EXPECT_FALSE(done.stopped_by);
    EXPECT_EQ(done.pushed.applied, 1000);
    EXPECT_EQ(waiting(), 0);
    EXPECT_EQ(on_service("written offline"), 1000);
    for (const auto& one : sent("PUT")) put.push_back(one.target);
    EXPECT_EQ(put, wanted);
    const auto of_writes = std::count_if(w.http.sent.begin(), w.http.sent.end(), [](const http_request& one) { return one.target.starts_with("/entries/"); });
    EXPECT_LE(of_writes, 2000);
    w.http.sent.clear();
    w.sync();
    EXPECT_EQ(changing_requests(), 0U);
}

TEST_F(OutboxFailures, O13_TheCapHoldsForCommandsToo) {
    w.how.max_creates_per_minute = 5;
    for (int i = 0; i < 12; ++i) add_entry("again");
    w.sync();
    w.sync();
    EXPECT_EQ(sent("POST", "/entries").size(), 5U);
}

}  // namespace
}  // namespace mdock::test
