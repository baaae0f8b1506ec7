// SPDX-License-Identifier: MIT
#include "core/store/overlay.h"

#include <algorithm>

#include "core/store/dock_changes.h"
#include "core/store/gone.h"
#include "core/store/outbox.h"
#include "core/store/row_statements.h"

namespace mdock::store {
namespace {

constexpr std::string_view alive = " state IN ('queued', 'held', 'sending', 'unknown') ";

model::field_values fields_in(const std::optional<std::string>& json) {
    auto parsed = model::parse_fields(json.value_or(""));
    return parsed ? std::move(*parsed) : model::field_values{};
}

void add(row_overlay& to, std::string_view operation, model::field_values mine, const model::field_values& found) {
    if (operation == "delete") to.is_deleted = true;
    for (auto& [name, value] : mine) to.mine.insert_or_assign(name, std::move(value));
    for (const auto& [name, value] : found) to.found.emplace(name, value);
}

model::field_values shadow_of(database& db, resource which, std::int64_t row_id) {
    auto& select = db.prepared("SELECT theirs FROM _shadow WHERE resource = ?1 AND row_id = ?2");
    select.bind(1, name_of(which)).bind(2, row_id);
    model::field_values out;
    if (select.step()) out = fields_in(select.text(0));
    select.reset();
    return out;
}

std::optional<row_overlay> overlay_of(database& db, resource which, std::int64_t row_id) {
    auto& select = db.prepared("SELECT operation, new_values, old_values FROM outbox WHERE resource = ?1 AND row_id = ?2 AND" +
                               std::string(alive) + "ORDER BY outbox_id");
    select.bind(1, name_of(which)).bind(2, row_id);
    std::optional<row_overlay> out;
    while (select.step()) {
        if (!out) out.emplace();
        add(*out, select.text(0), fields_in(select.optional_text(1)), fields_in(select.optional_text(2)));
    }
    select.reset();
    return out;
}

bool has_row(database& db, resource which, std::int64_t row_id) {
    auto& sql = db.rows_of(which);
    sql.select.bind(1, row_id);
    const bool is_there = sql.select.step();
    sql.select.reset();
    return is_there;
}

void exchange_links(database& db, resource which, std::int64_t row_id, const model::id_set& wanted) {
    auto& sql = db.rows_of(which);
    std::vector<std::int64_t> before;
    sql.select_links.bind(1, row_id);
    while (sql.select_links.step()) before.push_back(sql.select_links.integer(0));
    sql.select_links.reset();
    for (const auto id : before)
        if (!std::binary_search(wanted.begin(), wanted.end(), id)) sql.delete_link.bind(1, row_id).bind(2, id).run();
    for (const auto id : wanted)
        if (!std::binary_search(before.begin(), before.end(), id)) sql.insert_link.bind(1, row_id).bind(2, id).run();
}

// Entries that a waiting redock has put on the timer.
void add_docked(database& db, std::map<std::int64_t, row_overlay>& to) {
    auto& select = db.prepared("SELECT json_extract(new_values, '$.entry_id'), old_values FROM outbox WHERE resource = 'dock' AND "
                               "operation = 'redock' AND" + std::string(alive));
    while (select.step()) {
        auto& over = to[select.integer(0)];
        over.is_deleted = over.is_docked = true;
        for (auto& [name, value] : fields_in(select.optional_text(1))) over.found.emplace(name, std::move(value));
    }
    select.reset();
}

// Puts a row back that a person had deleted: what the delete found, and what MinuteDock has made of it since.
void bring_back(database& db, const waiting_change& what) {
    const auto& table = model::describe(what.which);
    const auto moved = shadow_of(db, what.which, what.row_id);
    if (table.keeps_unseen) {
        db.prepared("UPDATE " + std::string(table.name) + " SET presence = 'present', gone_at = NULL WHERE " + std::string(table.key) +
                    " = ?1 AND presence = 'gone'").bind(1, what.row_id).run();
    } else if (!has_row(db, what.which, what.row_id)) {
        db.prepared("INSERT INTO " + std::string(table.name) + " (" + std::string(table.key) + ") VALUES (?1)").bind(1, what.row_id).run();
        write_fields(db, what.which, what.row_id, what.old_values);
        db.prepared("DELETE FROM gone_rows WHERE resource = ?1 AND row_id = ?2").bind(1, name_of(what.which)).bind(2, what.row_id).run();
    }
    write_fields(db, what.which, what.row_id, moved);
    show_mine(db, what.which, what.row_id);
    refresh_sync_state(db, what.which, what.row_id);
}

}  // namespace

std::map<std::int64_t, row_overlay> read_overlays(database& db, resource which) {
    std::map<std::int64_t, row_overlay> out;
    if (!model::describe(which).takes_local_writes) return out;
    auto& select = db.prepared("SELECT row_id, operation, new_values, old_values FROM outbox WHERE resource = ?1 AND" +
                               std::string(alive) + "ORDER BY outbox_id");
    select.bind(1, name_of(which));
    while (select.step())
        add(out[select.integer(0)], select.text(1), fields_in(select.optional_text(2)), fields_in(select.optional_text(3)));
    select.reset();
    if (which == resource::entries) add_docked(db, out);
    return out;
}

std::map<std::int64_t, row_overlay> read_overlay(database& db, resource which, std::int64_t row_id) {
    std::map<std::int64_t, row_overlay> out;
    if (!model::describe(which).takes_local_writes) return out;
    if (auto over = overlay_of(db, which, row_id)) out.emplace(row_id, std::move(*over));
    if (which == resource::entries) add_docked(db, out);
    return out;
}

void write_shadow(database& db, resource which, std::int64_t row_id, const row_overlay& over, const model::field_values& theirs) {
    model::field_values moved;
    for (const auto& [name, value] : over.is_deleted ? theirs : over.mine) {
        const auto now = theirs.find(name);
        const auto then = over.found.find(name);
        if (now == theirs.end() || (then != over.found.end() && model::is_same(now->second, then->second))) continue;
        moved.emplace(name, now->second);
    }
    const auto before = shadow_of(db, which, row_id);
    if (moved == before) return;
    if (moved.empty()) {
        db.prepared("DELETE FROM _shadow WHERE resource = ?1 AND row_id = ?2").bind(1, name_of(which)).bind(2, row_id).run();
        return;
    }
    const std::string text = model::text_of(moved);
    db.prepared("INSERT OR REPLACE INTO _shadow (resource, row_id, theirs) VALUES (?1, ?2, ?3)")
        .bind(1, name_of(which)).bind(2, row_id).bind(3, text).run();
}

void renew_docked(database& db, std::int64_t entry_id, const model::field_values& theirs) {
    auto& select = db.prepared("SELECT outbox_id, old_values FROM outbox WHERE resource = 'dock' AND operation = 'redock' AND "
                               "json_extract(new_values, '$.entry_id') = ?1 AND" + std::string(alive));
    select.bind(1, entry_id);
    if (select.step()) {
        const auto outbox_id = select.integer(0);
        auto found = fields_in(select.optional_text(1));
        for (const auto& [name, value] : theirs) found.insert_or_assign(name, value);
        const std::string text = model::text_of(found);
        db.prepared("UPDATE outbox SET old_values = ?2 WHERE outbox_id = ?1 AND old_values IS NOT ?2").bind(1, outbox_id).bind(2, text).run();
    }
    select.reset();
}

model::field_values covered_by(database& db, resource which, std::int64_t row_id) {
    auto out = shadow_of(db, which, row_id);
    if (const auto over = overlay_of(db, which, row_id))
        for (const auto& [name, value] : over->found) out.emplace(name, value);
    return out;
}

void write_fields(database& db, resource which, std::int64_t row_id, const model::field_values& fields) {
    const auto& columns = model::layout_of(which);
    std::string sets;
    std::vector<model::cell> values;
    for (std::size_t c = 0; c < columns.stored.size(); ++c) {
        const auto found = fields.find(columns.stored[c]->name);
        if (found == fields.end() || c == columns.key) continue;
        values.push_back(model::cell_of(found->second));
        sets += (sets.empty() ? "" : ", ") + std::string(columns.stored[c]->name) + " = ?" + std::to_string(values.size() + 1);
    }
    if (!values.empty()) {
        auto& update = db.prepared("UPDATE " + std::string(columns.of->name) + " SET " + sets + " WHERE " + std::string(columns.of->key) +
                                   " = ?1");
        update.bind(1, row_id);
        for (std::size_t i = 0; i < values.size(); ++i) update.bind(static_cast<int>(i) + 2, values[i]);
        update.run();
    }
    const auto links = fields.find(model::links_field);
    // A row that has left takes no links (a deletion here of what is gone there as well).
    if (links == fields.end() || columns.of->link_table.empty() || !has_row(db, which, row_id)) return;
    if (const auto* ids = std::get_if<model::id_set>(&links->second)) exchange_links(db, which, row_id, *ids);
}

void show_theirs(database& db, const waiting_change& what) {
    if (what.operation == "delete") bring_back(db, what);
    if (what.which == resource::dock) return show_timer_before(db, what);
    if (what.operation != "update") return;
    auto theirs = what.old_values;
    for (const auto& [name, value] : shadow_of(db, what.which, what.row_id))
        if (theirs.contains(name)) theirs.insert_or_assign(name, value);
    // Another change of the row that still waits goes on showing.
    if (const auto over = overlay_of(db, what.which, what.row_id))
        for (const auto& [name, value] : over->mine)
            if (theirs.contains(name)) theirs.insert_or_assign(name, value);
    write_fields(db, what.which, what.row_id, theirs);
}

void show_mine(database& db, resource which, std::int64_t row_id) {
    const auto over = overlay_of(db, which, row_id);
    if (!over) return;
    if (!over->is_deleted) return write_fields(db, which, row_id, over->mine);
    auto& select = db.prepared("SELECT outbox_id FROM outbox WHERE resource = ?1 AND row_id = ?2 AND operation = 'delete' AND" + std::string(alive));
    select.bind(1, name_of(which)).bind(2, row_id);
    const auto id = select.step() ? select.integer(0) : 0;
    select.reset();
    if (const auto what = read_waiting(db, id)) hide_deleted(db, *what);
}

void hide_deleted(database& db, const waiting_change& what) {
    const auto& table = model::describe(what.which);
    const std::string key{table.key};
    if (table.keeps_unseen) {
        db.prepared("UPDATE " + std::string(table.name) + " SET presence = 'gone', gone_at = (SELECT at FROM _now) WHERE " + key + " = ?1")
            .bind(1, what.row_id).run();
        return;
    }
    const std::string content = model::text_of(what.old_values);
    db.prepared("INSERT OR REPLACE INTO gone_rows (resource, row_id, gone_at, evidence, row_json) VALUES (?1, ?2, (SELECT at FROM _now), 'local', ?3)")
        .bind(1, name_of(what.which)).bind(2, what.row_id).bind(3, content).run();
    if (!table.link_table.empty())
        db.prepared("DELETE FROM " + std::string(table.link_table) + " WHERE " + key + " = ?1").bind(1, what.row_id).run();
    db.prepared("DELETE FROM " + std::string(table.name) + " WHERE " + key + " = ?1").bind(1, what.row_id).run();
}

std::optional<model::field_values> their_row(database& db, resource which, std::int64_t row_id) {
    auto& sql = db.rows_of(which);
    const auto& columns = model::layout_of(which);
    model::field_values out;
    sql.select.bind(1, row_id);
    const bool is_there = sql.select.step();
    for (std::size_t c = 0; is_there && c < columns.stored.size(); ++c)
        out.emplace(columns.stored[c]->name, model::value_of(sql.select.column(static_cast<int>(c))));
    sql.select.reset();
    if (!is_there) return std::nullopt;
    if (!columns.of->link_table.empty()) {
        model::id_set links;
        sql.select_links.bind(1, row_id);
        while (sql.select_links.step()) links.push_back(sql.select_links.integer(0));
        sql.select_links.reset();
        out.insert_or_assign(std::string(model::links_field), std::move(links));
    }
    for (auto& [name, value] : covered_by(db, which, row_id)) out.insert_or_assign(name, value);
    return out;
}

std::vector<model::field_values> their_waiting_rows(database& db, resource which) {
    std::vector<model::field_values> out;
    for (const auto& [id, over] : read_overlays(db, which)) {
        if (is_local(id)) continue;
        if (!over.is_deleted) {
            if (auto row = their_row(db, which, id)) out.push_back(std::move(*row));
            continue;
        }
        auto row = over.found;
        for (auto& [name, value] : shadow_of(db, which, id)) row.insert_or_assign(name, std::move(value));
        out.push_back(std::move(row));
    }
    return out;
}

}  // namespace mdock::store
