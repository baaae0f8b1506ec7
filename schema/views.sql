-- SPDX-License-Identifier: MIT
-- The star schema. Views only join, filter and rename, so that every column keeps its declared type: an expression has
-- none, and ODBC then guesses from the first row. The one exception is fact_entry_task.allocation, which is never NULL.
-- Facts carry keys and measures and never lose a row; names are in the dimensions. Facts join nothing they can do
-- without: SQLite does not drop an unused join under an aggregate.

DROP VIEW IF EXISTS fact_time_entry;
CREATE VIEW fact_time_entry AS
SELECT entry_id, entry_date, user_account_id, contact_id, project_id, invoice_id, description,
       duration_seconds, hours, billing_rate_cents, amount_cents, amount, is_billable, is_invoiced,
       updated_at, updated_epoch, sync_state
FROM entries;

DROP VIEW IF EXISTS fact_entry_task;
CREATE VIEW fact_entry_task AS
SELECT e.entry_id, t.task_id, e.entry_date, e.user_account_id, e.contact_id, e.project_id, e.invoice_id,
       1.0 / max(1, (SELECT count(*) FROM entry_tasks AS n WHERE n.entry_id = e.entry_id)) AS allocation,
       e.duration_seconds, e.hours, e.billing_rate_cents, e.amount_cents, e.amount, e.is_billable, e.is_invoiced
FROM entries AS e
LEFT JOIN entry_tasks AS t ON t.entry_id = e.entry_id;

DROP VIEW IF EXISTS fact_expense;
CREATE VIEW fact_expense AS
SELECT expense_id, expense_date, user_account_id, contact_id, project_id, item_id, invoice_id, description,
       quantity, unit_amount, amount_cents, currency, is_manually_invoiced, is_written_off,
       created_at, updated_at, sync_state
FROM expenses;

DROP VIEW IF EXISTS fact_invoice;
CREATE VIEW fact_invoice AS
SELECT invoice_id, invoice_date, due_date, contact_id, number AS invoice_number, reference, status, is_archived,
       currency, subtotal_cents, tax_cents, total_cents, sent_at, delivery_service, delivery_ref,
       created_at, updated_at
FROM invoices;

DROP VIEW IF EXISTS fact_invoice_line;
CREATE VIEW fact_invoice_line AS
SELECT l.line_item_id, l.invoice_id, l.position, l.description, l.quantity, l.unit_amount,
       l.subtotal_cents, l.tax_cents, l.total_cents,
       i.invoice_date, i.contact_id, i.currency, i.status, i.is_archived
FROM invoice_line_items AS l
LEFT JOIN invoices AS i ON i.invoice_id = l.invoice_id;

DROP VIEW IF EXISTS dim_date;
CREATE VIEW dim_date AS
SELECT date_key, year, quarter, month, month_start, week_start, iso_year, iso_week, weekday, is_weekend
FROM _dates;

DROP VIEW IF EXISTS dim_user;
CREATE VIEW dim_user AS
SELECT user_account_id, user_name, first_name, last_name, email, billing_rate_cents, is_archived, is_me,
       presence, gone_at
FROM users;

DROP VIEW IF EXISTS dim_contact;
CREATE VIEW dim_contact AS
SELECT contact_id, name AS contact_name, short_code, is_active, is_pinned, is_billable,
       budget_type, budget_frequency, budget_target, budget_progress, default_rate_cents, presence, gone_at
FROM contacts;

DROP VIEW IF EXISTS dim_project;
CREATE VIEW dim_project AS
SELECT p.project_id, p.name AS project_name, p.contact_id, c.name AS contact_name, p.short_code,
       p.is_active, p.is_pinned, p.is_billable,
       p.budget_type, p.budget_frequency, p.budget_target, p.budget_progress, p.default_rate_cents,
       p.presence, p.gone_at
FROM projects AS p
LEFT JOIN contacts AS c ON c.contact_id = p.contact_id;

DROP VIEW IF EXISTS dim_task;
CREATE VIEW dim_task AS
SELECT task_id, name AS task_name, is_pinned, default_rate_cents, entries_count, presence, gone_at
FROM tasks;

DROP VIEW IF EXISTS dim_item;
CREATE VIEW dim_item AS
SELECT item_id, name AS item_name, description, default_rate_cents, presence, gone_at
FROM items;
