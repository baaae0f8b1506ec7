-- SPDX-License-Identifier: MIT
-- The tasks of the timer, captured as a set, and its commands log, discard and redock. Runs after capture_dock.sql.

DROP TRIGGER IF EXISTS _capture_dock_tasks_repeated;
CREATE TRIGGER _capture_dock_tasks_repeated BEFORE INSERT ON dock_tasks
    WHEN (SELECT is_open - is_capturing FROM _gate) = 1 AND EXISTS (SELECT 1 FROM dock_tasks WHERE user_account_id = NEW.user_account_id AND task_id = NEW.task_id)
BEGIN
    SELECT RAISE(IGNORE);
END;

DROP TRIGGER IF EXISTS _capture_dock_tasks_insert;
CREATE TRIGGER _capture_dock_tasks_insert AFTER INSERT ON dock_tasks
    WHEN (SELECT is_open - is_capturing FROM _gate) = 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: only your own dock can be changed; nothing was changed')
    WHERE NEW.user_account_id IS NOT (SELECT user_account_id FROM _identity);
    UPDATE _gate SET is_capturing = 1 WHERE only_row = 1;
    INSERT INTO _replaced (resource, row_id, row_json)
        SELECT 'dock tasks', NEW.user_account_id, json_array(
            json((SELECT json_group_array(task_id) FROM (SELECT task_id FROM dock_tasks WHERE user_account_id = NEW.user_account_id AND task_id <> NEW.task_id ORDER BY task_id))),
            json((SELECT json_group_array(task_id) FROM (SELECT task_id FROM dock_tasks WHERE user_account_id = NEW.user_account_id ORDER BY task_id))));
    UPDATE outbox SET
        new_values = json_set(new_values, '$.task_ids', json((SELECT json_extract(row_json, '$[1]') FROM _replaced WHERE resource = 'dock tasks'))),
        old_values = json_insert(old_values, '$.task_ids', json((SELECT json_extract(row_json, '$[0]') FROM _replaced WHERE resource = 'dock tasks')))
    WHERE outbox_id = (SELECT max(outbox_id) FROM outbox WHERE resource = 'dock' AND row_id = NEW.user_account_id)
        AND state IN ('queued', 'held') AND operation IN ('update', 'start');
    INSERT INTO outbox (queued_at, resource, row_id, operation, new_values, old_values)
        SELECT at, 'dock', NEW.user_account_id, 'update',
               json_object('at', at, 'task_ids', json_extract(row_json, '$[1]')), json_object('task_ids', json_extract(row_json, '$[0]'))
        FROM _now, _replaced WHERE changes() = 0 AND resource = 'dock tasks';
    UPDATE outbox SET new_values = json_remove(new_values, '$.task_ids'), old_values = json_remove(old_values, '$.task_ids')
    WHERE outbox_id = (SELECT max(outbox_id) FROM outbox WHERE resource = 'dock' AND row_id = NEW.user_account_id)
        AND state IN ('queued', 'held') AND operation IN ('update', 'start')
        AND json_extract(new_values, '$.task_ids') = json_extract(old_values, '$.task_ids');
    DELETE FROM outbox
    WHERE outbox_id = (SELECT max(outbox_id) FROM outbox WHERE resource = 'dock' AND row_id = NEW.user_account_id)
        AND state IN ('queued', 'held') AND operation = 'update' AND json_remove(new_values, '$.at') = '{}';
    INSERT INTO changes (at, resource, row_id, operation, origin, old_values, new_values)
        SELECT at, 'dock', NEW.user_account_id, 'update', 'local',
               json_object('task_ids', json_extract(row_json, '$[0]')), json_object('task_ids', json_extract(row_json, '$[1]'))
        FROM _now, _replaced WHERE resource = 'dock tasks';
    DELETE FROM _replaced WHERE resource = 'dock tasks';
    UPDATE dock SET sync_state = iif(sync_state = 'synced', 'queued', 'synced')
    WHERE user_account_id = NEW.user_account_id AND sync_state =
        iif(EXISTS (SELECT 1 FROM outbox WHERE resource = 'dock' AND row_id = NEW.user_account_id), 'synced', 'queued');
    UPDATE _gate SET is_capturing = 0 WHERE only_row = 1;
END;

