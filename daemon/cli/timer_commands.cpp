// SPDX-License-Identifier: MIT
// mdock timer [status] | start TEXT | pause | resume | log | edit TEXT | discard | redock ENTRY. What was tracked is never
// lost: whatever is on the timer is logged before another thing begins.
#include <fmt/format.h>

#include "daemon/cli/change_text.h"
#include "daemon/cli/command_tree.h"
#include "daemon/cli/mirror_reader.h"
#include "daemon/cli/placed_row.h"
#include "daemon/exit_codes.h"
#include "daemon/text.h"

namespace mdock::cli {
namespace {

constexpr const char* log_command = "INSERT INTO _dock_command (operation) VALUES ('log')";
constexpr const char* discard_command = "INSERT INTO _dock_command (operation) VALUES ('discard')";
constexpr const char* redock_command = "INSERT INTO _dock_command (operation, entry_id) VALUES ('redock', ?1)";

placed_row dock_now(SQLite::Database& db) {
    auto found = read_dock(db);
    if (!found) fail(errc::not_found_locally, "the timer has not been read yet");
    return std::move(*found);
}

placed_row dock_in_use(SQLite::Database& db) {
    auto found = dock_now(db);
    if (found.is_idle()) fail(errc::write_refused, "there is nothing on the timer; `mdock timer start TEXT` starts it");
    return found;
}

boost::json::object timer_document(SQLite::Database& db) {
    boost::json::object body;
    const auto timer = read_timer(db, now_utc());
    body["timer"] = timer_as_json(timer);
    return body;
}

int status(session& here) {
    auto db = open_mirror(here);
    const auto dock = read_dock(db);
    const auto timer = read_timer(db, now_utc());
    auto& out = here.out();
    if (out.is_json()) {
        out.document(timer_document(db));
        return exit_code::done;
    }
    out.line(describe(timer));
    if (dock && dock->sync_state == "queued") out.note("A change of it waits; `mdock outbox list` shows it.");
    if (dock && dock->sync_state == "conflict") out.note("It was changed elsewhere too; `mdock conflict list` shows what to decide.");
    return exit_code::done;
}

// What is on the timer after the change.
int say_timer(session& here, const std::string& done, const write_answer& got) {
    auto db = open_mirror(here);
    const auto timer = read_timer(db, now_utc());
    return say_changed(here, fmt::format("{}: {}", done, describe(timer)), got, timer_document(db));
}

int start(session& here, const entry_options& said) {
    auto db = open_for_change(here);
    const auto before = dock_now(db);
    const auto words = understand(here, db, said);
    write_request what;
    if (!before.is_idle()) what.statements.push_back({log_command, {}});
    placed_row idle = before;
    idle.contact_id = idle.project_id = idle.contact_of_project = std::nullopt;
    idle.description.clear();
    idle.task_ids.clear();
    row_values row;
    put_words(here, words, idle, row);
    row.set("is_running", std::int64_t{1});
    what.statements.push_back(row.update("dock", "user_account_id", before.id));
    for (auto& one : task_statements(words, idle)) what.statements.push_back(std::move(one));
    const auto was = describe(read_timer(db, now_utc()));
    const auto got = change(here, what);
    if (!before.is_idle()) here.out().note(made_visible(fmt::format("Logged what was on the timer: {}.", was)));
    return say_timer(here, "Started", got);
}

int set_running(session& here, bool is_running) {
    auto db = open_for_change(here);
    const auto dock = dock_in_use(db);
    if (dock.is_running == is_running) return say_timer(here, is_running ? "It runs already" : "It is paused already", {});
    row_values row;
    row.set("is_running", std::int64_t{is_running ? 1 : 0});
    const auto got = change(here, write_request{{row.update("dock", "user_account_id", dock.id)}, true});
    return say_timer(here, is_running ? "Resumed" : "Paused", got);
}

int edit(session& here, const entry_options& said) {
    auto db = open_for_change(here);
    const auto dock = dock_in_use(db);
    const auto words = understand(here, db, said, dock.contact_id);
    row_values row;
    put_words(here, words, dock, row);
    write_request what;
    if (!row.empty()) what.statements.push_back(row.update("dock", "user_account_id", dock.id));
    for (auto& one : task_statements(words, dock)) what.statements.push_back(std::move(one));
    const bool says_nothing = said.words.empty() && !said.duration.is_given() && !said.contact.is_given() &&
                              !said.project.is_given() && !said.has_tasks();
    if (says_nothing) fail(errc::usage, "say what to change: a new text, --duration, --contact, --project or --task");
    if (what.statements.empty()) return say_timer(here, "It is so already", {});
    const auto got = change(here, what);
    return say_timer(here, "Changed", got);
}

int log(session& here) {
    auto db = open_for_change(here);
    dock_in_use(db);
    const auto was = describe(read_timer(db, now_utc()));
    const auto got = change(here, write_request{{{log_command, {}}}, true});
    auto after = open_mirror(here);
    return say_changed(here, fmt::format("Logged: {}", was), got, timer_document(after));
}

int discard(session& here, const losing_options& how) {
    auto db = open_for_change(here);
    dock_in_use(db);
    const auto was = describe(read_timer(db, now_utc()));
    return change_if_agreed(here, how, fmt::format("Throw away what is on the timer ({})? It is not logged.", was),
                            fmt::format("Thrown away: {}", was), {{discard_command, {}}});
}

int redock(session& here, const std::string& which) {
    auto db = open_for_change(here);
    const auto before = dock_now(db);
    const auto id = fact_id(db, "entry", "entries", which);
    if (!read_entry(db, id)) fail(errc::not_found_locally, fmt::format("there is no entry {} in the mirror", id));
    const auto was = describe(read_timer(db, now_utc()));
    const auto got = change(here, write_request{{{redock_command, {id}}}, true});
    if (!before.is_idle()) here.out().note(made_visible(fmt::format("MinuteDock logs what was on the timer: {}.", was)));
    return say_timer(here, fmt::format("Entry {} is on the timer again", id), got);
}

void add_wording(command_tree& tree, CLI::App* timer, const std::string& name, const std::string& meaning,
                 const std::string& examples, bool needs_text, int (*run)(session&, const entry_options&)) {
    auto said = std::make_shared<entry_options>();
    auto* command = tree.add(timer, name, meaning, examples);
    auto* text = command->add_option("TEXT", said->words, "what is done; @contact, #project, #task and a duration may be in it");
    if (needs_text) text->required();
    add_entry_options(command, *said, false);
    tree.on(command, [said, run](session& here) { return run(here, *said); });
}

void add_discarding(command_tree& tree, CLI::App* timer) {
    auto how = std::make_shared<losing_options>();
    auto* command = tree.add(timer, "discard", "throws away what is on the timer, unlogged", "  mdock timer discard\n  mdock timer discard --dry-run");
    add_losing_options(command, *how);
    tree.on(command, [how](session& here) { return discard(here, *how); });
}

void add_redocking(command_tree& tree, CLI::App* timer) {
    auto which = std::make_shared<std::string>();
    auto* command = tree.add(timer, "redock", "puts a logged entry back on the timer, running", "  mdock timer redock 4711");
    command->add_option("ENTRY", *which, "the entry's id")->required();
    tree.on(command, [which](session& here) { return redock(here, *which); });
}

}  // namespace

void add_timer(command_tree& tree) {
    auto* timer = tree.add(nullptr, "timer", "the timer, also without a network",
                           "  mdock timer\n  mdock timer start \"#website @acme homepage\"\n  mdock timer log");
    timer->require_subcommand(0, 1);
    tree.on(timer, status);
    tree.on(tree.add(timer, "status", "what is on the timer", "  mdock timer status --json"), status);
    add_wording(tree, timer, "start", "starts it; what is on it is logged first",
                "  mdock timer start \"#website @acme homepage\"\n  mdock timer start \"call with the bank 10 mins\"", true, start);
    tree.on(tree.add(timer, "pause", "stops the clock; nothing is logged", "  mdock timer pause"),
            [](session& here) { return set_running(here, false); });
    tree.on(tree.add(timer, "resume", "lets the clock run on", "  mdock timer resume"), [](session& here) { return set_running(here, true); });
    tree.on(tree.add(timer, "log", "logs what is on the timer as an entry", "  mdock timer log"), log);
    add_wording(tree, timer, "edit", "changes what is named and nothing else",
                "  mdock timer edit \"homepage, second draft\"\n  mdock timer edit --duration 1:30 --task Design", false, edit);
    add_discarding(tree, timer);
    add_redocking(tree, timer);
}

}  // namespace mdock::cli
