// SPDX-License-Identifier: MIT
// INSERT becomes a `create`; INSERT OR REPLACE of a row that is there becomes an ordinary UPDATE of it.
#include "core/store/capture_parts.h"
#include "core/store/capture_text.h"

namespace mdock::store::capture {
namespace {

// REPLACE fires delete triggers only with recursive_triggers on, and nothing says which statement an INSERT trigger runs
// in; but the statement's own conflict clause takes the place of a trigger step's. So the second INSERT here overwrites
// the first within a REPLACE and nowhere else.
constexpr std::string_view replace_text = R"(
DROP TRIGGER IF EXISTS _capture_{t}_replace;
CREATE TRIGGER _capture_{t}_replace BEFORE INSERT ON {t}
    WHEN {open} AND EXISTS (SELECT 1 FROM {t} WHERE {k} = NEW.{k})
BEGIN
    DELETE FROM _replaced;
    INSERT INTO _replaced (resource, row_id, row_json) VALUES ('', 0, '');
    INSERT OR IGNORE INTO _replaced (resource, row_id, row_json) VALUES ('', 0, 'replaces');
    UPDATE _replaced SET resource = '{t}', row_id = NEW.{k},
        row_json = (SELECT json_object({whole}) FROM {t} AS here WHERE here.{k} = NEW.{k})
    WHERE row_json = 'replaces';
    DELETE FROM _replaced WHERE resource = '';
END;
)";

// A replaced row is first put back as it was, unseen, and then changed as an UPDATE would.
constexpr std::string_view insert_text = R"(
DROP TRIGGER IF EXISTS _capture_{t}_insert;
CREATE TRIGGER _capture_{t}_insert AFTER INSERT ON {t} WHEN {open}
BEGIN
    SELECT RAISE(ABORT, 'mdock: {t}.{k}: ids are given by MinuteDock; leave {k} out; nothing was changed')
    WHERE NOT {replaced} AND (NEW.{k} NOT BETWEEN 9000000000000001 AND 9007199254740991
        OR EXISTS (SELECT 1 FROM local_ids WHERE local_id = NEW.{k} AND resource = '{t}')
        OR EXISTS (SELECT 1 FROM outbox WHERE {queue})
        OR EXISTS (SELECT 1 FROM gone_rows WHERE resource = '{t}' AND row_id = NEW.{k}));
    UPDATE _gate SET is_capturing = 1 WHERE only_row = 1;
    UPDATE {t} SET {defaults}sync_state = 'queued' WHERE {k} = NEW.{k} AND NOT {replaced};
    INSERT INTO outbox (queued_at, resource, row_id, operation, new_values)
        SELECT at, '{t}', NEW.{k}, 'create', json_patch('{}', json_object({sent}))
        FROM _now, {t} AS here WHERE here.{k} = NEW.{k} AND NOT {replaced};
    INSERT INTO changes (at, resource, row_id, operation, origin, new_values)
        SELECT queued_at, '{t}', NEW.{k}, 'insert', 'local', new_values FROM outbox WHERE {last} AND NOT {replaced};
    UPDATE {t} SET {as_it_was} WHERE {k} = NEW.{k} AND {replaced};
    UPDATE _gate SET is_capturing = 0 WHERE only_row = 1;
    UPDATE {t} SET {as_given} WHERE {k} = NEW.{k} AND {replaced};
    DELETE FROM _replaced;
END;
)";

}  // namespace

std::string insert_triggers(const model::table& table) {
    names use = names_of(table);
    use["whole"] = for_each(stored(table), ", ", "'{c}', {here}");
    use["as_it_was"] = for_each(stored(table), ", ", "{c} = (SELECT json_extract(row_json, '$.{c}') FROM _replaced)");
    std::string& defaults = use["defaults"];
    std::string& sent = use["sent"];
    for (const auto* c : insertable(table)) {
        const rule* r = rule_of(table, c->name);
        const bool is_filled = r != nullptr && !r->when_missing.empty();
        if (is_filled)
            defaults += filled("{c} = coalesce({c}, {v}), ", {{"c", std::string(c->name)}, {"v", std::string(r->when_missing)}});
        sent += (sent.empty() ? "" : ", ") + for_each({c}, "", is_filled && r->is_sent ? "'{c}', {here}" : "'{c}', {new}");
    }
    std::string& given = use["as_given"];
    for (const auto* c : updatable(table))
        given += (given.empty() ? "" : ", ") + filled(is_never_null(table, *c) ? "{c} = coalesce(NEW.{c}, {c})" : "{c} = NEW.{c}",
                                                      {{"c", std::string(c->name)}});
    return filled(replace_text, use) + filled(insert_text, use);
}

}  // namespace mdock::store::capture