DROP TRIGGER IF EXISTS _capture_dock_tasks_delete;
CREATE TRIGGER _capture_dock_tasks_delete AFTER DELETE ON dock_tasks
    WHEN (SELECT is_open - is_capturing FROM _gate) = 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: only your own dock can be changed; nothing was changed')
    WHERE OLD.user_account_id IS NOT (SELECT user_account_id FROM _identity);
    UPDATE _gate SET is_capturing = 1 WHERE only_row = 1;
    INSERT INTO _replaced (resource, row_id, row_json)
        SELECT 'dock tasks', OLD.user_account_id, json_array(
            json((SELECT json_group_array(task_id) FROM (SELECT task_id FROM (SELECT task_id FROM dock_tasks WHERE user_account_id = OLD.user_account_id UNION SELECT OLD.task_id) ORDER BY task_id))),
            json((SELECT json_group_array(task_id) FROM (SELECT task_id FROM dock_tasks WHERE user_account_id = OLD.user_account_id ORDER BY task_id))));
    UPDATE outbox SET
        new_values = json_set(new_values, '$.task_ids', json((SELECT json_extract(row_json, '$[1]') FROM _replaced WHERE resource = 'dock tasks'))),
        old_values = json_insert(old_values, '$.task_ids', json((SELECT json_extract(row_json, '$[0]') FROM _replaced WHERE resource = 'dock tasks')))
    WHERE outbox_id = (SELECT max(outbox_id) FROM outbox WHERE resource = 'dock' AND row_id = OLD.user_account_id)
        AND state IN ('queued', 'held') AND operation IN ('update', 'start');
    INSERT INTO outbox (queued_at, resource, row_id, operation, new_values, old_values)
        SELECT at, 'dock', OLD.user_account_id, 'update',
               json_object('at', at, 'task_ids', json_extract(row_json, '$[1]')), json_object('task_ids', json_extract(row_json, '$[0]'))
        FROM _now, _replaced WHERE changes() = 0 AND resource = 'dock tasks';
    UPDATE outbox SET new_values = json_remove(new_values, '$.task_ids'), old_values = json_remove(old_values, '$.task_ids')
    WHERE outbox_id = (SELECT max(outbox_id) FROM outbox WHERE resource = 'dock' AND row_id = OLD.user_account_id)
        AND state IN ('queued', 'held') AND operation IN ('update', 'start')
        AND json_extract(new_values, '$.task_ids') = json_extract(old_values, '$.task_ids');
    DELETE FROM outbox
    WHERE outbox_id = (SELECT max(outbox_id) FROM outbox WHERE resource = 'dock' AND row_id = OLD.user_account_id)
        AND state IN ('queued', 'held') AND operation = 'update' AND json_remove(new_values, '$.at') = '{}';
    INSERT INTO changes (at, resource, row_id, operation, origin, old_values, new_values)
        SELECT at, 'dock', OLD.user_account_id, 'update', 'local',
               json_object('task_ids', json_extract(row_json, '$[0]')), json_object('task_ids', json_extract(row_json, '$[1]'))
        FROM _now, _replaced WHERE resource = 'dock tasks';
    DELETE FROM _replaced WHERE resource = 'dock tasks';
    UPDATE dock SET sync_state = iif(sync_state = 'synced', 'queued', 'synced')
    WHERE user_account_id = OLD.user_account_id AND sync_state =
        iif(EXISTS (SELECT 1 FROM outbox WHERE resource = 'dock' AND row_id = OLD.user_account_id), 'synced', 'queued');
    UPDATE _gate SET is_capturing = 0 WHERE only_row = 1;
END;

DROP TRIGGER IF EXISTS _capture_dock_tasks_update;
CREATE TRIGGER _capture_dock_tasks_update AFTER UPDATE ON dock_tasks
    WHEN (SELECT is_open - is_capturing FROM _gate) = 1 AND NEW.task_id <> OLD.task_id
