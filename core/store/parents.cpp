// SPDX-License-Identifier: MIT
#include "core/store/parents.h"

namespace mdock::store {

void ensure_parent(database& db, resource which, std::int64_t id) {
    auto& known = db.known(which);
    if (known.contains(id)) return;
    const auto& table = model::describe(which);
    const std::string sql = "INSERT INTO " + std::string(table.name) + " (" + std::string(table.key) +
                            ", presence) VALUES (?1, 'placeholder') ON CONFLICT DO NOTHING";
    db.prepared(sql).bind(1, id).run();
    known.insert(id);
}

void ensure_parents(database& db, const model::row_batch& rows, std::size_t i) {
    const auto& columns = rows.columns();
    const auto cells = rows.row(i);
    for (std::size_t c = 0; c < columns.stored.size(); ++c) {
        const auto& column = *columns.stored[c];
        if (column.how == model::kind::parent_id && cells[c].type == model::cell_type::integer)
            ensure_parent(db, column.parent, cells[c].integer);
    }
    for (const auto task : rows.links(i)) ensure_parent(db, resource::tasks, task);
    if (rows.which() == resource::dock) ensure_parent(db, resource::users, rows.key(i));
}

}  // namespace mdock::store
