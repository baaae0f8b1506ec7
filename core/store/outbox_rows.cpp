// SPDX-License-Identifier: MIT
#include "core/store/outbox_rows.h"

#include <string>
#include <vector>

#include "core/store/candidates.h"
#include "core/store/dock_changes.h"
#include "core/store/local_write.h"
#include "core/store/outbox.h"
#include "core/store/overlay.h"
#include "core/store/row_statements.h"

namespace mdock::store {
namespace {

failure refused(std::string why) { return {errc::write_refused, std::move(why)}; }

std::string named(const waiting_change& what) {
    return "change " + std::to_string(what.outbox_id) + " (" + what.operation + " of " + std::string(name_of(what.which)) + " " +
           std::to_string(what.row_id) + ")";
}

bool is_under_way(const waiting_change& what) { return what.state == "sending" || what.state == "unknown"; }

// How many rows elsewhere point to this one.
std::int64_t pointing_to(database& db, resource which, std::int64_t row_id) {
    std::int64_t count = 0;
    const auto add = [&](const std::string& sql) {
        auto& select = db.prepared(sql);
        select.bind(1, row_id).step();
        count += select.integer(0);
        select.reset();
    };
    for (const auto table : all_resources) {
        const auto& described = model::describe(table);
        for (const auto& column : described.columns)
            if (column.how == model::kind::parent_id && column.parent == which)
                add("SELECT count(*) FROM " + std::string(described.name) + " WHERE " + std::string(column.name) + " = ?1");
        if (which == resource::tasks && !described.link_table.empty())
            add("SELECT count(*) FROM " + std::string(described.link_table) + " WHERE task_id = ?1");
    }
    return count;
}

void forget_row(database& db, const waiting_change& what, utc_seconds at) {
    std::vector<std::int64_t> all;
    auto& select = db.prepared("SELECT outbox_id FROM outbox WHERE resource = ?1 AND row_id = ?2 ORDER BY outbox_id");
    select.bind(1, name_of(what.which)).bind(2, what.row_id);
    while (select.step()) all.push_back(select.integer(0));
    select.reset();
    for (const auto id : all) finish_change(db, id, "discarded", at);
    const auto& table = model::describe(what.which);
    const std::string key{table.key};
    if (!table.link_table.empty())
        db.prepared("DELETE FROM " + std::string(table.link_table) + " WHERE " + key + " = ?1").bind(1, what.row_id).run();
    db.prepared("DELETE FROM " + std::string(table.name) + " WHERE " + key + " = ?1").bind(1, what.row_id).run();
    db.forget();
}

result<bool> set_waiting(database& db, std::string_view from, std::string_view to, std::optional<std::int64_t> outbox_id) {
    transaction write(db);
    auto& update = db.prepared("UPDATE outbox SET state = ?2, last_error = NULL WHERE state = ?1 AND (?3 IS NULL OR outbox_id = ?3) "
                               "RETURNING outbox_id");
    update.bind(1, from).bind(2, to).bind(3, outbox_id);
    bool any = false;
    while (update.step()) any = true;
    update.reset();
    write.commit();
    return any;
}

write_value value_of(const model::field_value& from) {
    if (const auto* integer = std::get_if<std::int64_t>(&from)) return *integer;
    if (const auto* real = std::get_if<double>(&from)) return *real;
    if (const auto* text = std::get_if<std::string>(&from)) return *text;
    return nullptr;
}

// The statements by which a person would have made the row's field so.
std::vector<write_statement> statements_for(resource which, std::int64_t row_id, const std::string& field,
                                            const model::field_value& mine) {
    const auto& table = model::describe(which);
    const std::string key{table.key};
    if (const auto* ids = std::get_if<model::id_set>(&mine)) {
        const std::string links{table.link_table};
        std::vector<write_statement> out{{"DELETE FROM " + links + " WHERE " + key + " = ?1", {row_id}}};
        for (const auto id : *ids) out.push_back({"INSERT INTO " + links + " (" + key + ", task_id) VALUES (?1, ?2)", {row_id, id}});
        return out;
    }
    // Of the two the one is deleted that nobody here asked for.
    if (field == twin_field) return {{"DELETE FROM entries WHERE entry_id = ?1", {row_id}}};
    return {{"UPDATE " + std::string(table.name) + " SET " + field + " = ?2 WHERE " + key + " = ?1", {row_id, value_of(mine)}}};
}

struct open_conflict {
    resource which = resource::entries;
    std::int64_t row_id = 0;
    std::string field;
    std::optional<std::string> mine;
};

std::optional<open_conflict> read_conflict(database& db, std::int64_t conflict_id) {
    auto& select = db.prepared("SELECT resource, row_id, field, mine FROM conflicts WHERE conflict_id = ?1 AND resolved_at IS NULL");
    select.bind(1, conflict_id);
    std::optional<open_conflict> out;
    if (select.step())
        if (const auto which = resource_named(select.text(0)))
            out = open_conflict{*which, select.integer(1), select.text(2), select.optional_text(3)};
    select.reset();
    return out;
}

bool is_in_table(database& db, resource which, std::int64_t row_id) {
    auto& select = db.rows_of(which).select;
    select.bind(1, row_id);
    const bool found = select.step();
    select.reset();
    return found;
}

// A row that both sides had something against: what the person wanted is done again on what is there now.
result<std::vector<write_statement>> whole_row(database& db, const open_conflict& what, const model::field_values& mine) {
    const auto& table = model::describe(what.which);
    const std::string name{table.name}, key{table.key};
    const bool is_there = what.which != resource::dock && is_in_table(db, what.which, what.row_id);
    if (mine.empty()) return std::vector<write_statement>{{"DELETE FROM " + name + " WHERE " + key + " = ?1", {what.row_id}}};
    std::vector<write_statement> out;
    if (is_there) {
        for (const auto& [field, value] : mine)
            for (auto& one : statements_for(what.which, what.row_id, field, value)) out.push_back(std::move(one));
        return out;
    }
    // Made anew: MinuteDock gives it another id. Time of a timer that lost its dock becomes an entry.
    std::string columns, marks;
    std::vector<write_value> values;
    for (const auto& [field, value] : mine) {
        if (field == model::links_field || field == "command") continue;
        values.push_back(value_of(value));
        columns += (columns.empty() ? "" : ", ") + field;
        marks += (marks.empty() ? "?" : ", ?") + std::to_string(values.size());
    }
    if (columns.empty()) return refused("the row is gone on MinuteDock, and only its tasks had been changed here");
    const bool is_entry = what.which == resource::dock || what.which == resource::entries;
    out.push_back({"INSERT INTO " + (is_entry ? std::string("entries") : name) + " (" + columns + ") VALUES (" + marks + ")", std::move(values)});
    const auto links = mine.find(model::links_field);
    const auto* ids = links == mine.end() ? nullptr : std::get_if<model::id_set>(&links->second);
    for (const auto id : is_entry && ids != nullptr ? *ids : model::id_set{})
        out.push_back({"INSERT INTO entry_tasks (entry_id, task_id) VALUES ((SELECT max(entry_id) FROM entries), ?1)", {id}});
    return out;
}

}  // namespace

result<bool> retry_change(database& db, std::int64_t outbox_id) {
    const auto what = read_waiting(db, outbox_id);
    if (!what) return false;
    if (what->state == "held") return refused(named(*what) + " is held; `mdock outbox release` lets it go");
    transaction write(db);
    db.prepared("UPDATE outbox SET not_before = NULL, attempts = CASE state WHEN 'parked' THEN 0 ELSE attempts END, "
                "state = CASE state WHEN 'parked' THEN 'queued' ELSE state END WHERE outbox_id = ?1").bind(1, outbox_id).run();
    if (what->state == "parked" && what->which == resource::dock) show_timer_after(db, *what);
    else if (what->state == "parked" && what->operation == "update") write_fields(db, what->which, what->row_id, what->new_values);
    if (what->state == "parked" && what->operation == "delete") hide_deleted(db, *what);
    refresh_sync_state(db, what->which, what->row_id);
    write.commit();
    return true;
}

result<bool> discard_change(database& db, std::int64_t outbox_id, utc_seconds at) {
    const auto what = read_waiting(db, outbox_id);
    if (!what) return false;
    if (is_under_way(*what))
        return refused(named(*what) + " is under way: what MinuteDock made of it must be known first; `mdock sync` finds out");
    // A timer that was logged and was never started would be time that nobody has.
    if (what->which == resource::dock && is_changed_since(db, *what))
        return refused(named(*what) + ": later changes of the timer build on it; discard those first");
    if (what->operation == "create") {
        const auto others = pointing_to(db, what->which, what->row_id);
        if (others > 0)
            return refused(named(*what) + ": " + std::to_string(others) + " other rows point to it; change or discard those first");
    }
    transaction write(db);
    if (what->operation == "create") {
        forget_row(db, *what, at);
    } else {
        finish_change(db, outbox_id, "discarded", at);
        if (what->state != "parked") show_theirs(db, *what);
        refresh_sync_state(db, what->which, what->row_id);
    }
    write.commit();
    return true;
}

result<bool> hold_changes(database& db, std::optional<std::int64_t> outbox_id) { return set_waiting(db, "queued", "held", outbox_id); }
result<bool> release_changes(database& db, std::optional<std::int64_t> outbox_id) { return set_waiting(db, "held", "queued", outbox_id); }

std::optional<std::int64_t> last_waiting_change(database& db) {
    auto& select = db.prepared("SELECT max(outbox_id) FROM outbox WHERE state IN ('queued', 'held') AND attempts = 0");
    select.step();
    const auto last = select.optional_integer(0);
    select.reset();
    return last;
}

result<bool> resolve_conflict(database& db, std::int64_t conflict_id, bool mine, utc_seconds at) {
    const auto what = read_conflict(db, conflict_id);
    if (!what) return false;
    if (mine) {
        auto parsed = model::parse_fields(what->field == "*" ? what->mine.value_or("") : "");
        if (!parsed) return parsed.error();
        std::vector<write_statement> statements;
        if (what->field == "*") {
            auto made = whole_row(db, *what, *parsed);
            if (!made) return made.error();
            statements = std::move(*made);
        } else {
            auto value = model::parse_value(what->mine.value_or("null"));
            if (!value) return value.error();
            statements = statements_for(what->which, what->row_id, what->field, *value);
        }
        auto written = write_locally(db, statements, true);
        if (!written) return written.error();
    }
    transaction write(db);
    const std::string time = format_timestamp(at);
    db.prepared("UPDATE conflicts SET choice = ?2, resolved_at = ?3 WHERE conflict_id = ?1")
        .bind(1, conflict_id).bind(2, mine ? "mine" : "theirs").bind(3, time).run();
    refresh_sync_state(db, what->which, what->row_id);
    write.commit();
    return true;
}

}  // namespace mdock::store
