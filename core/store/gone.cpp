// SPDX-License-Identifier: MIT
#include "core/store/gone.h"

#include <sqlite3.h>

#include <vector>

#include "core/base/planted.h"
#include "core/store/change_log.h"
#include "core/store/outbox.h"
#include "core/store/row_statements.h"

namespace mdock::store {
namespace {

std::string_view text_of(evidence why) {
    switch (why) {
        case evidence::not_found: return "404";
        case evidence::absent_twice: return "absent twice";
        case evidence::hidden: return "hidden";
    }
    return "";
}

std::vector<std::int64_t> ids(statement& select) {
    std::vector<std::int64_t> out;
    while (select.step()) out.push_back(select.integer(0));
    select.reset();
    return out;
}

// What is stored of a row, links included; empty when there is no such row.
json_fields content_of(database& db, resource which, std::int64_t id) {
    const auto& columns = model::layout_of(which);
    auto& sql = db.rows_of(which);
    json_fields values;
    sql.select.bind(1, id);
    const bool is_there = sql.select.step();
    for (std::size_t c = 0; is_there && c < columns.width; ++c) {
        const auto value = sql.select.column(static_cast<int>(c));
        if (value.type == model::cell_type::null) continue;
        values.add(c == columns.extra() ? "extra" : columns.stored[c]->name, value);
    }
    sql.select.reset();
    if (!is_there || columns.of->link_table.empty()) return values;
    sql.select_links.bind(1, id);
    const auto tasks = ids(sql.select_links);
    if (!tasks.empty()) values.add("task_ids", tasks);
    return values;
}

void delete_row(database& db, resource which, std::int64_t id) {
    const auto& table = model::describe(which);
    const std::string key{table.key};
    if (!table.link_table.empty())
        db.prepared("DELETE FROM " + std::string(table.link_table) + " WHERE " + key + " = ?1").bind(1, id).run();
    db.prepared("DELETE FROM " + std::string(table.name) + " WHERE " + key + " = ?1").bind(1, id).run();
}

bool move_fact(database& db, resource which, std::int64_t id, evidence why, utc_seconds at) {
    const auto content = content_of(db, which, id);
    if (content.empty()) return false;
    const std::string text = content.text();
    const std::string time = format_timestamp(at);
    auto& keep = db.prepared(
        "INSERT OR REPLACE INTO gone_rows (resource, row_id, gone_at, evidence, row_json) VALUES (?1, ?2, ?3, ?4, ?5)");
    keep.bind(1, name_of(which)).bind(2, id).bind(3, time).bind(4, text_of(why)).bind(5, text).run();
    delete_row(db, which, id);
    write_change(db, at, which, id, "gone", from_proof, content, {});
    return true;
}

bool mark(database& db, resource which, std::int64_t id, evidence why, utc_seconds at) {
    const auto& table = model::describe(which);
    const std::string_view presence = why == evidence::hidden ? "hidden" : "gone";
    const std::string time = format_timestamp(at);
    auto& update = db.prepared("UPDATE " + std::string(table.name) + " SET presence = ?2, gone_at = ?3 WHERE " +
                               std::string(table.key) + " = ?1 AND presence = 'present'");
    update.bind(1, id).bind(2, presence).bind(3, time).run();
    if (sqlite3_changes(db.connection().getHandle()) == 0) return false;
    json_fields before, after;
    before.add("presence", model::cell::of(std::string_view{"present"}));
    after.add("presence", model::cell::of(presence));
    write_change(db, at, which, id, "gone", from_proof, before, after);
    return true;
}

}  // namespace

void strip_task(database& db, std::int64_t task, utc_seconds at) {
    auto& select = db.prepared("SELECT entry_id FROM entry_tasks WHERE task_id = ?1 ORDER BY entry_id");
    select.bind(1, task);
    for (const auto entry : ids(select)) {
        auto& sql = db.rows_of(resource::entries);
        sql.select_links.bind(1, entry);
        const auto before = ids(sql.select_links);
        sql.delete_link.bind(1, entry).bind(2, task).run();
        sql.select_links.bind(1, entry);
        const auto after = ids(sql.select_links);
        json_fields old_values, new_values;
        old_values.add("task_ids", before);
        new_values.add("task_ids", after);
        write_change(db, at, resource::entries, entry, "update", from_proof, old_values, new_values);
    }
    db.prepared("DELETE FROM dock_tasks WHERE task_id = ?1").bind(1, task).run();
}

bool take_away(database& db, resource which, std::int64_t id, evidence why, utc_seconds at) {
    db.prepared("DELETE FROM _absent WHERE resource = ?1 AND row_id = ?2").bind(1, name_of(which)).bind(2, id).run();
    if (why != evidence::hidden && model::describe(which).takes_local_writes) leave_orphans(db, which, id, at);
    if (model::describe(which).keeps_unseen) {
        const bool is_new = mark(db, which, id, why, at);
        if (is_new && !planted(bug::task_strip_ignored) && which == resource::tasks && why != evidence::hidden) strip_task(db, id, at);
        return is_new;
    }
    if (which == resource::invoices) {
        auto& lines = db.prepared("SELECT line_item_id FROM invoice_line_items WHERE invoice_id = ?1 ORDER BY line_item_id");
        lines.bind(1, id);
        for (const auto line : ids(lines)) move_fact(db, resource::invoice_line_items, line, why, at);
        db.prepared("DELETE FROM _invoice_lines_due WHERE invoice_id = ?1").bind(1, id).run();
    }
    return move_fact(db, which, id, why, at);
}

void move_to_dock(database& db, std::int64_t entry_id, utc_seconds at) {
    const auto content = content_of(db, resource::entries, entry_id);
    if (content.empty()) return;
    delete_row(db, resource::entries, entry_id);
    write_change(db, at, resource::entries, entry_id, "gone", from_proof, content, {});
}

}  // namespace mdock::store
