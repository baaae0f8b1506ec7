// SPDX-License-Identifier: MIT
#include "core/store/mapping.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/store/change_log.h"
#include "core/store/outbox.h"
#include "core/store/overlay.h"
#include "core/store/row_statements.h"

namespace mdock::store {
namespace {

// The name of the field that points to a row of `which` in an intent, and of its table's key.
std::string_view key_of(resource which) { return model::describe(which).key; }

void exchange(model::field_values& in, std::string_view key, bool is_task, std::int64_t local, std::int64_t real) {
    for (auto& [name, value] : in) {
        if (auto* id = std::get_if<std::int64_t>(&value); id != nullptr && name == key && *id == local) *id = real;
        auto* ids = std::get_if<model::id_set>(&value);
        if (ids == nullptr || !is_task) continue;
        std::replace(ids->begin(), ids->end(), local, real);
        std::sort(ids->begin(), ids->end());
        ids->erase(std::unique(ids->begin(), ids->end()), ids->end());
    }
}

// Rows of any table that point to the local row.
void exchange_references(database& db, resource which, std::int64_t local, std::int64_t real) {
    for (const auto table : all_resources) {
        const auto& described = model::describe(table);
        for (const auto& column : described.columns) {
            if (column.how != model::kind::parent_id || column.parent != which) continue;
            const std::string name{column.name};
            db.prepared("UPDATE " + std::string(described.name) + " SET " + name + " = ?2 WHERE " + name + " = ?1")
                .bind(1, local).bind(2, real).run();
        }
        if (described.link_table.empty()) continue;
        const std::string links{described.link_table};
        const std::string key = which == resource::tasks ? std::string("task_id") : std::string(described.key);
        if (which != resource::tasks && which != table) continue;
        db.prepared("UPDATE OR IGNORE " + links + " SET " + key + " = ?2 WHERE " + key + " = ?1").bind(1, local).bind(2, real).run();
        db.prepared("DELETE FROM " + links + " WHERE " + key + " = ?1").bind(1, local).run();
    }
}

// Waiting changes that name the row, and what the file remembers of covered values.
void exchange_in_json(database& db, resource which, std::int64_t local, std::int64_t real, std::string_view table,
                      std::string_view key, std::string_view column) {
    const std::string from = "%" + std::to_string(local) + "%";
    std::vector<std::pair<std::int64_t, std::string>> rows;
    auto& select = db.prepared("SELECT " + std::string(key) + ", " + std::string(column) + " FROM " + std::string(table) + " WHERE " +
                               std::string(column) + " LIKE ?1");
    select.bind(1, from);
    while (select.step()) rows.emplace_back(select.integer(0), select.text(1));
    select.reset();
    for (const auto& [id, text] : rows) {
        auto fields = model::parse_fields(text);
        if (!fields) continue;
        exchange(*fields, which == resource::entries ? "entry_id" : key_of(which), which == resource::tasks, local, real);
        const std::string changed = model::text_of(*fields);
        db.prepared("UPDATE " + std::string(table) + " SET " + std::string(column) + " = ?2 WHERE " + std::string(key) + " = ?1")
            .bind(1, id).bind(2, changed).run();
    }
}

bool is_there(database& db, resource which, std::int64_t id) {
    auto& select = db.rows_of(which).select;
    select.bind(1, id);
    const bool found = select.step();
    select.reset();
    return found;
}

}  // namespace

bool is_mapped(database& db, resource which, std::int64_t real) {
    auto& select = db.prepared("SELECT 1 FROM local_ids WHERE resource = ?1 AND row_id = ?2");
    select.bind(1, name_of(which)).bind(2, real);
    const bool found = select.step();
    select.reset();
    return found;
}

void give_real_id(database& db, resource which, std::int64_t local, std::int64_t real, utc_seconds at) {
    if (is_mapped(db, which, real)) throw std::logic_error("two local rows for one of MinuteDock's");
    const auto& table = model::describe(which);
    const std::string name{table.name}, key{table.key};
    if (is_there(db, which, real)) {
        if (!table.link_table.empty())
            db.prepared("DELETE FROM " + std::string(table.link_table) + " WHERE " + key + " = ?1").bind(1, local).run();
        db.prepared("DELETE FROM " + name + " WHERE " + key + " = ?1").bind(1, local).run();
    } else {
        db.prepared("UPDATE " + name + " SET " + key + " = ?2 WHERE " + key + " = ?1").bind(1, local).bind(2, real).run();
    }
    exchange_references(db, which, local, real);
    db.prepared("UPDATE outbox SET row_id = ?3 WHERE resource = ?1 AND row_id = ?2")
        .bind(1, name_of(which)).bind(2, local).bind(3, real).run();
    for (const auto* column : {"new_values", "old_values"}) exchange_in_json(db, which, local, real, "outbox", "outbox_id", column);
    for (const auto* of : {"conflicts", "gone_rows", "_shadow"})
        db.prepared("UPDATE OR IGNORE " + std::string(of) + " SET row_id = ?3 WHERE resource = ?1 AND row_id = ?2")
            .bind(1, name_of(which)).bind(2, local).bind(3, real).run();
    db.prepared("INSERT INTO local_ids (local_id, resource, row_id) VALUES (?1, ?2, ?3)")
        .bind(1, local).bind(2, name_of(which)).bind(3, real).run();
    json_fields before, after;
    before.add(key, model::cell::of(local));
    after.add(key, model::cell::of(real));
    write_change(db, at, which, local, "gone", from_minutedock, before, {});
    write_change(db, at, which, real, "insert", from_minutedock, {}, after);
    db.forget();
}

}  // namespace mdock::store
