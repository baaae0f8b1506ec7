// SPDX-License-Identifier: MIT
// What the tests of the rows about local writes have in common: a world that has been read once, a person's hands in it,
// and what was sent of it; and the same
// with a timer. The triggers' clock stands at the world's time.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/base/time.h"
#include "core/store/local_write.h"
#include "core/store/outbox_rows.h"
#include "tests/minutedock/generator.h"
#include "tests/scenario/rows.h"

namespace mdock::test {

class outbox_world : public ::testing::Test {
protected:
    explicit outbox_world(minutedock::account_size size = small()) : w(size) { EXPECT_FALSE(w.sync().stopped_by); }

    static minutedock::account_size small() {
        minutedock::account_size size;
        size.entries = 60;
        size.oddities = false;
        return size;
    }

    store::write_outcome write(const std::string& sql, std::vector<store::write_value> values = {}) {
        // A real machine's time would be years after this world's.
        const auto now = format_timestamp(w.clock.wall());
        w.db->connection().exec("DROP VIEW IF EXISTS _now; CREATE VIEW _now AS SELECT '" + now + "' AS at, '" + now.substr(0, 10) + "' AS today");
        auto done = store::write_locally(*w.db, {{sql, std::move(values)}}, true);
        EXPECT_TRUE(done) << sql << ": " << (done ? "" : done.error().context());
        return done ? std::move(*done) : store::write_outcome{};
    }
    std::int64_t add_entry(const std::string& text) {
        return write("INSERT INTO entries (description, duration_seconds, entry_date) VALUES (?1, 1800, '2024-06-12')", {text}).row_ids.front();
    }
    void describe(std::int64_t id, const std::string& text) { write("UPDATE entries SET description = ?2 WHERE entry_id = ?1", {id, text}); }

    // How many of the service's entries have the text.
    int on_service(const std::string& text) {
        int count = 0;
        w.service.account().entries.for_each([&](const minutedock::entry& e) { count += e.description == text ? 1 : 0; });
        return count;
    }
    std::string description_here(std::int64_t id) {
        return w.ask("SELECT description FROM entries WHERE entry_id = " + std::to_string(id)).value_or("");
    }
    // Local ids are counted by table, so a row is one only of its table.
    std::string state_here(std::int64_t row, const std::string& table = "entries") {
        return w.ask("SELECT state FROM outbox WHERE resource = '" + table + "' AND row_id = " + std::to_string(row)).value_or("none");
    }
    std::int64_t rows_named(const std::string& text) { return w.number("SELECT count(*) FROM entries WHERE description = '" + text + "'"); }
    std::int64_t waiting() { return w.number("SELECT count(*) FROM outbox"); }

    // Requests so sent whose path begins with `path`, in their order.
    std::vector<http_request> sent(std::string_view method, std::string_view path = "/") {
        std::vector<http_request> out;
        std::copy_if(w.http.sent.begin(), w.http.sent.end(), std::back_inserter(out),
                     [&](const http_request& one) { return one.method == method && one.target.starts_with(path); });
        return out;
    }
    std::size_t changing_requests() {
        return static_cast<std::size_t>(std::count_if(w.http.sent.begin(), w.http.sent.end(), [](const http_request& one) {
            return one.method != "GET" && one.target.find("/reports") == std::string::npos;
        }));
    }

    std::int64_t mine() { return w.number("SELECT user_account_id FROM _identity"); }
    // Entries of ours that are not invoiced, and that anybody may change.
    std::vector<minutedock::row_id> free_entries() {
        std::vector<minutedock::row_id> ids;
        const auto me = mine();
        w.service.account().entries.for_each([&](const minutedock::entry& e) {
            if (e.user == me && e.invoice == 0 && e.contact != 0 && !e.locked) ids.push_back(e.id);
        });
        return ids;
    }
    minutedock::row_id some_entry(std::size_t which = 0) { return free_entries().at(which); }
    const minutedock::entry& theirs(minutedock::row_id id) { return *w.service.account().entries.find(id); }

    // Takes the service's place at requests like these, until end_trouble().
    void answer(std::string method, std::string path, int status, std::string body) {
        w.http.intercept = [=](const http_request& r) {
            return r.method == method && is_path(r, path) ? answered(status, body) : std::nullopt;
        };
    }
    void lose_answers(const std::string& method, const std::string& path) { add_fault(w, "lost:method=" + method + ":path=" + path); }
    void end_trouble() {
        w.service.clear_faults();
        w.http.intercept = nullptr;
    }

    // A request that does not go through our transport.
    minutedock::call call_of(std::string method, std::string target, std::string body = {}) {
        minutedock::call out;
        out.method = std::move(method);
        out.target = std::move(target);
        out.body = std::move(body);
        out.bearer = w.http.token;
        return out;
    }

