// SPDX-License-Identifier: MIT
// DELETE of a row that was never sent takes its changes out of the outbox as well (O09). Of a row that MinuteDock knows
// it becomes a `delete` that says what the row was: a fact moves to gone_rows, a name stays and is marked.
#include "core/store/capture_parts.h"
#include "core/store/capture_text.h"
#include "core/model/rows.h"

namespace mdock::store::capture {
namespace {

// The row as MinuteDock has it: what is stored, with the waiting updates taken off and what MinuteDock has by now put
// on. Of several updates of a field the first knows what was there. json_patch drops NULLs, as gone_rows does.
constexpr std::string_view known_text =
    "(SELECT json_remove(row, CASE json_array_length(row, '$.task_ids') WHEN 0 THEN '$.task_ids' ELSE '$._' END) FROM (SELECT "
    "json_patch(json_patch({whole}, coalesce((SELECT '{' || group_concat(field, ',') || '}' FROM (SELECT json_quote(j.key) || ':' || "
    "CASE j.type WHEN 'text' THEN json_quote(j.value) WHEN 'null' THEN 'null' ELSE j.value END AS field, min(o.outbox_id) "
    "FROM outbox AS o, json_each(o.old_values) AS j WHERE o.resource = '{t}' AND o.row_id = OLD.{k} AND o.operation = 'update' "
    "GROUP BY j.key)), '{}')), coalesce((SELECT theirs FROM _shadow WHERE {queue_of_old}), '{}')) AS row))";

constexpr std::string_view fact_text = R"(
DROP TRIGGER IF EXISTS _capture_{t}_delete;
CREATE TRIGGER _capture_{t}_delete AFTER DELETE ON {t}
    WHEN {open} AND NOT {replaced_of_old}
BEGIN
    UPDATE _gate SET is_capturing = 1 WHERE only_row = 1;
    INSERT INTO changes (at, resource, row_id, operation, origin, old_values)
        SELECT at, '{t}', OLD.{k}, 'gone', 'local', {whole} FROM _now;
    INSERT INTO outbox (queued_at, resource, row_id, operation, old_values)
        SELECT at, '{t}', OLD.{k}, 'delete', {known} FROM _now WHERE NOT {unsent_of_old};
    DELETE FROM outbox WHERE {queue_of_old} AND ({unsent_of_old} OR operation = 'update' AND state IN ('queued', 'held'));
    DELETE FROM gone_rows WHERE resource = '{t}' AND row_id = OLD.{k};
    INSERT INTO gone_rows (resource, row_id, gone_at, evidence, row_json)
        SELECT '{t}', OLD.{k}, queued_at, 'local', old_values FROM outbox WHERE {last_of_old} AND operation = 'delete';
    DELETE FROM _shadow WHERE {queue_of_old};
    DELETE FROM {links} WHERE {k} = OLD.{k};
    UPDATE _gate SET is_capturing = 0 WHERE only_row = 1;
END;
)";

constexpr std::string_view name_text = R"(
DROP TRIGGER IF EXISTS _capture_{t}_delete;
CREATE TRIGGER _capture_{t}_delete BEFORE DELETE ON {t}
    WHEN {open} AND NOT {replaced_of_old}
BEGIN
    SELECT RAISE(IGNORE) WHERE OLD.presence = 'gone';
    SELECT RAISE(ABORT, 'mdock: {t}: MinuteDock does not show this row to your token, so it cannot be deleted here; nothing was changed')
    WHERE OLD.presence <> 'present';
    SELECT RAISE(ABORT, 'mdock: {t}: other rows point to this one, which was never sent; change or delete them first; nothing was changed')
    WHERE {unsent_of_old} AND ({is_used});
    UPDATE _gate SET is_capturing = 1 WHERE only_row = 1;
    INSERT INTO changes (at, resource, row_id, operation, origin, old_values, new_values)
        SELECT at, '{t}', OLD.{k}, 'gone', 'local', '{"presence":"present"}', '{"presence":"gone"}' FROM _now;
    INSERT INTO outbox (queued_at, resource, row_id, operation, old_values)
        SELECT at, '{t}', OLD.{k}, 'delete', {known} FROM _now WHERE NOT {unsent_of_old};
    DELETE FROM outbox WHERE {queue_of_old} AND ({unsent_of_old} OR operation = 'update' AND state IN ('queued', 'held'));
    UPDATE {t} SET presence = 'gone', gone_at = (SELECT at FROM _now), sync_state = 'queued', {as_known}
    WHERE {k} = OLD.{k} AND EXISTS (SELECT 1 FROM outbox WHERE {last_of_old} AND operation = 'delete');
    DELETE FROM _shadow WHERE {queue_of_old};
    UPDATE _gate SET is_capturing = 0 WHERE only_row = 1;
    SELECT RAISE(IGNORE) FROM {t} WHERE {k} = OLD.{k} AND presence = 'gone';
END;
)";

// In the form of gone_rows: stored columns in their order, extra, links.
std::string whole_row(const model::table& table) {
    columns list;
    for (const auto* c : model::layout_of(table.which).stored) list.push_back(c);
    std::string out = "json_patch('{}', json_object(" + for_each(list, ", ", "'{c}', {old}") + ", 'extra', OLD.extra";
    if (!table.link_table.empty())
        out += ", 'task_ids', json(nullif(" + link_list(table.link_table, table.key, "OLD." + std::string(table.key)) + ", '[]'))";
    return out + "))";
}

// Whether a row of any table points to this one.
std::string is_used(const model::table& table) {
    std::string out;
    const auto add = [&](std::string_view in, std::string_view column) {
        out += (out.empty() ? "" : " OR ") +
               filled("EXISTS (SELECT 1 FROM {in} WHERE {c} = OLD.{k})",
                      {{"in", std::string(in)}, {"c", std::string(column)}, {"k", std::string(table.key)}});
    };
    for (const resource which : all_resources) {
        const auto& other = model::describe(which);
        for (const auto& c : other.columns) {
            if (c.parent != table.which) continue;
            if (c.how == model::kind::parent_id) add(other.name, c.name);
            if (c.how == model::kind::link_set) add(other.link_table, table.key);
        }
    }
    return out;
}

}  // namespace

std::string delete_trigger(const model::table& table) {
    names use = names_of(table);
    use["whole"] = whole_row(table);
    use["known"] = filled(known_text, use);
    use["links"] = table.link_table;
    if (!table.keeps_unseen) return filled(fact_text, use);
    use["is_used"] = is_used(table);
    use["as_known"] = for_each(updatable(table), ", ",
                               "{c} = json_extract((SELECT old_values FROM outbox WHERE " + use["last_of_old"] + "), '$.{c}')");
    return filled(name_text, use);
}

}  // namespace mdock::store::capture
