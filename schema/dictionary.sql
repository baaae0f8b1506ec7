-- SPDX-License-Identifier: MIT
-- What the model does not describe: generated columns, link tables, the tables about the mirror itself, and the views.
-- Run after the views are made and after the model's rows (core/model/dictionary.h) are in; it can be run again. A
-- view's column has the sentence of the column it comes from; no sentence is written twice.

DELETE FROM dict_tables WHERE table_name NOT IN
    ('accounts', 'users', 'contacts', 'projects', 'tasks', 'items', 'entries', 'expenses', 'invoices',
     'invoice_line_items', 'dock');
DELETE FROM dict_columns WHERE table_name NOT IN
    ('accounts', 'users', 'contacts', 'projects', 'tasks', 'items', 'entries', 'expenses', 'invoices',
     'invoice_line_items', 'dock');

INSERT INTO dict_tables (table_name, kind, grain, meaning) VALUES
    ('entry_tasks', 'table', 'one row per entry and task',
        'Which tasks an entry has; an entry may have none or several.'),
    ('dock_tasks', 'table', 'one row per dock and task', 'Which tasks are chosen in the dock.'),
    ('gone_rows', 'table', 'one row per entry, expense, invoice or invoice line that is gone or hidden',
        'Rows that were mirrored and that MinuteDock no longer shows, with the evidence; a row that is shown again leaves.'),
    ('mirror_status', 'table', 'one row per mirrored table',
        'How fresh each table is; "data as of" for every dashboard.'),
    ('outbox', 'table', 'one row per local change not yet on MinuteDock',
        'Local changes on their way to MinuteDock; a row leaves only when MinuteDock has the change.'),
    ('outbox_done', 'table', 'one row per local change that is finished', 'Finished local changes, kept for 90 days.'),
    ('conflicts', 'table', 'one row per field changed both here and on MinuteDock',
        'Changes that need a choice between the local and the MinuteDock value.'),
    ('changes', 'table', 'one row per change of a mirrored row after the first load',
        'What changed and when the mirror saw it; the first load writes nothing here.'),
    ('local_ids', 'table', 'one row per row that was made here and then sent',
        'From the id a row had before MinuteDock knew it to the id it has now.'),
    ('dict_tables', 'table', 'one row per public table or view', 'What each public table and view is.'),
    ('dict_columns', 'table', 'one row per column of a public table or view', 'What each public column means.'),
    ('fact_time_entry', 'view', 'one row per logged entry', 'Logged time with hours and amounts ready to sum.'),
    ('fact_entry_task', 'view', 'one row per entry and task; an entry without tasks has one row with a NULL task',
        'Logged time by task: sum hours * allocation, and the hours of all tasks add up to the hours logged.'),
    ('fact_expense', 'view', 'one row per expense', 'Expenses; amounts are in the row''s currency.'),
    ('fact_invoice', 'view', 'one row per invoice', 'Invoices; amounts are in the row''s currency.'),
    ('fact_invoice_line', 'view', 'one row per line of an invoice',
        'Lines of invoices with the day, contact and currency of their invoice.'),
    ('dim_date', 'view', 'one row per calendar day from 2010 to five years ahead',
        'The calendar, for grouping by week, month and year.'),
    ('dim_user', 'view', 'one row per user', 'People who track time.'),
    ('dim_contact', 'view', 'one row per contact', 'Clients.'),
    ('dim_project', 'view', 'one row per project', 'Projects with the name of their contact.'),
    ('dim_task', 'view', 'one row per task', 'Kinds of work.'),
    ('dim_item', 'view', 'one row per billable item', 'Items that expenses refer to.');