    enum class moment { before, after };
    // Kills the process at the `nth` such step of a round and starts it again. False when it was never reached.
    bool dies_at(step_name where, moment when, int nth = 1) {
        auto hook = [this, where = std::string(where), left = nth](step_name now) mutable { w.is_dead = w.is_dead || (now == where && --left == 0); };
        (when == moment::before ? w.store.before : w.store.after) = hook;
        (when == moment::before ? w.http.before : w.http.after) = hook;
        bool died = false;
        try {
            w.sync();
        } catch (const killed&) {
            died = true;
        }
        w.store.before = w.store.after = w.http.before = w.http.after = nullptr;
        if (died) w.revive();
        return died;
    }

    // Two minutes after a create's sending its outcome may be decided.
    engine::round_report sync_after_settling() {
        w.clock.pass(130s);
        return w.sync();
    }

    world w;
};

// A world whose one user's dock is changed by several clients.
class timer_world : public outbox_world {
protected:
    timer_world() : user_(mine()) {}

    minutedock::dock& dock() { return w.service.account().docks[user_]; }

    // What somebody else has put on the service's dock.
    void set_dock(const std::string& text, std::int64_t number = 5, bool is_running = true) {
        auto& d = dock();
        d = {};
        d.entry_id = w.service.account().new_id();
        d.description = text;
        d.seconds = 600;
        if (is_running) d.running_since = w.clock.true_time();
        d.begun_on = std::chrono::floor<std::chrono::days>(w.clock.true_time());
        d.version_number = number;
        d.version_client_id = "web-app";
        d.version_id = "web-" + std::to_string(number) + text;
    }
    // ... and this mirror has read.
    void know_dock(const std::string& text, std::int64_t number = 5, bool is_running = true) {
        set_dock(text, number, is_running);
        ASSERT_FALSE(w.sync().stopped_by);
        ASSERT_EQ(text_here(), text);
        w.http.sent.clear();
    }
    template <class Change>
    void by_another(Change change) {
        auto& d = dock();
        change(d);
        ++d.version_number;
        d.version_client_id = "web-app";
        d.version_id = "web-" + std::to_string(d.version_number);
    }
    void log_by_web() {
        const auto number = std::to_string(dock().version_number + 1);
        const auto put = call_of("PUT", "/dock", R"({"entry":{"version_id":"w","version_client_id":"web-app","version_number":)" + number +
                                                     R"(,"logged":true}})");
        w.service.handle(put, w.clock.true_time());
        ASSERT_TRUE(dock().idle());
    }

    void describe_timer(const std::string& text) { write("UPDATE dock SET description = ?1", {text}); }
    void start(const std::string& text) { write("UPDATE dock SET description = ?1, is_running = 1", {text}); }
    void pause() { write("UPDATE dock SET is_running = 0"); }
    void log() { write("INSERT INTO _dock_command (operation) VALUES ('log')"); }
    void redock(std::int64_t id) { write("INSERT INTO _dock_command (operation, entry_id) VALUES ('redock', ?1)", {id}); }

    std::string text_here() { return w.ask("SELECT description FROM dock").value_or(""); }
    std::int64_t open_conflicts() { return w.number("SELECT count(*) FROM conflicts WHERE resource = 'dock' AND resolved_at IS NULL"); }
    minutedock::row_id some_contact() {
        for (const auto& [id, what] : w.service.account().contacts)
            if (!what.deleted) return id;
        return 0;
    }

    std::string name_of_answer() const { return "under " + std::to_string(static_cast<int>(w.service.how().dock_conflict)); }

    // Ours is the description, theirs the contact.
    void expect_both_survive(minutedock::row_id contact) {
        SCOPED_TRACE(name_of_answer());
        EXPECT_EQ(w.sync().pushed.applied, 1);
        end_trouble();
        EXPECT_EQ(dock().description, "mine");
        EXPECT_EQ(dock().contact, contact);
        EXPECT_TRUE(dock().running_since);
        EXPECT_LE(sent("PUT", "/dock").size(), 2U);
        EXPECT_EQ(waiting() + open_conflicts(), 0);
        w.sync();
        expect_equal(w);
    }
    void expect_logged_once(const std::string& text) {
        EXPECT_EQ(on_service(text), 1);
        EXPECT_EQ(rows_named(text), 1);
        EXPECT_TRUE(dock().idle());
        EXPECT_EQ(waiting() + open_conflicts(), 0);
        w.sync();
        expect_equal(w);
    }
    void expect_theirs_and_a_conflict() {
        SCOPED_TRACE(name_of_answer());
        EXPECT_EQ(w.sync().pushed.conflicts, 1);
        end_trouble();
        EXPECT_EQ(dock().description, "theirs");
        EXPECT_EQ(text_here(), "theirs");
        EXPECT_EQ(w.number("SELECT count(*) FROM conflicts WHERE resource = 'dock' AND mine LIKE '%\"mine " + name_of_answer() +
                           "\"%' AND base LIKE '%base%' AND theirs LIKE '%theirs%'"), 1);
        EXPECT_EQ(waiting(), 0);
    }

    std::int64_t user_;
};

}  // namespace mdock::test
