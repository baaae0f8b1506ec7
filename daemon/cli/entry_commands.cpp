// SPDX-License-Identifier: MIT
// mdock entry add TEXT | edit ID [TEXT] | delete ID.
#include <fmt/format.h>

#include "daemon/cli/change_text.h"
#include "daemon/cli/command_tree.h"
#include "daemon/cli/mirror_reader.h"
#include "daemon/cli/placed_row.h"
#include "daemon/exit_codes.h"

namespace mdock::cli {
namespace {

constexpr const char* links_of_the_new =
    "INSERT INTO entry_tasks (entry_id, task_id) VALUES ((SELECT max(entry_id) FROM entries), ?1)";

placed_row entry_named(SQLite::Database& db, const std::string& text) {
    const auto id = fact_id(db, "entry", "entries", text);
    auto found = read_entry(db, id);
    if (!found) fail(errc::not_found_locally, fmt::format("there is no entry {} in the mirror", id));
    return std::move(*found);
}

int add(session& here, const entry_options& said) {
    auto db = open_for_change(here);
    const auto words = understand(here, db, said);
    // Always with a day: without one MinuteDock would start the timer (K08).
    const auto date = words.date.value_or(day_named(here, "--date", "today"));
    row_values row;
    put_words(here, words, placed_row{}, row);
    if (!words.date) row.set("entry_date", date);
    write_request what;
    what.statements.push_back(row.insert_into("entries"));
    // A new row has the greatest id of its table (schema rule 5).
    for (const auto& task : words.tasks) what.statements.push_back({links_of_the_new, {task.id}});
    const auto got = change(here, what);
    const auto id = got.done.row_ids.empty() ? 0 : got.done.row_ids.front();
    boost::json::object body;
    body["entry_id"] = id;
    return say_changed(here, fmt::format("Added entry {}: {}", id, in_words(words, date)), got, std::move(body));
}

int edit(session& here, const std::string& which, const entry_options& said) {
    auto db = open_for_change(here);
    const auto now = entry_named(db, which);
    const auto words = understand(here, db, said, now.contact_id);
    row_values row;
    put_words(here, words, now, row);
    write_request what;
    if (!row.empty()) what.statements.push_back(row.update("entries", "entry_id", now.id));
    for (auto& one : task_statements(words, now)) what.statements.push_back(std::move(one));
    boost::json::object body;
    body["entry_id"] = now.id;
    if (what.statements.empty()) {
        const bool says_nothing = said.words.empty() && !said.date.is_given() && !said.duration.is_given() &&
                                  !said.contact.is_given() && !said.project.is_given() && !said.has_tasks();
        if (says_nothing) fail(errc::usage, "say what to change: a new text, --date, --duration, --contact, --project or --task");
        return say_changed(here, fmt::format("Entry {} is so already.", now.id), {}, std::move(body));
    }
    const auto got = change(here, what);
    auto after = open_mirror(here);
    const auto then = read_entry(after, now.id);
    return say_changed(here, fmt::format("Changed entry {}: {}", now.id, in_words(after, then.value_or(now))), got, std::move(body));
}

int remove(session& here, const std::string& which, const losing_options& how) {
    auto db = open_for_change(here);
    const auto now = entry_named(db, which);
    const auto words = in_words(db, now);
    boost::json::object body;
    body["entry_id"] = now.id;
    return change_if_agreed(here, how, fmt::format("Delete entry {} ({}), here and on MinuteDock?", now.id, words),
                            fmt::format("Deleted entry {}: {}", now.id, words), {delete_from("entries", "entry_id", now.id)},
                            std::move(body));
}

void add_adding(command_tree& tree, CLI::App* parent) {
    auto said = std::make_shared<entry_options>();
    auto* command = tree.add(parent, "add", "a new entry, also without a network",
                             "  mdock entry add \"call with the bank @acme #website 20 mins\"\n"
                             "  mdock entry add review --duration 1.5h --date yesterday --contact Acme --task Design");
    command->add_option("TEXT", said->words, "what was done; @contact, #project, #task and a duration may be in it")->required();
    add_entry_options(command, *said, true);
    tree.on(command, [said](session& here) { return add(here, *said); });
}

void add_editing(command_tree& tree, CLI::App* parent) {
    auto said = std::make_shared<entry_options>();
    auto which = std::make_shared<std::string>();
    auto* command = tree.add(parent, "edit", "changes what is named and nothing else",
                             "  mdock entry edit 4711 --duration 45m\n  mdock entry edit 4711 \"call, with notes\" --project \"\"");
    command->add_option("ID", *which, "the entry")->required();
    command->add_option("TEXT", said->words, "the new text");
    add_entry_options(command, *said, true);
    tree.on(command, [said, which](session& here) { return edit(here, *which, *said); });
}

void add_deleting(command_tree& tree, CLI::App* parent) {
    auto how = std::make_shared<losing_options>();
    auto which = std::make_shared<std::string>();
    auto* command = tree.add(parent, "delete", "deletes an entry, here and on MinuteDock",
                             "  mdock entry delete 4711\n  mdock entry delete 4711 --dry-run");
    command->add_option("ID", *which, "the entry")->required();
    add_losing_options(command, *how);
    tree.on(command, [how, which](session& here) { return remove(here, *which, *how); });
}

}  // namespace

void add_entry_commands(command_tree& tree) {
    auto* parent = tree.find("entry");
    add_adding(tree, parent);
    add_editing(tree, parent);
    add_deleting(tree, parent);
}

}  // namespace mdock::cli
