// SPDX-License-Identifier: MIT
#include "core/store/capture_sql.h"

#include "core/store/capture_parts.h"
#include "core/store/capture_text.h"

namespace mdock::store {
namespace {

// A link names an entry and a task of this mirror and stays with its entry.
constexpr std::string_view link_refusals = R"(
DROP TRIGGER IF EXISTS _refuse_{l}_insert;
CREATE TRIGGER _refuse_{l}_insert BEFORE INSERT ON {l} WHEN {open}
BEGIN
    SELECT RAISE(ABORT, 'mdock: {l}.{k} names a row that is not there; nothing was changed')
    WHERE NOT EXISTS (SELECT 1 FROM {t} WHERE {k} = NEW.{k});
    SELECT RAISE(ABORT, 'mdock: {l}.task_id names a task that is not there; nothing was changed')
    WHERE NOT EXISTS (SELECT 1 FROM tasks WHERE task_id = NEW.task_id AND presence <> 'gone');
END;

DROP TRIGGER IF EXISTS _refuse_{l}_update;
CREATE TRIGGER _refuse_{l}_update BEFORE UPDATE ON {l} WHEN {open}
BEGIN
    SELECT RAISE(ABORT, 'mdock: a task link stays where it is; delete it and insert another; nothing was changed')
    WHERE NEW.{k} IS NOT OLD.{k};
    SELECT RAISE(ABORT, 'mdock: {l}.task_id names a task that is not there; nothing was changed')
    WHERE NOT EXISTS (SELECT 1 FROM tasks WHERE task_id = NEW.task_id AND presence <> 'gone');
    SELECT RAISE(ABORT, 'mdock: that task is linked already; delete this link instead; nothing was changed')
    WHERE NEW.task_id <> OLD.task_id AND EXISTS (SELECT 1 FROM {l} WHERE {k} = NEW.{k} AND task_id = NEW.task_id);
END;
)";

// How a trigger inserts into the outbox only if: VALUES with a CASE for the operation. INSERT … SELECT … WHERE would do the
// same through a temporary table, which costs more than all the rest of a capture.
constexpr std::string_view nothing_to_queue = R"(
DROP TRIGGER IF EXISTS _capture_nothing;
CREATE TRIGGER _capture_nothing BEFORE INSERT ON outbox WHEN NEW.operation IS NULL AND (SELECT is_capturing FROM _gate) = 1
BEGIN
    SELECT RAISE(IGNORE);
END;

-- A change that had been sent without success and is then taken back leaves nothing.
DROP TRIGGER IF EXISTS _capture_taken_back;
CREATE TRIGGER _capture_taken_back AFTER DELETE ON outbox
BEGIN
    DELETE FROM _intent WHERE outbox_id = OLD.outbox_id;
END;
)";

}  // namespace

std::string capture_sql() {
    std::string out{nothing_to_queue};
    for (const resource which : all_resources) {
        const auto& table = model::describe(which);
        if (!table.takes_local_writes) continue;
        out += capture::refusals(table);
        if (!table.link_table.empty()) {
            auto use = capture::names_of(table);
            use["l"] = table.link_table;
            out += capture::filled(link_refusals, use);
        }
        // The dock's changes are commands as well, and no row of it comes or goes (schema/capture_dock.sql).
        if (which == resource::dock) continue;
        out += capture::update_trigger(table);
        // MinuteDock lets expenses be changed only.
        if (which == resource::expenses) continue;
        out += capture::insert_triggers(table) + capture::delete_trigger(table);
        if (!table.link_table.empty()) out += capture::link_triggers(table);
    }
    return out;
}

}  // namespace mdock::store