-- Generated columns of mirrored tables.
INSERT OR REPLACE INTO dict_columns (table_name, column_name, type, meaning, unit, permission) VALUES
    ('users', 'user_name', 'VARCHAR(401)',
        'First and last name; the e-mail address where both are missing.', NULL, NULL),
    ('entries', 'hours', 'DOUBLE', 'duration_seconds in hours, not rounded.', 'h', NULL),
    ('entries', 'amount_cents', 'INTEGER',
        'Duration times hourly rate, rounded half up to a cent; NULL without a visible rate.', 'cents', 'billing rights'),
    ('entries', 'amount', 'DOUBLE', 'amount_cents in whole money.', 'currency', 'billing rights'),
    ('entries', 'is_billable', 'BOOLEAN',
        '1 when the hourly rate is not 0; NULL without a visible rate.', NULL, 'billing rights'),
    ('entries', 'is_invoiced', 'BOOLEAN', '1 when the entry is on an invoice, a draft included.', NULL, NULL),
    ('entries', 'updated_epoch', 'INTEGER',
        'updated_at in seconds since 1970, for tools that want a number.', 's', NULL);

INSERT INTO dict_columns (table_name, column_name, type, meaning, unit, api_field) VALUES
    ('entry_tasks', 'entry_id', 'INTEGER', 'The entry.', NULL, 'id'),
    ('entry_tasks', 'task_id', 'INTEGER', 'A task of the entry.', NULL, 'task_ids'),
    ('dock_tasks', 'user_account_id', 'INTEGER', 'The user whose dock it is.', NULL, 'user_account_id'),
    ('dock_tasks', 'task_id', 'INTEGER', 'A task chosen in the dock.', NULL, 'task_ids');

