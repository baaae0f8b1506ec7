// SPDX-License-Identifier: MIT
#include "core/store/cleared.h"

#include "core/store/overlay.h"

namespace mdock::store {
namespace {

bool is_empty(const model::field_value& value) {
    if (std::holds_alternative<std::nullptr_t>(value)) return true;
    if (const auto* number = std::get_if<std::int64_t>(&value)) return *number == 0;
    if (const auto* text = std::get_if<std::string>(&value)) return text->empty();
    const auto* ids = std::get_if<model::id_set>(&value);
    return ids != nullptr && ids->empty();
}

bool is_persons(const model::table& table, std::string_view name) {
    for (const auto& column : table.columns)
        if (column.name == name || (name == model::links_field && column.how == model::kind::link_set))
            return column.written_by == model::writer::person;
    return false;
}

}  // namespace

bool is_put_whole(database& db) {
    auto& select = db.prepared("SELECT is_put_whole FROM _outbox_state");
    const bool is_whole = select.step() && select.integer(0) != 0;
    select.reset();
    return is_whole;
}

model::field_values unseen_parents(database& db, resource which, const model::field_values& theirs) {
    model::field_values out;
    for (const auto& column : model::describe(which).columns) {
        if (column.how != model::kind::parent_id || column.written_by != model::writer::person) continue;
        const auto found = theirs.find(column.name);
        const auto* id = found == theirs.end() ? nullptr : std::get_if<std::int64_t>(&found->second);
        const auto& parent = model::describe(column.parent);
        if (id == nullptr || !parent.keeps_unseen) continue;
        auto& seen = db.prepared("SELECT 1 FROM " + std::string(parent.name) + " WHERE " + std::string(parent.key) +
                                 " = ?1 AND presence = 'present'");
        seen.bind(1, *id);
        if (!seen.step()) out.emplace(found->first, found->second);
        seen.reset();
    }
    return out;
}

void restore_cleared(database& db, const waiting_change& what, const model::row_batch& before, const model::row_batch& echo,
                     const model::field_values& sent, utc_seconds at) {
    const auto had = model::fields_of(before, 0), has = model::fields_of(echo, 0);
    model::field_values again, found;
    for (const auto& [name, value] : had) {
        const auto& now = has.at(name);
        if (sent.contains(name) || is_empty(value) || !is_empty(now) || !is_persons(model::describe(what.which), name)) continue;
        again.emplace(name, value);
        found.emplace(name, now);
    }
    if (again.empty()) return;
    db.prepared("UPDATE _outbox_state SET is_put_whole = 1").run();
    const std::string mine = model::text_of(again), base = model::text_of(found), time = format_timestamp(at);
    auto& insert = db.prepared(
        "INSERT INTO outbox (queued_at, resource, row_id, operation, new_values, old_values) VALUES (?1, ?2, ?3, 'update', ?4, ?5)");
    insert.bind(1, time).bind(2, name_of(what.which)).bind(3, what.row_id).bind(4, mine).bind(5, base).run();
    write_fields(db, what.which, what.row_id, again);
}

}  // namespace mdock::store