BEGIN
    SELECT RAISE(ABORT, 'mdock: only your own dock can be changed; nothing was changed')
    WHERE NEW.user_account_id IS NOT (SELECT user_account_id FROM _identity);
    UPDATE _gate SET is_capturing = 1 WHERE only_row = 1;
    INSERT INTO _replaced (resource, row_id, row_json)
        SELECT 'dock tasks', NEW.user_account_id, json_array(
            json((SELECT json_group_array(task_id) FROM (SELECT task_id FROM (SELECT task_id FROM dock_tasks WHERE user_account_id = NEW.user_account_id AND task_id <> NEW.task_id
            UNION SELECT OLD.task_id) ORDER BY task_id))),
            json((SELECT json_group_array(task_id) FROM (SELECT task_id FROM dock_tasks WHERE user_account_id = NEW.user_account_id ORDER BY task_id))));
    UPDATE outbox SET
        new_values = json_set(new_values, '$.task_ids', json((SELECT json_extract(row_json, '$[1]') FROM _replaced WHERE resource = 'dock tasks'))),
        old_values = json_insert(old_values, '$.task_ids', json((SELECT json_extract(row_json, '$[0]') FROM _replaced WHERE resource = 'dock tasks')))
    WHERE outbox_id = (SELECT max(outbox_id) FROM outbox WHERE resource = 'dock' AND row_id = NEW.user_account_id)
        AND state IN ('queued', 'held') AND operation IN ('update', 'start');
    INSERT INTO outbox (queued_at, resource, row_id, operation, new_values, old_values)
        SELECT at, 'dock', NEW.user_account_id, 'update',
               json_object('at', at, 'task_ids', json_extract(row_json, '$[1]')), json_object('task_ids', json_extract(row_json, '$[0]'))
        FROM _now, _replaced WHERE changes() = 0 AND resource = 'dock tasks';
    UPDATE outbox SET new_values = json_remove(new_values, '$.task_ids'), old_values = json_remove(old_values, '$.task_ids')
    WHERE outbox_id = (SELECT max(outbox_id) FROM outbox WHERE resource = 'dock' AND row_id = NEW.user_account_id)
        AND state IN ('queued', 'held') AND operation IN ('update', 'start')
        AND json_extract(new_values, '$.task_ids') = json_extract(old_values, '$.task_ids');
    DELETE FROM outbox
    WHERE outbox_id = (SELECT max(outbox_id) FROM outbox WHERE resource = 'dock' AND row_id = NEW.user_account_id)
        AND state IN ('queued', 'held') AND operation = 'update' AND json_remove(new_values, '$.at') = '{}';
    INSERT INTO changes (at, resource, row_id, operation, origin, old_values, new_values)
        SELECT at, 'dock', NEW.user_account_id, 'update', 'local',
               json_object('task_ids', json_extract(row_json, '$[0]')), json_object('task_ids', json_extract(row_json, '$[1]'))
        FROM _now, _replaced WHERE resource = 'dock tasks';
    DELETE FROM _replaced WHERE resource = 'dock tasks';
    UPDATE dock SET sync_state = iif(sync_state = 'synced', 'queued', 'synced')
    WHERE user_account_id = NEW.user_account_id AND sync_state =
        iif(EXISTS (SELECT 1 FROM outbox WHERE resource = 'dock' AND row_id = NEW.user_account_id), 'synced', 'queued');
    UPDATE _gate SET is_capturing = 0 WHERE only_row = 1;
END;

DROP TRIGGER IF EXISTS _refuse_dock_command;
CREATE TRIGGER _refuse_dock_command BEFORE INSERT ON _dock_command WHEN (SELECT is_open - is_capturing FROM _gate) = 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: your timer has not been read yet; run: mdock sync; nothing was changed')
    WHERE NOT EXISTS (SELECT 1 FROM _dock_now);
    SELECT RAISE(ABORT, 'mdock: the timer is empty; nothing was changed')
    WHERE NEW.operation <> 'redock' AND (SELECT is_idle FROM _dock_now);
    SELECT RAISE(ABORT, 'mdock: redock needs an entry of this mirror; nothing was changed')
    WHERE NEW.operation = 'redock' AND NOT EXISTS (SELECT 1 FROM entries WHERE entry_id = NEW.entry_id);
    SELECT RAISE(ABORT, 'mdock: only your own entries can go back to the timer; nothing was changed')
    WHERE NEW.operation = 'redock' AND (SELECT user_account_id FROM entries WHERE entry_id = NEW.entry_id) IS NOT (SELECT user_account_id FROM _identity);
    SELECT RAISE(ABORT, 'mdock: MinuteDock does not have this entry yet; run mdock sync, or delete it and start the timer; nothing was changed')
    WHERE NEW.operation = 'redock' AND EXISTS (SELECT 1 FROM outbox WHERE resource = 'entries' AND row_id = NEW.entry_id
        AND operation = 'create');
END;

DROP TRIGGER IF EXISTS _capture_dock_command_empty;
CREATE TRIGGER _capture_dock_command_empty AFTER INSERT ON _dock_command
    WHEN NEW.operation IN ('log', 'discard') AND (SELECT is_open - is_capturing FROM _gate) = 1
