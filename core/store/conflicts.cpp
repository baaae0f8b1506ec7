// SPDX-License-Identifier: MIT
// Conflicts, and what a row's sync_state says of them and of the outbox.
#include "core/base/planted.h"
#include "core/store/gone.h"
#include "core/store/outbox.h"
#include "core/store/overlay.h"

namespace mdock::store {

namespace {

// A whole row is an object already, and one that is not there is NULL.
std::optional<std::string> text_for(const model::field_conflict& what, const model::field_value& value) {
    if (what.field != "*") return model::text_of(value);
    const auto* text = std::get_if<std::string>(&value);
    return text == nullptr ? std::nullopt : std::optional{*text};
}

}  // namespace

void record_conflict(database& db, resource which, std::int64_t row_id, const model::field_conflict& what, utc_seconds at,
                     bool is_settled_by_them) {
    if (planted(bug::conflict_dropped)) return;
    const auto base = text_for(what, what.base), mine = text_for(what, what.mine), theirs = text_for(what, what.theirs);
    const std::string time = format_timestamp(at);
    auto& same = db.prepared(
        "UPDATE conflicts SET theirs = ?6, detected_at = ?7 WHERE resource = ?1 AND row_id = ?2 AND field = ?3 AND base IS ?4 "
        "AND mine IS ?5 AND resolved_at IS NULL RETURNING conflict_id");
    same.bind(1, name_of(which)).bind(2, row_id).bind(3, what.field).bind(4, base).bind(5, mine).bind(6, theirs).bind(7, time);
    const bool is_known = same.step();
    while (is_known && same.step()) {
    }
    same.reset();
    if (is_known) return;
    auto& insert = db.prepared(
        "INSERT INTO conflicts (resource, row_id, field, base, mine, theirs, detected_at, choice, resolved_at) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    insert.bind(1, name_of(which)).bind(2, row_id).bind(3, what.field).bind(4, base).bind(5, mine).bind(6, theirs).bind(7, time);
    if (is_settled_by_them)
        insert.bind(8, "theirs").bind(9, time);
    else
        insert.bind(8, nullptr).bind(9, nullptr);
    insert.run();
}

void leave_orphans(database& db, resource which, std::int64_t row_id, utc_seconds at) {
    std::vector<std::int64_t> all;
    auto& select = db.prepared("SELECT outbox_id FROM outbox WHERE resource = ?1 AND row_id = ?2 ORDER BY outbox_id");
    select.bind(1, name_of(which)).bind(2, row_id);
    while (select.step()) all.push_back(select.integer(0));
    select.reset();
    if (all.empty()) return;
    write_fields(db, which, row_id, covered_by(db, which, row_id));
    for (const auto id : all) {
        const auto what = read_waiting(db, id);
        if (!what || what->state == "parked") continue;
        if (what->operation == "update")
            record_conflict(db, which, row_id, {"*", model::text_of(what->old_values), model::text_of(what->new_values), nullptr}, at, false);
        finish_change(db, id, what->operation == "delete" ? "applied" : "discarded", at);
    }
    refresh_sync_state(db, which, row_id);
}

void leave_docked(database& db, const waiting_change& what, utc_seconds at) {
    const model::field_value mine = what.operation == "delete" ? model::field_value(nullptr) : model::field_value(model::text_of(what.new_values));
    record_conflict(db, what.which, what.row_id, {"*", model::text_of(what.old_values), mine, nullptr}, at, false);
    finish_change(db, what.outbox_id, "discarded", at);
    show_theirs(db, what);
    move_to_dock(db, what.row_id, at);
    refresh_sync_state(db, what.which, what.row_id);
}

void refresh_sync_state(database& db, resource which, std::int64_t row_id) {
    const auto& table = model::describe(which);
    if (!table.takes_local_writes) return;
    auto& update = db.prepared(
        "UPDATE " + std::string(table.name) + " SET sync_state = CASE WHEN EXISTS (SELECT 1 FROM outbox WHERE resource = ?2 AND "
        "row_id = ?1 AND (state <> 'parked' OR operation = 'create')) THEN 'queued' WHEN EXISTS (SELECT 1 FROM conflicts WHERE "
        "resource = ?2 AND row_id = ?1 AND resolved_at IS NULL) THEN 'conflict' ELSE 'synced' END WHERE " + std::string(table.key) +
        " = ?1");
    update.bind(1, row_id).bind(2, name_of(which)).run();
    // What was covered shows again.
    db.prepared("DELETE FROM _shadow WHERE resource = ?1 AND row_id = ?2 AND NOT EXISTS (SELECT 1 FROM outbox WHERE "
                "outbox.resource = ?1 AND outbox.row_id = ?2 AND state <> 'parked')")
        .bind(1, name_of(which)).bind(2, row_id).run();
}

}  // namespace mdock::store
