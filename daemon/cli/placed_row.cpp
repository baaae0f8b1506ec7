// SPDX-License-Identifier: MIT
#include "daemon/cli/placed_row.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/cli/mirror_reader.h"

namespace mdock::cli {
namespace {

constexpr const char* select_entry =
    "SELECT x.entry_id, x.contact_id, x.project_id, p.contact_id, x.description, x.duration_seconds, x.entry_date, 0, "
    "x.sync_state FROM entries x LEFT JOIN projects p ON p.project_id = x.project_id WHERE x.entry_id = ?1";
constexpr const char* select_dock =
    "SELECT x.user_account_id, x.contact_id, x.project_id, p.contact_id, x.description, x.duration_seconds, NULL, "
    "x.is_running, x.sync_state FROM dock x LEFT JOIN projects p ON p.project_id = x.project_id "
    "WHERE x.user_account_id = (SELECT user_account_id FROM _identity)";

std::optional<std::int64_t> id_or_nothing(const SQLite::Column& cell) {
    return cell.isNull() ? std::nullopt : std::optional<std::int64_t>(cell.getInt64());
}

void read_columns(SQLite::Statement& row, placed_row& into) {
    into.id = row.getColumn(0).getInt64();
    into.contact_id = id_or_nothing(row.getColumn(1));
    into.project_id = id_or_nothing(row.getColumn(2));
    into.contact_of_project = id_or_nothing(row.getColumn(3));
    into.description = row.getColumn(4).getString();
    into.duration_seconds = row.getColumn(5).getInt64();
    into.date = row.getColumn(6).getString();
    into.is_running = row.getColumn(7).getInt() != 0;
    into.sync_state = row.getColumn(8).getString();
}

void read_tasks(SQLite::Database& db, placed_row& into) {
    SQLite::Statement rows(db, fmt::format("SELECT task_id FROM {} WHERE {} = ?1 ORDER BY task_id", into.link_table, into.key));
    rows.bind(1, into.id);
    while (rows.executeStep()) into.task_ids.push_back(rows.getColumn(0).getInt64());
}

bool has(const std::vector<std::int64_t>& ids, std::int64_t id) { return std::find(ids.begin(), ids.end(), id) != ids.end(); }

std::string name_in(SQLite::Database& db, std::string_view noun, const std::optional<std::int64_t>& id) {
    if (!id) return {};
    SQLite::Statement row(db, fmt::format("SELECT coalesce(name, '#' || {0}_id) FROM {0}s WHERE {0}_id = ?1", noun));
    row.bind(1, *id);
    return row.executeStep() ? row.getColumn(0).getString() : fmt::format("#{}", *id);
}

std::string join(std::int64_t seconds, const std::string& date, const std::string& contact, const std::string& project,
                 const std::string& description) {
    std::string out = as_hours(seconds);
    if (!date.empty()) out += " on " + date;
    for (const auto* one : {&contact, &project})
        if (!one->empty()) out += ", " + *one;
    if (!description.empty()) out += ": " + description;
    return out;
}

std::optional<std::int64_t> id_of(const std::optional<named_row>& row) {
    return row ? std::optional<std::int64_t>(row->id) : std::nullopt;
}

}  // namespace

std::optional<placed_row> read_entry(SQLite::Database& db, std::int64_t id) {
    placed_row out;
    out.table = "entries";
    out.key = "entry_id";
    out.link_table = "entry_tasks";
    SQLite::Statement row(db, select_entry);
    row.bind(1, id);
    if (!row.executeStep()) return std::nullopt;
    read_columns(row, out);
    read_tasks(db, out);
    return out;
}

std::optional<placed_row> read_dock(SQLite::Database& db) {
    placed_row out;
    out.table = "dock";
    out.key = "user_account_id";
    out.link_table = "dock_tasks";
    SQLite::Statement row(db, select_dock);
    if (!row.executeStep()) return std::nullopt;
    read_columns(row, out);
    read_tasks(db, out);
    return out;
}

void put_words(session& here, const entry_words& words, const placed_row& now, row_values& into) {
    if (words.description && *words.description != now.description) into.set("description", *words.description);
    if (words.duration_seconds) into.set("duration_seconds", *words.duration_seconds);
    if (words.date && *words.date != now.date) into.set("entry_date", *words.date);
    const std::int64_t old_contact = now.contact_id.value_or(0), old_project = now.project_id.value_or(0);
    const std::int64_t contact = words.contact ? id_of(*words.contact).value_or(0) : old_contact;
    std::int64_t project = words.project ? id_of(*words.project).value_or(0) : old_project;
    if (contact != old_contact) into.set_id("contact_id", contact);
    if (!words.project && old_project != 0 && words.contact && contact != now.contact_of_project.value_or(0)) {
        project = 0;
        here.out().note("Its project belongs to another contact, so it is taken away.");
    }
    if (project != old_project) into.set_id("project_id", project);
}

std::vector<store::write_statement> task_statements(const entry_words& words, const placed_row& now) {
    std::vector<store::write_statement> out;
    std::vector<std::int64_t> wanted;
    for (const auto& one : words.tasks) wanted.push_back(one.id);
    if (words.replaces_tasks)
        for (const auto id : now.task_ids)
            if (!has(wanted, id))
                out.push_back({fmt::format("DELETE FROM {} WHERE {} = ?1 AND task_id = ?2", now.link_table, now.key), {now.id, id}});
    for (const auto id : wanted)
        if (!has(now.task_ids, id))
            out.push_back({fmt::format("INSERT INTO {} ({}, task_id) VALUES (?1, ?2)", now.link_table, now.key), {now.id, id}});
    return out;
}

std::string in_words(SQLite::Database& db, const placed_row& row) {
    return join(row.duration_seconds, row.date, name_in(db, "contact", row.contact_id), name_in(db, "project", row.project_id),
                row.description);
}

std::string in_words(const entry_words& words, const std::string& date) {
    return join(words.duration_seconds.value_or(0), date, words.contact && *words.contact ? (*words.contact)->name : "",
                words.project && *words.project ? (*words.project)->name : "", words.description.value_or(""));
}

}  // namespace mdock::cli
