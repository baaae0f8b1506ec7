// SPDX-License-Identifier: MIT
// A link of a task to an entry is a part of the entry: the set of its task ids, folded like a column.
#include "core/store/capture_parts.h"
#include "core/store/capture_text.h"

namespace mdock::store::capture {
namespace {

// A link that is there already is no error and no change: whichever clause the INSERT has, a set takes it once.
constexpr std::string_view repeated_text = R"(
DROP TRIGGER IF EXISTS _capture_{l}_repeated;
CREATE TRIGGER _capture_{l}_repeated BEFORE INSERT ON {l}
    WHEN {open} AND EXISTS (SELECT 1 FROM {l} WHERE {k} = NEW.{k} AND task_id = NEW.task_id)
BEGIN
    SELECT RAISE(IGNORE);
END;
)";

constexpr std::string_view link_text = R"(
DROP TRIGGER IF EXISTS _capture_{l}_{event};
CREATE TRIGGER _capture_{l}_{event} AFTER {EVENT} ON {l} WHEN {open}{when}
BEGIN
    UPDATE _gate SET is_capturing = 1 WHERE only_row = 1;
    UPDATE outbox SET
        new_values = CASE WHEN operation = 'create' AND {now} = '[]' THEN json_remove(new_values, '$.task_ids')
            ELSE json_set(new_values, '$.task_ids', json({now})) END,
        old_values = CASE operation WHEN 'update' THEN json_insert(old_values, '$.task_ids', json({before})) END
    WHERE {last} AND operation IN ('update', 'create');
    INSERT INTO outbox (queued_at, resource, row_id, operation, new_values, old_values)
        SELECT at, '{t}', {id}, 'update', json_object('task_ids', json({now})), json_object('task_ids', json({before}))
        FROM _now WHERE changes() = 0;
    UPDATE outbox SET new_values = json_remove(new_values, '$.task_ids'), old_values = json_remove(old_values, '$.task_ids')
    WHERE {last} AND operation = 'update' AND json_extract(old_values, '$.task_ids') = {now};
    DELETE FROM outbox WHERE {last} AND operation = 'update' AND new_values = '{}';
    INSERT INTO changes (at, resource, row_id, operation, origin, old_values, new_values)
        SELECT at, '{t}', {id}, 'update', 'local', json_object('task_ids', json({before})), json_object('task_ids', json({now}))
        FROM _now;
    DELETE FROM {l} WHERE {k} = {id} AND {theirs_again};
    INSERT INTO {l} ({k}, task_id) SELECT {id}, value FROM json_each((SELECT theirs FROM _shadow WHERE {queue}), '$.task_ids')
    WHERE {theirs_again};
    UPDATE _shadow SET theirs = json_remove(theirs, '$.task_ids') WHERE {queue} AND {theirs_again};
    DELETE FROM _shadow WHERE {queue} AND theirs = '{}';
    {mark};
    UPDATE _gate SET is_capturing = 0 WHERE only_row = 1;
END;
)";

struct event {
    std::string_view name;
    std::string_view sql;
    std::string_view row;       // whose key says which entry
    std::string_view when;
    std::string_view before;    // the ids that were linked before
};

constexpr event events[] = {
    {"insert", "INSERT", "NEW", "", "SELECT task_id FROM {l} WHERE {k} = NEW.{k} AND task_id <> NEW.task_id"},
    {"delete", "DELETE", "OLD", "", "SELECT task_id FROM {l} WHERE {k} = OLD.{k} UNION SELECT OLD.task_id"},
    {"update", "UPDATE", "NEW", " AND NEW.task_id <> OLD.task_id",
     "SELECT task_id FROM {l} WHERE {k} = NEW.{k} AND task_id <> NEW.task_id UNION SELECT OLD.task_id"},
};

}  // namespace

std::string link_triggers(const model::table& table) {
    names use = names_of(table);
    use["l"] = table.link_table;
    std::string out = filled(repeated_text, use);
    for (const auto& e : events) {
        names here = use;
        here["event"] = e.name;
        here["EVENT"] = e.sql;
        here["when"] = e.when;
        here["id"] = std::string(e.row) + "." + use["k"];
        here["now"] = link_list(table.link_table, table.key, here["id"]);
        here["before"] = "(SELECT json_group_array(task_id) FROM (SELECT task_id FROM (" + filled(e.before, use) + ") ORDER BY task_id))";
        if (e.row == "OLD")
            for (const char* name : {"queue", "last", "mark"}) here[name] = use[std::string(name) + "_of_old"];
        here["theirs_again"] = filled("json_type((SELECT theirs FROM _shadow WHERE {queue}), '$.task_ids') IS NOT NULL AND NOT EXISTS "
                                      "(SELECT 1 FROM outbox WHERE {queue} AND json_type(new_values, '$.task_ids') IS NOT NULL)",
                                      here);
        out += filled(link_text, here);
    }
    return out;
}

}  // namespace mdock::store::capture
