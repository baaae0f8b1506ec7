-- SPDX-License-Identifier: MIT
-- The timer's capture: an UPDATE of the dock is a start, a pause, a resume or a change of its fields, and a row of
-- _dock_command is what no UPDATE can say. Each change says in "at" since when it holds. What a command replaces here is
-- kept in its old_values. The other tables' triggers are generated (core/store/capture_sql.h).

-- The one place where a trigger asks what time it is.
DROP VIEW IF EXISTS _now;
CREATE VIEW _now AS SELECT datetime('now') AS at, date('now', 'localtime') AS today;

-- The user's dock with the time it shows at this moment.
DROP VIEW IF EXISTS _dock_now;
CREATE VIEW _dock_now AS
SELECT d.user_account_id, d.contact_id, d.project_id, d.description, d.is_running, d.observed_at, d.duration_seconds,
       coalesce(d.duration_seconds, 0) + CASE WHEN d.is_running = 1 AND d.observed_at IS NOT NULL
           THEN max(0, strftime('%s', n.at) - strftime('%s', d.observed_at)) ELSE 0 END AS shown_seconds,
       (SELECT json_group_array(task_id) FROM
           (SELECT task_id FROM dock_tasks WHERE user_account_id = d.user_account_id ORDER BY task_id)) AS task_ids,
       d.is_running IS NOT 1 AND coalesce(d.description, '') = '' AND d.contact_id IS NULL AND d.project_id IS NULL
           AND coalesce(d.duration_seconds, 0) = 0
           AND NOT EXISTS (SELECT 1 FROM dock_tasks WHERE user_account_id = d.user_account_id) AS is_idle,
       n.at, n.today
FROM dock AS d, _now AS n
WHERE d.user_account_id = (SELECT user_account_id FROM _identity);

-- All that a command takes from the dock, for going back.
DROP VIEW IF EXISTS _dock_content;
CREATE VIEW _dock_content AS
SELECT json_object('contact_id', contact_id, 'project_id', project_id, 'description', description,
                   'duration_seconds', duration_seconds, 'is_running', is_running, 'observed_at', observed_at,
                   'task_ids', json(task_ids)) AS content
FROM _dock_now;

DROP TRIGGER IF EXISTS _refuse_dock_others;
CREATE TRIGGER _refuse_dock_others BEFORE UPDATE ON dock WHEN (SELECT is_open - is_capturing FROM _gate) = 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: only your own dock can be changed; nothing was changed')
    WHERE OLD.user_account_id IS NOT (SELECT user_account_id FROM _identity);
END;

DROP TRIGGER IF EXISTS _capture_dock_update;
CREATE TRIGGER _capture_dock_update AFTER UPDATE OF contact_id, project_id, description, duration_seconds, is_running ON dock
    WHEN (NEW.contact_id IS NOT OLD.contact_id OR NEW.project_id IS NOT OLD.project_id OR NEW.description IS NOT OLD.description
          OR NEW.duration_seconds IS NOT OLD.duration_seconds OR NEW.is_running IS NOT OLD.is_running)
         AND (SELECT is_open - is_capturing FROM _gate) = 1