INSERT INTO dict_columns (table_name, column_name, type, meaning, unit) VALUES
    ('gone_rows', 'resource', 'VARCHAR(20)', 'The table the row was in.', NULL),
    ('gone_rows', 'row_id', 'INTEGER', 'The id of the row in that table.', NULL),
    ('gone_rows', 'gone_at', 'TIMESTAMP', 'When the mirror found it gone, UTC; it went between the table''s verified_as_of of then and this moment.', NULL),
    ('gone_rows', 'evidence', 'VARCHAR(12)',
        '404: unknown by its id, deleted or hidden; absent twice: not in two whole readings; hidden: not visible; local: deleted here.',
        NULL),
    ('gone_rows', 'row_json', 'TEXT', 'The row as it was, as a JSON object by column name.', NULL),

    ('mirror_status', 'resource', 'VARCHAR(20)', 'The mirrored table.', NULL),
    ('mirror_status', 'state', 'VARCHAR(12)',
        'never, loading, current, stale, denied (403), unavailable (feature off) or held (too much was gone at once).',
        NULL),
    ('mirror_status', 'row_count', 'INTEGER', 'Rows in the table.', 'rows'),
    ('mirror_status', 'complete_as_of', 'TIMESTAMP',
        'Every change made before this moment is here, UTC; never goes back.', NULL),
    ('mirror_status', 'verified_as_of', 'TIMESTAMP',
        'At this moment the table was proven equal to the account, UTC; never goes back; NULL: not proven yet.', NULL),
    ('mirror_status', 'last_attempt_at', 'TIMESTAMP', 'When MinuteDock was last asked, UTC.', NULL),
    ('mirror_status', 'last_error', 'VARCHAR(1000)',
        'What went wrong at the last attempt; NULL when it went well.', NULL),

    ('outbox', 'outbox_id', 'INTEGER', 'Order of the change.', NULL),
    ('outbox', 'queued_at', 'TIMESTAMP', 'When the change was made here, UTC.', NULL),
    ('outbox', 'resource', 'VARCHAR(20)', 'The table changed.', NULL),
    ('outbox', 'row_id', 'INTEGER', 'The row changed.', NULL),
    ('outbox', 'operation', 'VARCHAR(12)',
        'create, update or delete; start, pause, resume, log, discard or redock for the timer.', NULL),
    ('outbox', 'new_values', 'TEXT', 'The changed fields with their new values, as a JSON object.', NULL),
    ('outbox', 'old_values', 'TEXT', 'The changed fields with their values before, as a JSON object.', NULL),
    ('outbox', 'state', 'VARCHAR(12)',
        'queued, held, sending, unknown (sent, the answer was lost) or parked (MinuteDock refused it).', NULL),
    ('outbox', 'attempts', 'INTEGER', 'How often it was sent.', NULL),
    ('outbox', 'not_before', 'TIMESTAMP', 'It is not sent before this moment, UTC.', NULL),
    ('outbox', 'last_error', 'VARCHAR(1000)', 'Why the last attempt failed.', NULL),
    ('outbox', 'waits_for', 'INTEGER', 'outbox_id of the change that has to be sent first.', NULL),

    ('outbox_done', 'done_at', 'TIMESTAMP', 'When it was finished, UTC.', NULL),
    ('outbox_done', 'outcome', 'VARCHAR(12)',
        'applied; adopted: found there after a lost answer; merged_equal: MinuteDock had it already; discarded.', NULL),

    ('conflicts', 'conflict_id', 'INTEGER', 'Id of the conflict.', NULL),
    ('conflicts', 'resource', 'VARCHAR(20)', 'The table.', NULL),
    ('conflicts', 'row_id', 'INTEGER', 'The row.', NULL),
    ('conflicts', 'field', 'VARCHAR(40)', 'The column; * for a delete against an edit.', NULL),
    ('conflicts', 'base', 'TEXT', 'The value both started from, as JSON.', NULL),
    ('conflicts', 'mine', 'TEXT', 'The local value, as JSON.', NULL),
    ('conflicts', 'theirs', 'TEXT', 'The value on MinuteDock, as JSON.', NULL),
    ('conflicts', 'detected_at', 'TIMESTAMP', 'When the conflict was found, UTC.', NULL),
    ('conflicts', 'choice', 'VARCHAR(12)', 'mine or theirs; NULL until somebody has chosen.', NULL),
    ('conflicts', 'resolved_at', 'TIMESTAMP', 'When the choice was carried out, UTC.', NULL),

    ('changes', 'seq', 'INTEGER', 'Number of the change; grows and is never used again.', NULL),
    ('changes', 'at', 'TIMESTAMP', 'When the mirror applied the change, UTC.', NULL),
    ('changes', 'resource', 'VARCHAR(20)', 'The table changed.', NULL),
    ('changes', 'row_id', 'INTEGER', 'The row changed.', NULL),
    ('changes', 'operation', 'VARCHAR(12)', 'insert, update, gone (no longer visible) or back (visible again).', NULL),
    ('changes', 'origin', 'VARCHAR(12)',
        'minutedock: read from there; local: made here; verify: found by a proof.', NULL),
    ('changes', 'old_values', 'TEXT', 'The changed columns with their values before, as a JSON object.', NULL),
    ('changes', 'new_values', 'TEXT', 'The changed columns with their values after, as a JSON object.', NULL),

    ('local_ids', 'local_id', 'INTEGER', 'The id the row had here, from 9000000000000001 up.', NULL),
    ('local_ids', 'resource', 'VARCHAR(20)', 'The table of the row.', NULL),
    ('local_ids', 'row_id', 'INTEGER', 'The id MinuteDock gave it.', NULL),

    ('dict_tables', 'table_name', 'VARCHAR(40)', 'Name of the table or view.', NULL),
    ('dict_tables', 'kind', 'VARCHAR(12)', 'table or view.', NULL),
    ('dict_tables', 'grain', 'VARCHAR(200)', 'What one row is.', NULL),
    ('dict_tables', 'meaning', 'VARCHAR(400)', 'What the table is for.', NULL),
    ('dict_columns', 'table_name', 'VARCHAR(40)', 'Name of the table or view.', NULL),
    ('dict_columns', 'column_name', 'VARCHAR(40)', 'Name of the column.', NULL),
    ('dict_columns', 'type', 'VARCHAR(20)', 'Declared type.', NULL),
    ('dict_columns', 'meaning', 'VARCHAR(400)', 'What the column means.', NULL),
    ('dict_columns', 'unit', 'VARCHAR(20)', 'Unit of a number; NULL when it has none.', NULL),
    ('dict_columns', 'api_field', 'VARCHAR(40)',
        'MinuteDock''s name of the field; NULL when the mirror adds the column.', NULL),
    ('dict_columns', 'permission', 'VARCHAR(40)', 'What a token needs to see it; NULL when nothing special.', NULL),

    ('fact_entry_task', 'allocation', 'DOUBLE',
        'Share of the entry that counts for this task: 1 / number of its tasks, 1 without tasks; never NULL.', NULL),

    ('dim_date', 'date_key', 'DATE', 'The day; join the DATE column of a fact to it.', NULL),
    ('dim_date', 'year', 'INTEGER', 'Calendar year.', NULL),
    ('dim_date', 'quarter', 'INTEGER', 'Calendar quarter, 1 to 4.', NULL),
    ('dim_date', 'month', 'INTEGER', 'Calendar month, 1 to 12.', NULL),
    ('dim_date', 'month_start', 'DATE', 'First day of the month.', NULL),
    ('dim_date', 'week_start', 'DATE', 'Monday of the week.', NULL),
    ('dim_date', 'iso_year', 'INTEGER', 'Year of the ISO 8601 week; near New Year it may differ from year.', NULL),
    ('dim_date', 'iso_week', 'INTEGER', 'ISO 8601 week, 1 to 53.', NULL),
    ('dim_date', 'weekday', 'INTEGER', '1 for Monday to 7 for Sunday.', NULL),
    ('dim_date', 'is_weekend', 'BOOLEAN', '1 for Saturday and Sunday.', NULL);

