// SPDX-License-Identifier: MIT
// Local writes on their way to MinuteDock, as the catalogue of failures orders them: what was sent, what arrived, what is
// left of it here.
#include <gtest/gtest.h>

#include "core/store/local_write.h"
#include "core/store/outbox_rows.h"
#include "tests/minutedock/generator.h"
#include "tests/support/world.h"

namespace mdock::test {
namespace {

using std::chrono::seconds;

class Outbox : public ::testing::Test {
protected:
    Outbox() { EXPECT_FALSE(w.sync().stopped_by); }

    static minutedock::account_size small() {
        minutedock::account_size size;
        size.entries = 60;
        size.oddities = false;
        return size;
    }

    store::write_outcome write(std::vector<store::write_statement> statements) {
        auto done = store::write_locally(*w.db, statements, true);
        EXPECT_TRUE(done) << (done ? "" : done.error().context());
        return done ? std::move(*done) : store::write_outcome{};
    }
    std::int64_t add_entry(const std::string& text) {
        return write({{"INSERT INTO entries (description, duration_seconds, entry_date) VALUES (?1, 1800, '2024-06-12')", {text}}}).row_ids.front();
    }
    // How many of the service's entries have the text.
    int on_service(const std::string& text) {
        int count = 0;
        w.service.account().entries.for_each([&](const minutedock::entry& e) { count += e.description == text ? 1 : 0; });
        return count;
    }
    int changing_requests() {
        int count = 0;
        for (const auto& one : w.http.sent) count += one.method != "GET" && one.target.find("/reports") == std::string::npos ? 1 : 0;
        return count;
    }
    std::int64_t mine() { return w.number("SELECT user_account_id FROM _identity"); }
    // An entry of ours that is not invoiced.
    std::int64_t some_entry() {
        return w.number("SELECT min(entry_id) FROM entries WHERE invoice_id IS NULL AND contact_id IS NOT NULL AND user_account_id = " +
                        std::to_string(mine()));
    }

