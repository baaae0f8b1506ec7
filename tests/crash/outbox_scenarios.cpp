// SPDX-License-Identifier: MIT
// Local changes on their way to MinuteDock, interrupted: whatever ends where, each has its effect once, and nothing that
// a person wrote is gone. Compared by what rows say and not by their ids, which follow the order of sending.
#include <algorithm>
#include <stdexcept>

#include "core/store/local_write.h"
#include "tests/crash/lab.h"
#include "tests/scenario/rows.h"

namespace mdock::test {
namespace {

// A timer's time may differ by the seconds that a detour takes.
constexpr std::int64_t bucket = 600;

void by_hand(world& w, const std::vector<store::write_statement>& statements) {
    w.disk->unix_ms = std::chrono::milliseconds(w.clock.wall().time_since_epoch()).count();
    const auto done = store::write_locally(*w.db, statements, true);
    if (!done) throw std::runtime_error(done.error().context());
}

std::int64_t my_entry(world& w, int which) {
    return w.number("SELECT entry_id FROM entries WHERE invoice_id IS NULL AND user_account_id = (SELECT user_account_id FROM _identity) "
                    "ORDER BY entry_id LIMIT 1 OFFSET " + std::to_string(which));
}

void lose(world& w, const std::string& rule) { add_fault(w, "lost:" + rule + ":times=1"); }

void send(world& w) { w.sync(); }

void send_until_quiet(world& w) {
    for (int tries = 0; tries < 8; ++tries) {
        const auto report = w.sync();
        const auto open = troubles(report);
        if (open.empty() && w.number("SELECT count(*) FROM outbox WHERE state <> 'parked'") == 0) {
            // The lists come before the outbox in a round; what MinuteDock counts in them follows in the next.
            w.clock.pass(20min);
            w.sync();
            return;
        }
        w.clock.pass(10min);
    }
    throw std::runtime_error("the outbox is never empty");
}

void creates(world& w) {
    loaded(w);
    const std::string sql = "INSERT INTO entries (description, duration_seconds, entry_date) VALUES (?1, 900, '2024-06-12')";
    by_hand(w, {{sql, {std::string("first")}}});
    for (int i = 0; i < 2; ++i) by_hand(w, {{sql, {std::string("twice on purpose")}}});
    by_hand(w, {{"INSERT INTO entry_tasks (entry_id, task_id) SELECT max(entry_id), (SELECT min(task_id) FROM tasks) FROM entries", {}}});
}
void creates_and_lost(world& w) {
    creates(w);
    lose(w, "method=POST:path=/entries");
}

void updates(world& w) {
    loaded(w);
    by_hand(w, {{"UPDATE entries SET description = 'mine', duration_seconds = 1800 WHERE entry_id = ?1", {my_entry(w, 0)}},
                {"UPDATE entries SET contact_id = NULL, project_id = NULL WHERE entry_id = ?1", {my_entry(w, 1)}},
                {"DELETE FROM entry_tasks WHERE entry_id = ?1", {my_entry(w, 2)}}});
    edit_entry(w, my_entry(w, 0), [](minutedock::entry& e) { e.date += std::chrono::days{1}; });
    w.clock.pass(1min);
}
void updates_and_lost(world& w) {
    updates(w);
    lose(w, "method=PUT:path=/entries");
}

void deletes(world& w) {
    loaded(w);
    by_hand(w, {{"DELETE FROM entries WHERE entry_id = ?1", {my_entry(w, 0)}}});
    by_hand(w, {{"DELETE FROM entries WHERE entry_id = ?1", {my_entry(w, 1)}}});
}
void deletes_and_lost(world& w) {
    deletes(w);
    lose(w, "method=DELETE");
}

void chain(world& w) {
    loaded(w);
    by_hand(w, {{"INSERT INTO contacts (name) VALUES ('New client')", {}},
                {"INSERT INTO projects (name, contact_id) VALUES ('New project', (SELECT max(contact_id) FROM contacts))", {}},
                {"INSERT INTO entries (description, duration_seconds, entry_date, contact_id, project_id) VALUES ('first work', 60, "
                 "'2024-06-12', (SELECT max(contact_id) FROM contacts), (SELECT max(project_id) FROM projects))", {}}});
}
void chain_and_lost(world& w) {
    chain(w);
    lose(w, "method=POST:path=/contacts");
}

constexpr const char* start_timer = "UPDATE dock SET is_running = 1, description = ?1 WHERE user_account_id = (SELECT user_account_id FROM _identity)";

void with_an_idle_dock(world& w) {
    for (auto& [user, what] : w.service.account().docks) what = {};
    loaded(w);
}
void timer_started(world& w) {
    with_an_idle_dock(w);
    by_hand(w, {{start_timer, {std::string("on the train")}}});
    w.clock.pass(1min);
}
void timer_logged(world& w) {
    with_an_idle_dock(w);
    by_hand(w, {{start_timer, {std::string("on the train")}}});
    send_until_quiet(w);
    w.clock.pass(25min);
    by_hand(w, {{"INSERT INTO _dock_command (operation) VALUES ('log')", {}}});
}
void timer_logged_and_lost(world& w) {
    timer_logged(w);
    lose(w, "method=PUT:path=/dock");
}
void redocked(world& w) {
    with_an_idle_dock(w);
    by_hand(w, {{"INSERT INTO _dock_command (operation, entry_id) VALUES ('redock', ?1)", {my_entry(w, 0)}}});
}

// The same field on both sides, one that is gone, and one that MinuteDock refuses.
void refused(world& w) {
    loaded(w);
    by_hand(w, {{"UPDATE entries SET description = 'mine' WHERE entry_id = ?1", {my_entry(w, 0)}},
                {"UPDATE entries SET description = 'mine too' WHERE entry_id = ?1", {my_entry(w, 1)}},
                {"UPDATE entries SET description = 'locked' WHERE entry_id = ?1", {my_entry(w, 2)}}});
    edit_entry(w, my_entry(w, 0), [](minutedock::entry& e) { e.description = "theirs"; });
    const auto locked = my_entry(w, 2);
    w.service.account().entries.erase(my_entry(w, 1));
    edit_entry(w, locked, [](minutedock::entry& e) { e.locked = true; });
    w.clock.pass(1min);
}

std::string text(const std::optional<std::string>& of) { return of.value_or("-"); }

template <class Rows>
std::string name_in(const Rows& rows, minutedock::row_id id) {
    const auto found = rows.find(id);
    return found == rows.end() ? std::to_string(id) : found->second.name;
}

// What the service has, and what the mirror says of it.
lines what_became(world& w) {
    lines out;
    const auto& account = w.service.account();
    account.entries.for_each([&](const minutedock::entry& e) {
        std::string line = "service entry " + text(e.description) + "|" + format_date(e.date) + "|" + std::to_string(e.duration / bucket) + "|" +
                           name_in(account.contacts, e.contact) + "|" + name_in(account.projects, e.project);
        for (const auto task : e.tasks) line += "|" + name_in(account.tasks, task);
        out.push_back(std::move(line));
    });
    for (const auto& [user, what] : account.docks)
        out.push_back("service dock " + text(what.description) + (what.running_since ? " runs" : what.idle() ? " is idle" : " is paused"));
    for (const auto& [id, what] : account.contacts) out.push_back("service contact " + what.name);
    for (const auto& [id, what] : account.projects) out.push_back("service project " + what.name);
    SQLite::Statement rows(w.db->connection(),
                           "SELECT 'outbox ' || operation || ' of ' || resource || ' is ' || state FROM outbox UNION ALL "
                           "SELECT 'conflict in ' || resource || '.' || field || ': ' || coalesce(base, '-') || ' ' || coalesce(mine, '-') || ' ' || "
                           "coalesce(theirs, '-') FROM conflicts UNION ALL "
                           "SELECT 'mirror entry ' || coalesce(description, '-') || '|' || entry_date || '|' || sync_state FROM entries UNION ALL "
                           "SELECT 'gone ' || resource || ' ' || evidence FROM gone_rows UNION ALL "
                           "SELECT 'local id of ' || resource FROM local_ids");
    while (rows.executeStep()) out.push_back(rows.getColumn(0).getString());
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace

std::vector<crash_scenario> outbox_scenarios() {
    std::vector<crash_scenario> all{
        {"OutboxCreates", &creates, &send, &send_until_quiet},
        {"OutboxCreatesAnswerLost", &creates_and_lost, &send, &send_until_quiet},
        {"OutboxUpdates", &updates, &send, &send_until_quiet},
        {"OutboxUpdatesAnswerLost", &updates_and_lost, &send, &send_until_quiet},
        {"OutboxDeletes", &deletes, &send, &send_until_quiet},
        {"OutboxDeletesAnswerLost", &deletes_and_lost, &send, &send_until_quiet},
        {"OutboxChain", &chain, &send, &send_until_quiet},
        {"OutboxChainAnswerLost", &chain_and_lost, &send, &send_until_quiet},
        {"OutboxTimerStarted", &timer_started, &send, &send_until_quiet},
        {"OutboxTimerLogged", &timer_logged, &send, &send_until_quiet},
        {"OutboxTimerLoggedAnswerLost", &timer_logged_and_lost, &send, &send_until_quiet},
        {"OutboxRedock", &redocked, &send, &send_until_quiet},
        {"OutboxRefused", &refused, &send, &send_until_quiet},
    };
    for (auto& one : all) {
        one.content = &what_became;
        one.share = 40;
    }
    return all;
}

}  // namespace mdock::test