BEGIN
    UPDATE _gate SET is_capturing = 1 WHERE only_row = 1;
    INSERT INTO _replaced (resource, row_id, row_json)
        SELECT 'dock command', 0, json_object('dock', json(content)) FROM _dock_content;
    INSERT INTO outbox (queued_at, resource, row_id, operation, new_values, old_values)
        SELECT at, 'dock', user_account_id, NEW.operation,
               CASE NEW.operation WHEN 'discard' THEN json_object('at', at) ELSE
                   json_object('at', at, 'description', description, 'contact_id', contact_id, 'project_id', project_id,
                               'task_ids', json(task_ids), 'duration_seconds', shown_seconds, 'entry_date', today) END,
               content
        FROM _dock_now, _dock_content;
    DELETE FROM dock_tasks WHERE user_account_id = (SELECT user_account_id FROM _identity);
    UPDATE dock SET contact_id = NULL, project_id = NULL, description = NULL, duration_seconds = 0, is_running = 0,
        observed_at = (SELECT at FROM _now), sync_state = iif(sync_state = 'conflict', sync_state, 'queued')
    WHERE user_account_id = (SELECT user_account_id FROM _identity);
    INSERT INTO changes (at, resource, row_id, operation, origin, old_values, new_values)
        SELECT at, 'dock', user_account_id, 'update', 'local', json_extract(row_json, '$.dock'), content
        FROM _dock_now, _dock_content, _replaced WHERE resource = 'dock command';
    DELETE FROM _replaced WHERE resource = 'dock command';
    DELETE FROM _dock_command WHERE command_id = NEW.command_id;
    UPDATE _gate SET is_capturing = 0 WHERE only_row = 1;
END;

-- The entry is the timer again: it leaves entries, and is not gone. What the timer held is in old_values as "dock";
-- MinuteDock logs it first (K07).
DROP TRIGGER IF EXISTS _capture_dock_command_redock;
CREATE TRIGGER _capture_dock_command_redock AFTER INSERT ON _dock_command
    WHEN NEW.operation = 'redock' AND (SELECT is_open - is_capturing FROM _gate) = 1
BEGIN
    UPDATE _gate SET is_capturing = 1 WHERE only_row = 1;
    INSERT INTO _replaced (resource, row_id, row_json)
        SELECT 'dock command', 0, json_object('dock', json(content)) FROM _dock_content;
    INSERT INTO outbox (queued_at, resource, row_id, operation, new_values, old_values, waits_for)
        SELECT n.at, 'dock', (SELECT user_account_id FROM _identity), 'redock', json_object('at', n.at, 'entry_id', NEW.entry_id),
               json_patch('{}', json_object('entry_id', e.entry_id, 'user_account_id', e.user_account_id, 'contact_id', e.contact_id,
                   'project_id', e.project_id, 'description', e.description, 'duration_seconds', e.duration_seconds,
                   'entry_date', e.entry_date, 'invoice_id', e.invoice_id, 'billing_rate_cents', e.billing_rate_cents,
                   'updated_at', e.updated_at, 'extra', e.extra,
                   'task_ids', json(nullif((SELECT json_group_array(task_id) FROM
                       (SELECT task_id FROM entry_tasks WHERE entry_id = e.entry_id ORDER BY task_id)), '[]')),
                   'dock', (SELECT content FROM _dock_content))),
               (SELECT max(outbox_id) FROM outbox WHERE resource = 'entries' AND row_id = NEW.entry_id)
        FROM _now AS n, entries AS e WHERE e.entry_id = NEW.entry_id;
    INSERT INTO changes (at, resource, row_id, operation, origin, old_values)
        SELECT queued_at, 'entries', NEW.entry_id, 'gone', 'local', json_remove(old_values, '$.dock') FROM outbox
        WHERE outbox_id = (SELECT max(outbox_id) FROM outbox);
    DELETE FROM dock_tasks WHERE user_account_id = (SELECT user_account_id FROM _identity);
    INSERT INTO dock_tasks (user_account_id, task_id) SELECT (SELECT user_account_id FROM _identity), task_id FROM entry_tasks WHERE entry_id = NEW.entry_id;
    UPDATE dock SET
        contact_id = (SELECT contact_id FROM entries WHERE entry_id = NEW.entry_id),
        project_id = (SELECT project_id FROM entries WHERE entry_id = NEW.entry_id),
        description = (SELECT description FROM entries WHERE entry_id = NEW.entry_id),
        duration_seconds = (SELECT coalesce(duration_seconds, 0) FROM entries WHERE entry_id = NEW.entry_id),
        is_running = 1, observed_at = (SELECT at FROM _now), sync_state = iif(sync_state = 'conflict', sync_state, 'queued')
    WHERE user_account_id = (SELECT user_account_id FROM _identity);
    DELETE FROM entry_tasks WHERE entry_id = NEW.entry_id;
    DELETE FROM entries WHERE entry_id = NEW.entry_id;
    INSERT INTO changes (at, resource, row_id, operation, origin, old_values, new_values)
        SELECT at, 'dock', user_account_id, 'update', 'local', json_extract(row_json, '$.dock'), content
        FROM _dock_now, _dock_content, _replaced WHERE resource = 'dock command';
    DELETE FROM _replaced WHERE resource = 'dock command';
    DELETE FROM _dock_command WHERE command_id = NEW.command_id;
    UPDATE _gate SET is_capturing = 0 WHERE only_row = 1;
END;
