// SPDX-License-Identifier: MIT
// UPDATE becomes an `update` with the columns that change, folded into what waits already (O09). A column that is set
// back to what it was leaves the change, and a change without columns leaves the outbox.
#include "core/store/capture_parts.h"
#include "core/store/capture_text.h"

namespace mdock::store::capture {
namespace {

// json_set passes over a NULL path, json_remove would answer NULL; '$._' is never there.
constexpr std::string_view update_text = R"(
DROP TRIGGER IF EXISTS _capture_{t}_update;
CREATE TRIGGER _capture_{t}_update AFTER UPDATE OF {columns} ON {t}
    WHEN ({differs}) AND {open}
BEGIN
    UPDATE _gate SET is_capturing = 1 WHERE only_row = 1;
    UPDATE outbox SET
        new_values = CASE operation WHEN 'update' THEN json_set(new_values, {news})
            ELSE json_remove(json_set(new_values, {news}), {nulls}) END,
        old_values = CASE operation WHEN 'update' THEN json_insert(old_values, {olds}) END
    WHERE {last} AND operation IN ('update', 'create');
    INSERT INTO outbox (queued_at, resource, row_id, operation, new_values, old_values)
        VALUES ((SELECT at FROM _now), '{t}', NEW.{k}, CASE changes() WHEN 0 THEN 'update' END, json_set('{}', {news}),
                json_set('{}', {olds}));
    INSERT INTO changes (at, resource, row_id, operation, origin, old_values, new_values)
        VALUES ((SELECT at FROM _now), '{t}', NEW.{k}, 'update', 'local', json_set('{}', {olds}), json_set('{}', {news}));
    {mark};
    UPDATE _gate SET is_capturing = 0 WHERE only_row = 1;
END;
)";

// Only a change that was folded can have been taken back, and most changes are the first of their row.
constexpr std::string_view folded_text = R"(
DROP TRIGGER IF EXISTS _capture_{t}_folded;
CREATE TRIGGER _capture_{t}_folded AFTER UPDATE OF new_values ON outbox
    WHEN NEW.resource = '{t}' AND NEW.operation = 'update' AND (SELECT is_capturing FROM _gate) = 1 AND ({is_taken_back})
BEGIN
    UPDATE outbox SET new_values = json_remove(new_values, {taken_back}), old_values = json_remove(old_values, {taken_back})
    WHERE outbox_id = NEW.outbox_id;
    DELETE FROM outbox WHERE outbox_id = NEW.outbox_id AND new_values = '{}';
    UPDATE _shadow SET theirs = theirs WHERE resource = '{t}' AND row_id = NEW.row_id;
END;
)";

// What MinuteDock has by now is shown again where nothing waits any more. Called by the touch of _shadow above, because
// there is hardly ever a row to touch.
constexpr std::string_view shadow_text = R"(
DROP TRIGGER IF EXISTS _capture_{t}_shadow;
CREATE TRIGGER _capture_{t}_shadow AFTER UPDATE OF theirs ON _shadow
    WHEN NEW.resource = '{t}' AND NEW.theirs = OLD.theirs AND (SELECT is_capturing FROM _gate) = 1
BEGIN
    UPDATE {t} SET {theirs} WHERE {k} = NEW.row_id;
    UPDATE _shadow SET theirs = json_remove(theirs, {forgotten})
    WHERE resource = '{t}' AND row_id = NEW.row_id AND json_remove(theirs, {forgotten}) <> theirs;
    DELETE FROM _shadow WHERE resource = '{t}' AND row_id = NEW.row_id AND theirs = '{}';
END;
)";

constexpr std::string_view is_free =
    "json_type(NEW.theirs, '$.{c}') IS NOT NULL AND NOT EXISTS (SELECT 1 FROM outbox WHERE resource = '{t}' "
    "AND row_id = NEW.row_id AND json_type(new_values, '$.{c}') IS NOT NULL)";

}  // namespace

std::string update_trigger(const model::table& table) {
    names use = names_of(table);
    const auto list = updatable(table);
    use["columns"] = for_each(list, ", ", "{c}");
    use["differs"] = for_each(list, " OR ", "NEW.{c} IS NOT OLD.{c}");
    use["news"] = for_each(list, ", ", "CASE WHEN NEW.{c} IS NOT OLD.{c} THEN '$.{c}' END, {new}");
    use["olds"] = for_each(list, ", ", "CASE WHEN NEW.{c} IS NOT OLD.{c} THEN '$.{c}' END, {old}");
    use["nulls"] = for_each(list, ", ", "CASE WHEN NEW.{c} IS NULL THEN '$.{c}' ELSE '$._' END");
    const std::string back = "json_type(NEW.old_values, '$.{c}') IS NOT NULL AND "
                             "json_extract(NEW.old_values, '$.{c}') IS json_extract(NEW.new_values, '$.{c}')";
    use["taken_back"] = for_each(list, ", ", "CASE WHEN " + back + " THEN '$.{c}' ELSE '$._' END");
    use["is_taken_back"] = for_each(list, " OR ", "(" + back + ")");
    const std::string free = filled(is_free, {{"t", use["t"]}});
    use["theirs"] = for_each(list, ", ", "{c} = CASE WHEN " + free + " THEN json_extract(NEW.theirs, '$.{c}') ELSE {c} END");
    use["forgotten"] = for_each(list, ", ", "CASE WHEN " + free + " THEN '$.{c}' ELSE '$._' END");
    return filled(update_text, use) + filled(folded_text, use) + filled(shadow_text, use);
}

}  // namespace mdock::store::capture
