// SPDX-License-Identifier: MIT
#include "core/store/apply_lines.h"

#include <algorithm>
#include <map>

#include "core/store/change_log.h"
#include "core/store/row_statements.h"

namespace mdock::store {
namespace {

// The cells of a stored line that were read from MinuteDock, for `changes` when the line goes.
void log_gone_line(database& db, std::int64_t line, const apply_how& how) {
    const auto& columns = model::layout_of(resource::invoice_line_items);
    json_fields values, none;
    auto& select = db.rows_of(resource::invoice_line_items).select;
    select.bind(1, line);
    if (select.step())
        for (std::size_t c = 0; c < columns.stored.size(); ++c) {
            const auto value = select.column(static_cast<int>(c));
            if (value.type != model::cell_type::null) values.add(columns.stored[c]->name, value);
        }
    select.reset();
    write_change(db, how.at, resource::invoice_line_items, line, "gone", how.origin, values, none);
}

}  // namespace

applied apply_lines(database& db, std::int64_t invoice_id, const model::row_batch& lines, const apply_how& how) {
    const applied done = apply_rows(db, lines, how);
    auto& owner = db.prepared("UPDATE invoice_line_items SET invoice_id = ?1 WHERE line_item_id = ?2 AND invoice_id IS NOT ?1");
    for (std::size_t i = 0; i < lines.size(); ++i) owner.bind(1, invoice_id).bind(2, lines.key(i)).run();

    std::vector<std::int64_t> here;
    for (std::size_t i = 0; i < lines.size(); ++i) here.push_back(lines.key(i));
    std::sort(here.begin(), here.end());
    std::vector<std::int64_t> away;
    auto& all = db.prepared("SELECT line_item_id FROM invoice_line_items WHERE invoice_id = ?1");
    all.bind(1, invoice_id);
    while (all.step())
        if (!std::binary_search(here.begin(), here.end(), all.integer(0))) away.push_back(all.integer(0));
    all.reset();
    for (const auto line : away) {
        if (how.records_changes) log_gone_line(db, line, how);
        db.prepared("DELETE FROM invoice_line_items WHERE line_item_id = ?1").bind(1, line).run();
    }
    forget_lines_due(db, invoice_id);
    return done;
}

std::vector<std::int64_t> lines_due(database& db) {
    std::vector<std::int64_t> due;
    auto& select = db.prepared("SELECT invoice_id FROM _invoice_lines_due ORDER BY invoice_id");
    while (select.step()) due.push_back(select.integer(0));
    select.reset();
    return due;
}

void mark_lines_due(database& db, const std::vector<std::int64_t>& invoices) {
    auto& insert = db.prepared("INSERT OR IGNORE INTO _invoice_lines_due (invoice_id) VALUES (?1)");
    for (const auto id : invoices) insert.bind(1, id).run();
}

void forget_lines_due(database& db, std::int64_t invoice_id) {
    db.prepared("DELETE FROM _invoice_lines_due WHERE invoice_id = ?1").bind(1, invoice_id).run();
}

}  // namespace mdock::store