-- outbox_done has outbox's columns and two more.
INSERT OR IGNORE INTO dict_columns (table_name, column_name, type, meaning, unit, api_field, permission)
SELECT 'outbox_done', column_name, type, meaning, unit, api_field, permission
FROM dict_columns WHERE table_name = 'outbox';

-- View columns that have another name than their source.
INSERT INTO dict_columns (table_name, column_name, type, meaning, unit, api_field, permission)
SELECT v.column1, v.column2, d.type, d.meaning, d.unit, d.api_field, d.permission
FROM (VALUES
    ('fact_invoice', 'invoice_number', 'invoices', 'number'),
    ('dim_contact', 'contact_name', 'contacts', 'name'),
    ('dim_project', 'project_name', 'projects', 'name'),
    ('dim_project', 'contact_name', 'contacts', 'name'),
    ('dim_task', 'task_name', 'tasks', 'name'),
    ('dim_item', 'item_name', 'items', 'name')) AS v
JOIN dict_columns AS d ON d.table_name = v.column3 AND d.column_name = v.column4;

-- All other view columns, by name; the first source that has the name counts.
INSERT OR IGNORE INTO dict_columns (table_name, column_name, type, meaning, unit, api_field, permission)
SELECT v.column1, c.name, d.type, d.meaning, d.unit, d.api_field, d.permission
FROM (VALUES
    ('fact_time_entry', 'entries', 1),
    ('fact_entry_task', 'entries', 1),
    ('fact_entry_task', 'entry_tasks', 2),
    ('fact_expense', 'expenses', 1),
    ('fact_invoice', 'invoices', 1),
    ('fact_invoice_line', 'invoice_line_items', 1),
    ('fact_invoice_line', 'invoices', 2),
    ('dim_user', 'users', 1),
    ('dim_contact', 'contacts', 1),
    ('dim_project', 'projects', 1),
    ('dim_task', 'tasks', 1),
    ('dim_item', 'items', 1)) AS v
JOIN pragma_table_info(v.column1) AS c
JOIN dict_columns AS d ON d.table_name = v.column2 AND d.column_name = c.name
ORDER BY v.column3;
