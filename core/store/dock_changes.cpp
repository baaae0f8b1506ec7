// SPDX-License-Identifier: MIT
#include "core/store/dock_changes.h"

#include <sqlite3.h>

#include <algorithm>

#include "core/store/candidates.h"
#include "core/store/change_log.h"
#include "core/store/overlay.h"

namespace mdock::store {
namespace {

constexpr std::array content_fields{std::string_view{"description"}, std::string_view{"contact_id"}, std::string_view{"project_id"},
                                    std::string_view{"task_ids"}};

std::int64_t number_in(const model::field_values& of, std::string_view name) {
    const auto found = of.find(name);
    const auto* value = found == of.end() ? nullptr : std::get_if<std::int64_t>(&found->second);
    return value == nullptr ? 0 : *value;
}

std::string text_in(const model::field_values& of, std::string_view name) {
    const auto found = of.find(name);
    const auto* value = found == of.end() ? nullptr : std::get_if<std::string>(&found->second);
    return value == nullptr ? std::string{} : *value;
}

void take_fields(dock_wish& to, const waiting_change& from) {
    for (const auto name : content_fields) {
        const auto fresh = from.new_values.find(name);
        if (fresh == from.new_values.end()) continue;
        to.fields.insert_or_assign(std::string(name), fresh->second);
        if (const auto old = from.old_values.find(name); old != from.old_values.end()) to.base.emplace(name, old->second);
    }
    if (from.new_values.contains("duration_seconds")) to.has_typed_time = true;
}

void take_command(dock_wish& to, const waiting_change& from) {
    to.command = from.operation;
    to.entry_id = number_in(from.new_values, "entry_id");
    to.entry_date = text_in(from.new_values, "entry_date");
    if (from.operation == "log") to.logged_seconds = number_in(from.new_values, "duration_seconds");
    // What the timer was when it was logged or thrown away: changes of the wish included.
    for (const auto name : content_fields)
        if (const auto found = from.new_values.find(name); found != from.new_values.end() && from.operation == "log")
            to.fields.insert_or_assign(std::string(name), found->second);
}

}  // namespace

std::optional<dock_wish> read_dock_wish(database& db, std::int64_t user) {
    std::vector<std::int64_t> ids;
    auto& select = db.prepared("SELECT outbox_id FROM outbox WHERE resource = 'dock' AND row_id = ?1 ORDER BY outbox_id");
    select.bind(1, user);
    while (select.step()) ids.push_back(select.integer(0));
    select.reset();
    std::optional<dock_wish> out;
    for (const auto id : ids) {
        const auto what = read_waiting(db, id);
        if (!what || (what->state != "queued" && what->state != "unknown")) break;
        // A start begins another timer; what came before it was refused, and is back by a retry.
        if (out && what->operation == "start") break;
        // A client or task that was made here goes first; a person may have put one on since this change was chosen.
        if (names_local_rows(*what)) break;
        if (!out) out.emplace();
        out->changes.push_back(id);
        out->was_sent = out->was_sent || what->attempts > 0;
        if (what->operation == "start") out->is_started = true;
        if (what->operation == "start" || what->operation == "resume") out->runs = true;
        if (what->operation == "pause") out->runs = false;
        if (what->operation == "update" || what->operation == "start") take_fields(*out, *what);
        if (what->operation != "log" && what->operation != "discard" && what->operation != "redock") continue;
        take_command(*out, *what);
        break;
    }
    return out;
}

local_dock read_local_dock(database& db, std::int64_t user, utc_seconds now) {
    local_dock out;
    if (auto row = their_row(db, resource::dock, user)) out.fields = std::move(*row);
    auto& select = db.prepared("SELECT description, contact_id, project_id, is_running, coalesce(duration_seconds, 0), observed_at, "
                               "coalesce(version_id, ''), coalesce(version_number, 0) FROM dock WHERE user_account_id = ?1");
    select.bind(1, user);
    if (select.step()) {
        out.fields.insert_or_assign("description", model::value_of(select.column(0)));
        out.fields.insert_or_assign("contact_id", model::value_of(select.column(1)));
        out.fields.insert_or_assign("project_id", model::value_of(select.column(2)));
        out.is_running = select.integer(3) != 0;
        out.shown_seconds = out.stored_seconds = select.integer(4);
        const auto seen = parse_database_timestamp(select.optional_text(5).value_or(""));
        if (out.is_running && seen && *seen < now) out.shown_seconds += (now - *seen).count();
        out.version_id = select.text(6);
        out.version_number = select.integer(7);
    }
    select.reset();
    model::id_set tasks;
    auto& links = db.prepared("SELECT task_id FROM dock_tasks WHERE user_account_id = ?1 ORDER BY task_id");
    links.bind(1, user);
    while (links.step()) tasks.push_back(links.integer(0));
    links.reset();
    out.fields.insert_or_assign(std::string(model::links_field), std::move(tasks));
    return out;
}

std::optional<sent_dock> read_sent_dock(database& db, std::int64_t user) {
    auto& select = db.prepared("SELECT outbox_id, json_extract(request, '$.entry.version_client_id'), json_extract(request, "
                               "'$.entry.version_number') FROM outbox JOIN _intent USING (outbox_id) WHERE resource = 'dock' AND row_id = ?1 "
                               "AND json_valid(request) AND state IN ('queued', 'unknown') ORDER BY outbox_id LIMIT 1");
    select.bind(1, user);
    std::optional<sent_dock> out;
    if (select.step() && !select.is_null(1) && !select.is_null(2)) out = sent_dock{select.integer(0), select.text(1), select.integer(2)};
    select.reset();
    return out;
}

void finish_sent(database& db, std::int64_t user, std::int64_t last, utc_seconds at) {
    std::vector<std::int64_t> ids;
    auto& select = db.prepared("SELECT outbox_id FROM outbox WHERE resource = 'dock' AND row_id = ?1 AND outbox_id <= ?2 ORDER BY outbox_id");
    select.bind(1, user).bind(2, last);
    while (select.step()) ids.push_back(select.integer(0));
    select.reset();
    for (const auto id : ids) finish_change(db, id, "applied", at);
}

namespace {

// The last of `changes` when the first change of the wish was sent, or made: what came in after it may be the timer's entry.
std::int64_t known_before(database& db, const dock_wish& what) {
    for (const auto id : what.changes)
        if (const auto sent = sent_state(db, id)) return sent->known_seq;
    auto& select = db.prepared("SELECT coalesce(max(seq), 0) FROM changes WHERE at < (SELECT queued_at FROM outbox WHERE outbox_id = ?1)");
    select.bind(1, what.changes.front()).step();
    const auto seq = select.integer(0);
    select.reset();
    return seq;
}

}  // namespace

bool is_logged(database& db, const dock_wish& what, std::int64_t user) {
    const auto known_seq = known_before(db, what);
    waiting_change create;
    create.new_values = what.fields;
    create.new_values.insert_or_assign("entry_date", what.entry_date);
    create.new_values.insert_or_assign("duration_seconds", what.logged_seconds.value_or(0));
    const auto rows = find_candidates(db, create, known_seq, user);
    if (!rows.equal.empty()) return true;
    // Its length is what others made of it; its words are the timer's.
    const auto words = text_in(what.fields, "description");
    return !words.empty() && std::any_of(rows.near.begin(), rows.near.end(), [&](const auto id) {
        const auto theirs = their_row(db, resource::entries, id);
        return theirs && text_in(*theirs, "description") == words;
    });
}

bool has_dock_change(database& db, std::int64_t user) {
    auto& any = db.prepared("SELECT 1 FROM outbox WHERE resource = 'dock' AND row_id = ?1 AND state <> 'parked' LIMIT 1");
    any.bind(1, user);
    const bool is_there = any.step();
    any.reset();
    return is_there;
}

void finish_wish(database& db, const dock_wish& what, std::string_view outcome, utc_seconds at) {
    for (const auto id : what.changes) finish_change(db, id, outcome, at);
}

void make_entry_of(database& db, const dock_wish& what, const model::field_values& fields, std::int64_t seconds,
                   const std::string& date, std::int64_t user, utc_seconds at) {
    model::field_values content;
    for (const auto name : content_fields)
        if (const auto found = fields.find(name); found != fields.end() && !std::holds_alternative<std::nullptr_t>(found->second))
            content.emplace(name, found->second);
    drop_gone_tasks(db, content);
    content.insert_or_assign("user_account_id", user);
    content.insert_or_assign("duration_seconds", seconds);
    content.insert_or_assign("entry_date", date);
    db.prepared("INSERT INTO entries (user_account_id, sync_state) VALUES (?1, 'queued')").bind(1, user).run();
    const std::int64_t id = static_cast<std::int64_t>(sqlite3_last_insert_rowid(db.connection().getHandle()));
    write_fields(db, resource::entries, id, content);
    const std::string text = model::text_of(content), time = format_timestamp(at);
    db.prepared("INSERT INTO outbox (queued_at, resource, row_id, operation, new_values) VALUES (?1, 'entries', ?2, 'create', ?3)")
        .bind(1, time).bind(2, id).bind(3, text).run();
    db.prepared("INSERT INTO changes (at, resource, row_id, operation, origin, new_values) VALUES (?1, 'entries', ?2, 'insert', 'local', ?3)")
        .bind(1, time).bind(2, id).bind(3, text).run();
    finish_wish(db, what, "merged_equal", at);
    refresh_sync_state(db, resource::dock, user);
}

void make_conflict_of(database& db, const dock_wish& what, const model::field_values& mine, std::int64_t seconds,
                      const std::string& date, const model::field_values& theirs, std::int64_t user, utc_seconds at) {
    model::field_values kept;
    for (const auto name : content_fields)
        if (const auto found = mine.find(name); found != mine.end()) kept.emplace(name, found->second);
    kept.insert_or_assign("duration_seconds", seconds);
    kept.insert_or_assign("entry_date", date);
    if (!what.command.empty()) kept.insert_or_assign("command", what.command);
    record_conflict(db, resource::dock, user, {"*", model::text_of(what.base), model::text_of(kept), model::text_of(theirs)}, at, false);
    finish_wish(db, what, "discarded", at);
    refresh_sync_state(db, resource::dock, user);
}

bool is_changed_since(database& db, const waiting_change& what) {
    auto& later = db.prepared("SELECT 1 FROM outbox WHERE resource = ?1 AND row_id = ?2 AND outbox_id > ?3 LIMIT 1");
    later.bind(1, name_of(what.which)).bind(2, what.row_id).bind(3, what.outbox_id);
    const bool is_there = later.step();
    later.reset();
    return is_there;
}

namespace {

// What a running clock showed when it was stopped.
std::int64_t stopped_at(const waiting_change& what) {
    const auto since = parse_database_timestamp(text_in(what.old_values, "observed_at"));
    const auto until = parse_database_timestamp(text_in(what.new_values, "at"));
    const auto before = number_in(what.old_values, "duration_seconds");
    return since && until && *until > *since ? before + (*until - *since).count() : before;
}

}  // namespace

void show_timer_before(database& db, const waiting_change& what) {
    auto before = what.old_values;
    if (what.operation == "redock") {
        const auto dock = model::parse_fields(text_in(before, "dock"));
        before.erase("dock");
        waiting_change entry;
        entry.which = resource::entries;
        entry.row_id = number_in(what.new_values, "entry_id");
        entry.operation = "delete";
        entry.old_values = std::move(before);
        show_theirs(db, entry);
        before = dock ? *dock : model::field_values{};
    }
    if (!is_changed_since(db, what)) write_fields(db, resource::dock, what.row_id, before);
}

void show_timer_after(database& db, const waiting_change& what) {
    // A redock shows when MinuteDock has done it: its entry may have been changed since.
    if (what.operation == "redock" || is_changed_since(db, what)) return;
    auto after = what.new_values;
    if (what.operation == "log" || what.operation == "discard") {
        after = {{std::string(model::links_field), model::id_set{}}, {"duration_seconds", std::int64_t{0}}};
        for (const auto* name : {"contact_id", "project_id", "description"}) after.emplace(name, nullptr);
    }
    if (what.operation != "update")
        after.insert_or_assign("is_running", std::int64_t{what.operation == "start" || what.operation == "resume" ? 1 : 0});
    const auto at = what.new_values.find("at");
    if (at != what.new_values.end() && (after.contains("is_running") || after.contains("duration_seconds")))
        after.insert_or_assign("observed_at", at->second);
    if (what.operation == "pause") after.insert_or_assign("duration_seconds", stopped_at(what));
    write_fields(db, resource::dock, what.row_id, after);
}

std::string dock_client_id(database& db, const std::string& fresh) {
    auto& select = db.prepared("SELECT client_id FROM _outbox_state");
    select.step();
    auto known = select.optional_text(0);
    select.reset();
    if (known) return *known;
    db.prepared("UPDATE _outbox_state SET client_id = ?1").bind(1, fresh).run();
    return fresh;
}

}  // namespace mdock::store