BEGIN
    UPDATE _gate SET is_capturing = 1 WHERE only_row = 1;
    -- The fields that change. Their time is that of a typed duration, which holds at its moment only (K10).
    INSERT INTO _replaced (resource, row_id, row_json)
        SELECT 'dock fields', NEW.user_account_id, json_array(
            json_set('{}', CASE WHEN NEW.contact_id IS NOT OLD.contact_id THEN '$.contact_id' END, NEW.contact_id,
                     CASE WHEN NEW.project_id IS NOT OLD.project_id THEN '$.project_id' END, NEW.project_id,
                     CASE WHEN NEW.description IS NOT OLD.description THEN '$.description' END, NEW.description,
                     CASE WHEN NEW.duration_seconds IS NOT OLD.duration_seconds THEN '$.duration_seconds' END, NEW.duration_seconds),
            json_set('{}', CASE WHEN NEW.contact_id IS NOT OLD.contact_id THEN '$.contact_id' END, OLD.contact_id,
                     CASE WHEN NEW.project_id IS NOT OLD.project_id THEN '$.project_id' END, OLD.project_id,
                     CASE WHEN NEW.description IS NOT OLD.description THEN '$.description' END, OLD.description,
                     CASE WHEN NEW.duration_seconds IS NOT OLD.duration_seconds THEN '$.duration_seconds' END, OLD.duration_seconds),
            CASE WHEN NEW.is_running IS OLD.is_running THEN ''
                 WHEN NEW.is_running = 0 THEN 'pause'
                 WHEN coalesce(OLD.description, '') = '' AND OLD.contact_id IS NULL AND OLD.project_id IS NULL
                      AND coalesce(OLD.duration_seconds, 0) = 0
                      AND NOT EXISTS (SELECT 1 FROM dock_tasks WHERE user_account_id = NEW.user_account_id) THEN 'start'
                 ELSE 'resume' END);
    UPDATE outbox SET
        new_values = json_set(new_values, '$.at', CASE WHEN NEW.duration_seconds IS NOT OLD.duration_seconds
                THEN (SELECT at FROM _now) ELSE json_extract(new_values, '$.at') END,
            CASE WHEN NEW.contact_id IS NOT OLD.contact_id THEN '$.contact_id' END, NEW.contact_id,
            CASE WHEN NEW.project_id IS NOT OLD.project_id THEN '$.project_id' END, NEW.project_id,
            CASE WHEN NEW.description IS NOT OLD.description THEN '$.description' END, NEW.description,
            CASE WHEN NEW.duration_seconds IS NOT OLD.duration_seconds THEN '$.duration_seconds' END, NEW.duration_seconds),
        old_values = json_insert(old_values,
            CASE WHEN NEW.contact_id IS NOT OLD.contact_id THEN '$.contact_id' END, OLD.contact_id,
            CASE WHEN NEW.project_id IS NOT OLD.project_id THEN '$.project_id' END, OLD.project_id,
            CASE WHEN NEW.description IS NOT OLD.description THEN '$.description' END, OLD.description,
            CASE WHEN NEW.duration_seconds IS NOT OLD.duration_seconds THEN '$.duration_seconds' END, OLD.duration_seconds)
    WHERE outbox_id = (SELECT max(outbox_id) FROM outbox WHERE resource = 'dock' AND row_id = NEW.user_account_id)
        AND state IN ('queued', 'held') AND operation IN ('update', 'start')
        AND (SELECT json_extract(row_json, '$[2]') <> 'start' FROM _replaced WHERE resource = 'dock fields');
    INSERT INTO outbox (queued_at, resource, row_id, operation, new_values, old_values)
        SELECT at, 'dock', NEW.user_account_id, 'update', json_set(json_extract(row_json, '$[0]'), '$.at', at), json_extract(row_json, '$[1]')
        FROM _now, _replaced WHERE changes() = 0 AND resource = 'dock fields'
        AND json_extract(row_json, '$[2]') <> 'start' AND json_extract(row_json, '$[0]') <> '{}';
    -- Taken back. Not a running clock's time: the same number at another moment is another time.
    UPDATE outbox SET
        new_values = json_remove(new_values,
            CASE WHEN json_extract(old_values, '$.contact_id') IS NEW.contact_id THEN '$.contact_id' ELSE '$._' END,
            CASE WHEN json_extract(old_values, '$.project_id') IS NEW.project_id THEN '$.project_id' ELSE '$._' END,
            CASE WHEN json_extract(old_values, '$.description') IS NEW.description THEN '$.description' ELSE '$._' END,
            CASE WHEN json_extract(old_values, '$.duration_seconds') IS NEW.duration_seconds AND NEW.is_running = 0
                THEN '$.duration_seconds' ELSE '$._' END),
        old_values = json_remove(old_values,
            CASE WHEN json_extract(old_values, '$.contact_id') IS NEW.contact_id THEN '$.contact_id' ELSE '$._' END,
            CASE WHEN json_extract(old_values, '$.project_id') IS NEW.project_id THEN '$.project_id' ELSE '$._' END,
            CASE WHEN json_extract(old_values, '$.description') IS NEW.description THEN '$.description' ELSE '$._' END,
            CASE WHEN json_extract(old_values, '$.duration_seconds') IS NEW.duration_seconds AND NEW.is_running = 0
                THEN '$.duration_seconds' ELSE '$._' END)
    WHERE outbox_id = (SELECT max(outbox_id) FROM outbox WHERE resource = 'dock' AND row_id = NEW.user_account_id)
        AND state IN ('queued', 'held') AND operation IN ('update', 'start');
    DELETE FROM outbox
    WHERE outbox_id = (SELECT max(outbox_id) FROM outbox WHERE resource = 'dock' AND row_id = NEW.user_account_id)
        AND state IN ('queued', 'held') AND operation = 'update' AND json_remove(new_values, '$.at') = '{}';
    INSERT INTO outbox (queued_at, resource, row_id, operation, new_values, old_values)
        SELECT at, 'dock', NEW.user_account_id, json_extract(row_json, '$[2]'),
               CASE json_extract(row_json, '$[2]') WHEN 'start' THEN json_set(json_extract(row_json, '$[0]'), '$.at', at)
                    ELSE json_object('at', at) END,
               json_set(CASE json_extract(row_json, '$[2]') WHEN 'start' THEN json_extract(row_json, '$[1]') ELSE '{}' END,
                        '$.is_running', OLD.is_running, '$.observed_at', OLD.observed_at,
                        CASE json_extract(row_json, '$[2]') WHEN 'pause' THEN '$.duration_seconds' END, OLD.duration_seconds)
        FROM _now, _replaced WHERE resource = 'dock fields' AND json_extract(row_json, '$[2]') <> '';
    INSERT INTO changes (at, resource, row_id, operation, origin, old_values, new_values)
        SELECT at, 'dock', NEW.user_account_id, 'update', 'local',
               json_set(json_extract(row_json, '$[1]'), CASE WHEN NEW.is_running IS NOT OLD.is_running THEN '$.is_running' END, OLD.is_running),
               json_set(json_extract(row_json, '$[0]'), CASE WHEN NEW.is_running IS NOT OLD.is_running THEN '$.is_running' END, NEW.is_running)
        FROM _now, _replaced WHERE resource = 'dock fields';
    -- The clock stands still at what it showed, or goes on from there.
    UPDATE dock SET
        duration_seconds = CASE WHEN OLD.is_running = 1 AND NEW.is_running = 0 AND NEW.duration_seconds IS OLD.duration_seconds
                AND OLD.observed_at IS NOT NULL
            THEN coalesce(OLD.duration_seconds, 0)
                 + max(0, strftime('%s', (SELECT at FROM _now)) - strftime('%s', OLD.observed_at))
            ELSE duration_seconds END,
        observed_at = (SELECT at FROM _now)
    WHERE user_account_id = NEW.user_account_id
        AND (NEW.is_running IS NOT OLD.is_running OR NEW.duration_seconds IS NOT OLD.duration_seconds);
    DELETE FROM _replaced WHERE resource = 'dock fields';
    UPDATE dock SET sync_state = iif(sync_state = 'synced', 'queued', 'synced')
    WHERE user_account_id = NEW.user_account_id AND sync_state =
        iif(EXISTS (SELECT 1 FROM outbox WHERE resource = 'dock' AND row_id = NEW.user_account_id), 'synced', 'queued');
    UPDATE _gate SET is_capturing = 0 WHERE only_row = 1;
END;