    world w{small()};
};

TEST_F(Outbox, AnEntryMadeHereIsSentOnceAndTakesItsRealId) {
    const auto local = add_entry("made on a train");
    EXPECT_GE(local, 9'000'000'000'000'001);
    const auto done = w.sync();
    EXPECT_FALSE(done.stopped_by);
    EXPECT_EQ(done.pushed.applied, 1);
    EXPECT_EQ(on_service("made on a train"), 1);
    EXPECT_EQ(w.number("SELECT count(*) FROM outbox"), 0);
    EXPECT_EQ(w.ask("SELECT outcome FROM outbox_done"), "applied");
    EXPECT_LT(w.number("SELECT entry_id FROM entries WHERE description = 'made on a train'"), 9'000'000'000'000'000);
    EXPECT_EQ(w.ask("SELECT sync_state FROM entries WHERE description = 'made on a train'"), "synced");
    w.http.sent.clear();
    EXPECT_FALSE(w.sync().stopped_by);
    EXPECT_EQ(changing_requests(), 0);
}

TEST_F(Outbox, O09_ThreeEditsAreOneRequestOfTheChangedFields) {
    const auto id = some_entry();
    for (const auto* text : {"one", "two", "three"})
        write({{"UPDATE entries SET description = ?2 WHERE entry_id = ?1", {id, std::string(text)}}});
    w.http.sent.clear();
    EXPECT_EQ(w.sync().pushed.applied, 1);
    EXPECT_EQ(changing_requests(), 1);
    for (const auto& one : w.http.sent)
        if (one.method == "PUT") {
            EXPECT_EQ(one.body, R"({"entry":{"description":"three"}})");
        }
    EXPECT_EQ(on_service("three"), 1);
}

TEST_F(Outbox, M01_FieldsChangedOnBothSidesBothSurvive) {
    const auto id = some_entry();
    write({{"UPDATE entries SET description = 'mine' WHERE entry_id = ?1", {id}}});
    auto theirs = *w.service.account().entries.find(id);
    theirs.duration = 4321;
    theirs.updated_at = w.clock.wall();
    w.service.account().entries.put(theirs);
    EXPECT_EQ(w.sync().pushed.applied, 1);
    EXPECT_EQ(w.service.account().entries.find(id)->description, "mine");
    EXPECT_EQ(w.service.account().entries.find(id)->duration, 4321);
    EXPECT_EQ(w.number("SELECT duration_seconds FROM entries WHERE entry_id = " + std::to_string(id)), 4321);
    EXPECT_EQ(w.ask("SELECT description FROM entries WHERE entry_id = " + std::to_string(id)), "mine");
}

TEST_F(Outbox, M02_TheSameFieldChangedDifferentlyIsAConflictWithAllThreeValues) {
    const auto id = some_entry();
    write({{"UPDATE entries SET description = 'mine' WHERE entry_id = ?1", {id}}});
    auto theirs = *w.service.account().entries.find(id);
    theirs.description = "theirs";
    theirs.updated_at = w.clock.wall();
    w.service.account().entries.put(theirs);
    const auto done = w.sync();
    EXPECT_EQ(done.pushed.conflicts, 1);
    EXPECT_EQ(w.service.account().entries.find(id)->description, "theirs");
    EXPECT_EQ(w.ask("SELECT description FROM entries WHERE entry_id = " + std::to_string(id)), "theirs");
    EXPECT_EQ(w.ask("SELECT mine FROM conflicts WHERE field = 'description'"), "\"mine\"");
    EXPECT_EQ(w.ask("SELECT sync_state FROM entries WHERE entry_id = " + std::to_string(id)), "conflict");
    EXPECT_EQ(w.number("SELECT count(*) FROM outbox"), 0);
    // One command applies it again.
    EXPECT_TRUE(store::resolve_conflict(*w.db, w.number("SELECT conflict_id FROM conflicts"), true, w.clock.wall()).value());
    EXPECT_EQ(w.sync().pushed.applied, 1);
    EXPECT_EQ(w.service.account().entries.find(id)->description, "mine");
    EXPECT_EQ(w.ask("SELECT sync_state FROM entries WHERE entry_id = " + std::to_string(id)), "synced");
}

TEST_F(Outbox, M03_BothMadeTheSameChangeAndNothingIsSent) {
    const auto id = some_entry();
    write({{"UPDATE entries SET description = 'same' WHERE entry_id = ?1", {id}}});
    auto theirs = *w.service.account().entries.find(id);
    theirs.description = "same";
    theirs.updated_at = w.clock.wall();
    w.service.account().entries.put(theirs);
    w.http.sent.clear();
    EXPECT_EQ(w.sync().pushed.merged, 1);
    EXPECT_EQ(changing_requests(), 0);
    EXPECT_EQ(w.number("SELECT count(*) FROM conflicts"), 0);
}

TEST_F(Outbox, M06_AnEditOfARowThatIsGoneIsAConflictThatCanMakeItAnew) {
    const auto id = some_entry();
    write({{"UPDATE entries SET description = 'still needed', duration_seconds = 60 WHERE entry_id = ?1", {id}}});
    w.service.account().entries.erase(id);
    EXPECT_FALSE(w.sync().stopped_by);
    EXPECT_EQ(w.number("SELECT count(*) FROM conflicts WHERE field = '*' AND resolved_at IS NULL"), 1);
    EXPECT_EQ(w.number("SELECT count(*) FROM outbox"), 0);
    EXPECT_EQ(w.number("SELECT count(*) FROM entries WHERE entry_id = " + std::to_string(id)), 0);
    EXPECT_TRUE(store::resolve_conflict(*w.db, w.number("SELECT conflict_id FROM conflicts"), true, w.clock.wall()).value());
    EXPECT_EQ(w.sync().pushed.applied, 1);
    EXPECT_EQ(on_service("still needed"), 1);
}

TEST_F(Outbox, O11_TheEchoIsTheTruthAndIsNotSentBack) {
    w.service.how().description_trim = true;
    w.service.how().duration_rounding = minutedock::rounding::minute;
    write({{"INSERT INTO entries (description, duration_seconds, entry_date) VALUES ('  spaces  ', 61, '2024-06-12')", {}}});
    EXPECT_EQ(w.sync().pushed.applied, 1);
    EXPECT_EQ(w.number("SELECT duration_seconds FROM entries WHERE description = 'spaces'"), 120);
    w.http.sent.clear();
    EXPECT_FALSE(w.sync().stopped_by);
    EXPECT_EQ(changing_requests(), 0);
}

TEST_F(Outbox, D12_ADeleteOfARowThatSomebodyEditedIsNotSent) {
    const auto id = some_entry();
    write({{"DELETE FROM entries WHERE entry_id = ?1", {id}}});
    EXPECT_EQ(w.number("SELECT count(*) FROM entries WHERE entry_id = " + std::to_string(id)), 0);
    auto theirs = *w.service.account().entries.find(id);
    theirs.description = "worked on since";
    theirs.updated_at = w.clock.wall();
    w.service.account().entries.put(theirs);
    w.http.sent.clear();
    EXPECT_EQ(w.sync().pushed.applied, 0);
    EXPECT_EQ(changing_requests(), 0);
    EXPECT_EQ(w.ask("SELECT description FROM entries WHERE entry_id = " + std::to_string(id)), "worked on since");
    EXPECT_EQ(w.number("SELECT count(*) FROM conflicts WHERE field = '*' AND resolved_at IS NULL"), 1);
}

TEST_F(Outbox, D13_ADeleteOfWhatIsGoneAlreadyIsDone) {
    const auto id = some_entry();
    write({{"DELETE FROM entries WHERE entry_id = ?1", {id}}});
    w.service.account().entries.erase(id);
    EXPECT_FALSE(w.sync().stopped_by);
    EXPECT_EQ(w.number("SELECT count(*) FROM outbox"), 0);
    EXPECT_EQ(w.ask("SELECT outcome FROM outbox_done"), "applied");
    EXPECT_EQ(w.number("SELECT count(*) FROM conflicts"), 0);
}

TEST_F(Outbox, ADeleteIsSentOnceAndTheRowStaysInGoneRows) {
    const auto id = some_entry();
    write({{"DELETE FROM entries WHERE entry_id = ?1", {id}}});
    EXPECT_EQ(w.sync().pushed.applied, 1);
    EXPECT_EQ(w.service.account().entries.find(id), nullptr);
    EXPECT_EQ(w.ask("SELECT evidence FROM gone_rows WHERE row_id = " + std::to_string(id)), "local");
}

TEST_F(Outbox, D15_AnEditOfAnInvoicedEntryIsAConflictBeforeAnythingIsSent) {
    const auto id = some_entry();
    write({{"UPDATE entries SET duration_seconds = 5 WHERE entry_id = ?1", {id}}});
    auto theirs = *w.service.account().entries.find(id);
    theirs.invoice = 77;
    theirs.updated_at = w.clock.wall();
    w.service.account().entries.put(theirs);
    w.http.sent.clear();
    EXPECT_EQ(w.sync().pushed.conflicts, 1);
    EXPECT_EQ(changing_requests(), 0);
}

TEST_F(Outbox, I01_AClientAProjectInItAndAnEntryOnItGoParentsFirst) {
    const auto contact = write({{"INSERT INTO contacts (name) VALUES ('New client')", {}}}).row_ids.front();
    const auto project = write({{"INSERT INTO projects (name, contact_id) VALUES ('New project', ?1)", {contact}}}).row_ids.front();
    write({{"INSERT INTO entries (description, duration_seconds, entry_date, contact_id, project_id) VALUES ('first work', 60, "
            "'2024-06-12', ?1, ?2)", {contact, project}}});
    const auto done = w.sync();
    EXPECT_FALSE(done.stopped_by);
    EXPECT_EQ(done.pushed.applied, 3);
    EXPECT_EQ(w.number("SELECT count(*) FROM outbox"), 0);
    EXPECT_EQ(w.number("SELECT count(*) FROM entries JOIN contacts USING (contact_id) JOIN projects USING (project_id) WHERE "
                       "entries.description = 'first work' AND contacts.name = 'New client' AND projects.name = 'New project'"), 1);
    EXPECT_EQ(w.number("SELECT count(*) FROM pragma_foreign_key_check"), 0);
    EXPECT_EQ(w.number("SELECT row_id FROM local_ids WHERE local_id = " + std::to_string(contact)),
              w.number("SELECT contact_id FROM contacts WHERE name = 'New client'"));
}

TEST_F(Outbox, O03_ALostAnswerIsLookedForAndAdopted) {
    add_entry("answer lost");
    w.service.add_fault(minutedock::parse_fault("lost:method=POST:path=/entries").value());
    const auto first = w.sync();
    EXPECT_EQ(first.pushed.unknown, 1);
    w.service.clear_faults();
    EXPECT_EQ(w.ask("SELECT state FROM outbox"), "unknown");
    w.clock.pass(seconds{130});
    EXPECT_EQ(w.sync().pushed.adopted, 1);
    EXPECT_EQ(on_service("answer lost"), 1);
    EXPECT_EQ(w.number("SELECT count(*) FROM entries WHERE description = 'answer lost'"), 1);
}

TEST_F(Outbox, O02_WhatNeverArrivedIsSentAgainAfterTheSettleTime) {
    add_entry("never arrived");
    w.http.intercept = [](const http_request& r) -> std::optional<result<http_answer>> {
        if (r.method != "POST" || r.target != "/entries") return std::nullopt;
        return result<http_answer>(failure(errc::connection_lost, "cut"));
    };
    EXPECT_EQ(w.sync().pushed.unknown, 1);
    w.http.intercept = nullptr;
    EXPECT_FALSE(w.sync().stopped_by);
    EXPECT_EQ(on_service("never arrived"), 0);    // not before the settle time
    w.clock.pass(seconds{130});
    EXPECT_EQ(w.sync().pushed.applied, 1);
    EXPECT_EQ(on_service("never arrived"), 1);
}

TEST_F(Outbox, O16_ALateTwinIsReportedOnceAndDeletedOnlyByAPerson) {
    add_entry("came twice");
    w.http.intercept = [](const http_request& r) -> std::optional<result<http_answer>> {
        if (r.method != "POST" || r.target != "/entries") return std::nullopt;
        return result<http_answer>(failure(errc::connection_lost, "cut"));
    };
    EXPECT_EQ(w.sync().pushed.unknown, 1);
    w.http.intercept = nullptr;
    w.clock.pass(seconds{130});
    EXPECT_EQ(w.sync().pushed.applied, 1);
    const auto ours = w.number("SELECT entry_id FROM entries WHERE description = 'came twice'");
    // The first sending is carried out now.
    minutedock::entry late = *w.service.account().entries.find(ours);
    late.id = w.service.account().new_id();
    late.updated_at = minutedock::stamp{w.clock.true_time()};
    w.service.account().entries.put(late);
    w.clock.pass(seconds{60});
    EXPECT_EQ(w.sync().pushed.conflicts, 1);
    EXPECT_EQ(w.sync().pushed.conflicts, 0);
    EXPECT_EQ(on_service("came twice"), 2);
    EXPECT_EQ(w.ask("SELECT field || ' ' || row_id || ' ' || mine FROM conflicts"),
              "possible_duplicate " + std::to_string(late.id) + " " + std::to_string(ours));
    EXPECT_TRUE(store::resolve_conflict(*w.db, w.number("SELECT conflict_id FROM conflicts"), true, w.clock.wall()).value());
    EXPECT_EQ(w.sync().pushed.applied, 1);
    EXPECT_EQ(on_service("came twice"), 1);
    EXPECT_NE(w.service.account().entries.find(ours), nullptr);
}

TEST_F(Outbox, O17_TwoEqualEntriesOnPurposeAreTwo) {
    add_entry("call");
    add_entry("call");
    EXPECT_EQ(w.sync().pushed.applied, 2);
    EXPECT_EQ(on_service("call"), 2);
    EXPECT_EQ(w.number("SELECT count(DISTINCT row_id) FROM local_ids"), 2);
}

TEST_F(Outbox, O06_WhatIsRefusedIsParkedWithTheWordsAndOthersPass) {
    const auto bad = add_entry("refused");
    add_entry("accepted");
    w.http.intercept = [](const http_request& r) -> std::optional<result<http_answer>> {
        if (r.method != "POST" || r.body.find("refused") == std::string::npos) return std::nullopt;
        http_answer no;
        no.status = 422;
        no.body = R"({"message":"duration is not valid"})";
        return result<http_answer>(no);
    };
    const auto done = w.sync();
    EXPECT_EQ(done.pushed.parked, 1);
    EXPECT_EQ(done.pushed.applied, 1);
    EXPECT_EQ(w.ask("SELECT state FROM outbox WHERE row_id = " + std::to_string(bad)), "parked");
    EXPECT_NE(w.ask("SELECT last_error FROM outbox")->find("duration is not valid"), std::string::npos);
    w.http.sent.clear();
    EXPECT_FALSE(w.sync().stopped_by);
    EXPECT_EQ(changing_requests(), 0);
}

TEST_F(Outbox, APullNeverTakesAWaitingChangeAway) {
    const auto id = some_entry();
    write({{"UPDATE entries SET description = 'waits' WHERE entry_id = ?1", {id}}});
    EXPECT_TRUE(store::hold_changes(*w.db, std::nullopt).value());
    auto theirs = *w.service.account().entries.find(id);
    theirs.duration = 999;
    theirs.updated_at = w.clock.wall();
    w.service.account().entries.put(theirs);
    EXPECT_FALSE(w.sync().stopped_by);
    EXPECT_EQ(w.ask("SELECT description FROM entries WHERE entry_id = " + std::to_string(id)), "waits");
    EXPECT_EQ(w.number("SELECT duration_seconds FROM entries WHERE entry_id = " + std::to_string(id)), 999);
    const auto change = w.number("SELECT outbox_id FROM outbox");
    EXPECT_TRUE(store::discard_change(*w.db, change, w.clock.wall()).value());
    EXPECT_EQ(w.ask("SELECT description FROM entries WHERE entry_id = " + std::to_string(id)), theirs.description);
    EXPECT_EQ(w.ask("SELECT sync_state FROM entries WHERE entry_id = " + std::to_string(id)), "synced");
}

}  // namespace
}  // namespace mdock::test
