// SPDX-License-Identifier: MIT
#include "tests/crash/scenarios.h"

#include <stdexcept>

#include "tests/scenario/rows.h"

namespace mdock::test {
namespace {

using minutedock::row_id;

// A round that must come through: the disk and the network are well again.
void sync_until_quiet(world& w) {
    lines open;
    for (int tries = 0; tries < 4; ++tries) {
        open = troubles(w.sync());
        if (open.empty()) return;
        w.clock.pass(10min);
    }
    throw std::runtime_error("no quiet round: " + open.front());
}

void sync_once(world& w) { w.sync(); }

// A calendar of one day, its last, so that nothing is added to it: checking seven thousand days of it at each opening
// after a crash would be most of a run's time.
void with_short_calendar(world& w) { w.db->connection().exec("INSERT INTO _dates (date_key) VALUES ('2029-12-31')"); }

void empty_file(world&) {}

void entries_changed(world& w) {
    loaded(w);
    const auto ids = entry_ids(w);
    for (std::size_t i = 0; i < ids.size(); i += 4)
        edit_entry(w, ids[i], [i](minutedock::entry& e) {
            e.description = "edited " + std::to_string(i);
            e.duration += 60;
            if (!e.tasks.empty()) e.tasks.pop_back();
        });
    for (int i = 0; i < 10; ++i) add_entry(w, std::chrono::sys_days{std::chrono::year{2024} / 6 / (i + 1)});
    w.clock.pass(1min);
}

void lists_changed(world& w) {
    loaded(w);
    auto& account = w.service.account();
    auto& contact = account.contacts.begin()->second;
    contact.name = "Renamed and archived";
    contact.active = false;
    minutedock::contact fresh = contact;
    fresh.id = account.new_id();
    fresh.name = "New here";
    fresh.short_code = "newhere";
    fresh.active = true;
    account.contacts[fresh.id] = fresh;
    minutedock::project project = account.projects.begin()->second;
    project.id = account.new_id();
    project.contact_id = fresh.id;
    project.name = "Its project";
    account.projects[project.id] = project;
    minutedock::task task = account.tasks.begin()->second;
    task.id = account.new_id();
    task.name = "A new task";
    task.short_code = "anewtask";
    account.tasks[task.id] = task;
    account.users.begin()->second.first_name = "Other";
    // Entries that point at what is new: parents must be there first.
    add_entry(w, std::chrono::sys_days{std::chrono::year{2024} / 6 / 5}, [&](minutedock::entry& e) {
        e.contact = fresh.id;
        e.project = project.id;
        e.tasks = {task.id};
    });
    w.clock.pass(1min);
}

void lines_changed(world& w) {
    loaded(w);
    for (auto& [id, invoice] : w.service.account().invoices) {
        for (auto& line : invoice.lines) line.description += " (changed)";
        if (!invoice.lines.empty()) {
            minutedock::invoice_line more = invoice.lines.back();
            more.id = w.service.account().new_id();
            more.position += 1;
            more.description = "one more line";
            invoice.lines.push_back(more);
        }
        invoice.updated_at = stamp_now(w);
    }
    w.clock.pass(1min);
}

// The daemon over a quarter of an hour, with edits while it runs. They bear their own moment as their stamp, whenever a
// run that was killed comes to them.
constexpr auto edited_at = world_begin + 1h + 27min;

void late_edits(world& w) {
    for (const auto id : entry_ids(w)) {
        auto copy = *w.service.account().entries.find(id);
        // Those that were changed before the start have their change already, and get no other.
        if (id % 3 != 0 || copy.updated_at >= minutedock::stamp{world_begin}) continue;
        copy.description = "while it ran";
        copy.updated_at = minutedock::stamp{edited_at};
        w.service.account().entries.put(std::move(copy));
    }
}

void daemon_runs(world& w) {
    timetable later(w);
    later.at(edited_at - w.clock.true_time(), [&w] { late_edits(w); });
    w.run_for(15min);
}

void daemon_and_then_quiet(world& w) {
    if (w.clock.true_time() < edited_at) w.clock.pass(edited_at - w.clock.true_time());
    late_edits(w);
    sync_until_quiet(w);
}

void read_all_again(world& w) { w.sync(all_again()); }

}  // namespace

void loaded(world& w) {
    with_short_calendar(w);
    sync_until_quiet(w);
    w.clock.pass(20min);
}

std::vector<crash_scenario> reading_scenarios() {
    return {
        {"FirstLoad", &with_short_calendar, &sync_once, &sync_until_quiet},
        {"FirstLoadOfAnEmptyFile", &empty_file, &sync_once, &sync_until_quiet, true, 25},
        {"DeltaOfEntries", &entries_changed, &sync_once, &sync_until_quiet},
        {"ReferenceLists", &lists_changed, &sync_once, &sync_until_quiet},
        {"LineItems", &lines_changed, &sync_once, &sync_until_quiet},
        {"FullRead", &entries_changed, &read_all_again, &sync_until_quiet},
        {"DaemonLoop", &entries_changed, &daemon_runs, &daemon_and_then_quiet, true, 60},
    };
}

const std::vector<crash_scenario>& crash_scenarios() {
    static const std::vector<crash_scenario> all = [] {
        auto them = reading_scenarios();
        for (const auto& one : proof_scenarios()) them.push_back(one);
        for (const auto& one : outbox_scenarios()) them.push_back(one);
        return them;
    }();
    return all;
}

}  // namespace mdock::test
