-- SPDX-License-Identifier: MIT
-- Version 1, the public tables; the dictionary says what each column means.
--
-- Ordinary tables with declared types that every reader knows. The CHECKs do what STRICT would: a value of another type
-- is refused, an unknown word from MinuteDock is not. x IS CAST(x AS …) takes NULL and that type only, at half the cost
-- of typeof(x); date(x) IS x takes NULL and the one form that is stored, and so does datetime(x) IS x. Foreign keys name
-- their column, because ODBC and PostgreSQL loaders need it, and are deferred, because a row may come before its parent
-- in one transaction.
--
-- Words that a trigger writes are checked in pairs: an IN of more than two makes a temporary table each time that a
-- trigger runs, which costs more than the rest of capturing a change.

CREATE TABLE accounts (
    account_id INTEGER PRIMARY KEY,
    name VARCHAR(200) CHECK (name IS CAST(name AS TEXT)),
    extra TEXT CHECK (extra IS CAST(extra AS TEXT))
);

CREATE TABLE users (
    user_account_id INTEGER PRIMARY KEY,
    email VARCHAR(254) CHECK (email IS CAST(email AS TEXT)),
    first_name VARCHAR(200) CHECK (first_name IS CAST(first_name AS TEXT)),
    last_name VARCHAR(200) CHECK (last_name IS CAST(last_name AS TEXT)),
    billing_rate_cents INTEGER CHECK (billing_rate_cents IS CAST(billing_rate_cents AS INTEGER)),
    is_archived BOOLEAN CHECK (is_archived IN (0, 1)),
    is_me BOOLEAN NOT NULL DEFAULT 0 CHECK (is_me IN (0, 1)),
    legacy_user_id INTEGER CHECK (legacy_user_id IS CAST(legacy_user_id AS INTEGER)),
    user_name VARCHAR(401) GENERATED ALWAYS AS (coalesce(nullif(trim(
        trim(coalesce(first_name, '')) || ' ' || trim(coalesce(last_name, ''))), ''), email)) VIRTUAL,
    presence VARCHAR(12) NOT NULL DEFAULT 'present' CHECK (presence IN ('present', 'gone', 'hidden', 'placeholder')),
    gone_at TIMESTAMP CHECK (datetime(gone_at) IS gone_at),
    extra TEXT CHECK (extra IS CAST(extra AS TEXT))
);

CREATE TABLE contacts (
    contact_id INTEGER PRIMARY KEY AUTOINCREMENT,
    name VARCHAR(200) CHECK (name IS CAST(name AS TEXT)),
    short_code VARCHAR(100) CHECK (short_code IS CAST(short_code AS TEXT)),
    is_active BOOLEAN CHECK (is_active IN (0, 1)),
    is_pinned BOOLEAN CHECK (is_pinned IN (0, 1)),
    is_billable BOOLEAN CHECK (is_billable IN (0, 1)),
    budget_type VARCHAR(20) CHECK (budget_type IS CAST(budget_type AS TEXT)),
    budget_frequency VARCHAR(20) CHECK (budget_frequency IS CAST(budget_frequency AS TEXT)),
    budget_target DOUBLE CHECK (budget_target IS CAST(budget_target AS REAL)),
    budget_progress DOUBLE CHECK (budget_progress IS CAST(budget_progress AS REAL)),
    default_rate_cents INTEGER CHECK (default_rate_cents IS CAST(default_rate_cents AS INTEGER)),
    presence VARCHAR(12) NOT NULL DEFAULT 'present' CHECK (presence IN ('present', 'gone', 'hidden', 'placeholder')),
    gone_at TIMESTAMP CHECK (datetime(gone_at) IS gone_at),
    sync_state VARCHAR(12) NOT NULL DEFAULT 'synced' CHECK (sync_state IN ('synced', 'queued') OR sync_state = 'conflict'),
    extra TEXT CHECK (extra IS CAST(extra AS TEXT))
);

CREATE TABLE projects (
    project_id INTEGER PRIMARY KEY AUTOINCREMENT,
    contact_id INTEGER CHECK (contact_id IS CAST(contact_id AS INTEGER))
        REFERENCES contacts (contact_id) DEFERRABLE INITIALLY DEFERRED,
    name VARCHAR(200) CHECK (name IS CAST(name AS TEXT)),
    short_code VARCHAR(100) CHECK (short_code IS CAST(short_code AS TEXT)),
    is_active BOOLEAN CHECK (is_active IN (0, 1)),
    is_pinned BOOLEAN CHECK (is_pinned IN (0, 1)),
    is_billable BOOLEAN CHECK (is_billable IN (0, 1)),
    budget_type VARCHAR(20) CHECK (budget_type IS CAST(budget_type AS TEXT)),
    budget_frequency VARCHAR(20) CHECK (budget_frequency IS CAST(budget_frequency AS TEXT)),
    budget_target DOUBLE CHECK (budget_target IS CAST(budget_target AS REAL)),
    budget_progress DOUBLE CHECK (budget_progress IS CAST(budget_progress AS REAL)),
    default_rate_cents INTEGER CHECK (default_rate_cents IS CAST(default_rate_cents AS INTEGER)),
    presence VARCHAR(12) NOT NULL DEFAULT 'present' CHECK (presence IN ('present', 'gone', 'hidden', 'placeholder')),
    gone_at TIMESTAMP CHECK (datetime(gone_at) IS gone_at),
    sync_state VARCHAR(12) NOT NULL DEFAULT 'synced' CHECK (sync_state IN ('synced', 'queued') OR sync_state = 'conflict'),
    extra TEXT CHECK (extra IS CAST(extra AS TEXT))
);

CREATE TABLE tasks (
    task_id INTEGER PRIMARY KEY AUTOINCREMENT,
    name VARCHAR(200) CHECK (name IS CAST(name AS TEXT)),
    is_pinned BOOLEAN CHECK (is_pinned IN (0, 1)),
    default_rate_cents INTEGER CHECK (default_rate_cents IS CAST(default_rate_cents AS INTEGER)),
    entries_count INTEGER CHECK (entries_count IS CAST(entries_count AS INTEGER)),
    presence VARCHAR(12) NOT NULL DEFAULT 'present' CHECK (presence IN ('present', 'gone', 'hidden', 'placeholder')),
    gone_at TIMESTAMP CHECK (datetime(gone_at) IS gone_at),
    sync_state VARCHAR(12) NOT NULL DEFAULT 'synced' CHECK (sync_state IN ('synced', 'queued') OR sync_state = 'conflict'),
    extra TEXT CHECK (extra IS CAST(extra AS TEXT))
);

CREATE TABLE items (
    item_id INTEGER PRIMARY KEY,
    name VARCHAR(200) CHECK (name IS CAST(name AS TEXT)),
    description VARCHAR(4000) CHECK (description IS CAST(description AS TEXT)),
    default_rate_cents INTEGER CHECK (default_rate_cents IS CAST(default_rate_cents AS INTEGER)),
    presence VARCHAR(12) NOT NULL DEFAULT 'present' CHECK (presence IN ('present', 'gone', 'hidden', 'placeholder')),
    gone_at TIMESTAMP CHECK (datetime(gone_at) IS gone_at),
    extra TEXT CHECK (extra IS CAST(extra AS TEXT))
);

CREATE TABLE entries (
    entry_id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_account_id INTEGER CHECK (user_account_id IS CAST(user_account_id AS INTEGER))
        REFERENCES users (user_account_id) DEFERRABLE INITIALLY DEFERRED,
    contact_id INTEGER CHECK (contact_id IS CAST(contact_id AS INTEGER))
        REFERENCES contacts (contact_id) DEFERRABLE INITIALLY DEFERRED,
    project_id INTEGER CHECK (project_id IS CAST(project_id AS INTEGER))
        REFERENCES projects (project_id) DEFERRABLE INITIALLY DEFERRED,
    description VARCHAR(4000) CHECK (description IS CAST(description AS TEXT)),
    duration_seconds INTEGER CHECK (duration_seconds IS CAST(duration_seconds AS INTEGER)),
    entry_date DATE CHECK (date(entry_date) IS entry_date),
    invoice_id INTEGER CHECK (invoice_id IS CAST(invoice_id AS INTEGER)),
    billing_rate_cents INTEGER CHECK (billing_rate_cents IS CAST(billing_rate_cents AS INTEGER)),
    updated_at TIMESTAMP CHECK (datetime(updated_at) IS updated_at),
    hours DOUBLE GENERATED ALWAYS AS (duration_seconds / 3600.0) VIRTUAL,
    amount_cents INTEGER GENERATED ALWAYS AS ((duration_seconds * billing_rate_cents + 1800) / 3600) VIRTUAL,
    amount DOUBLE GENERATED ALWAYS AS (amount_cents / 100.0) VIRTUAL,
    is_billable BOOLEAN GENERATED ALWAYS AS (billing_rate_cents <> 0) VIRTUAL,
    is_invoiced BOOLEAN GENERATED ALWAYS AS (invoice_id IS NOT NULL) VIRTUAL,
    updated_epoch INTEGER GENERATED ALWAYS AS (CAST(strftime('%s', updated_at) AS INTEGER)) VIRTUAL,
    sync_state VARCHAR(12) NOT NULL DEFAULT 'synced' CHECK (sync_state IN ('synced', 'queued') OR sync_state = 'conflict'),
    extra TEXT CHECK (extra IS CAST(extra AS TEXT))
);

CREATE TABLE expenses (
    expense_id INTEGER PRIMARY KEY,
    user_account_id INTEGER CHECK (user_account_id IS CAST(user_account_id AS INTEGER))
        REFERENCES users (user_account_id) DEFERRABLE INITIALLY DEFERRED,
    contact_id INTEGER CHECK (contact_id IS CAST(contact_id AS INTEGER))
        REFERENCES contacts (contact_id) DEFERRABLE INITIALLY DEFERRED,
    project_id INTEGER CHECK (project_id IS CAST(project_id AS INTEGER))
        REFERENCES projects (project_id) DEFERRABLE INITIALLY DEFERRED,
    item_id INTEGER CHECK (item_id IS CAST(item_id AS INTEGER))
        REFERENCES items (item_id) DEFERRABLE INITIALLY DEFERRED,
    invoice_id INTEGER CHECK (invoice_id IS CAST(invoice_id AS INTEGER)),
    description VARCHAR(4000) CHECK (description IS CAST(description AS TEXT)),
    quantity DOUBLE CHECK (quantity IS CAST(quantity AS REAL)),
    unit_amount VARCHAR(40) CHECK (unit_amount IS CAST(unit_amount AS TEXT)),
    amount_cents INTEGER CHECK (amount_cents IS CAST(amount_cents AS INTEGER)),
    currency VARCHAR(3) CHECK (currency IS CAST(currency AS TEXT)),
    expense_date DATE CHECK (date(expense_date) IS expense_date),
    is_manually_invoiced BOOLEAN CHECK (is_manually_invoiced IN (0, 1)),
    is_written_off BOOLEAN CHECK (is_written_off IN (0, 1)),
    created_at TIMESTAMP CHECK (datetime(created_at) IS created_at),
    updated_at TIMESTAMP CHECK (datetime(updated_at) IS updated_at),
    sync_state VARCHAR(12) NOT NULL DEFAULT 'synced' CHECK (sync_state IN ('synced', 'queued') OR sync_state = 'conflict'),
    extra TEXT CHECK (extra IS CAST(extra AS TEXT))
);

CREATE TABLE invoices (
    invoice_id INTEGER PRIMARY KEY,
    contact_id INTEGER CHECK (contact_id IS CAST(contact_id AS INTEGER))
        REFERENCES contacts (contact_id) DEFERRABLE INITIALLY DEFERRED,
    number VARCHAR(100) CHECK (number IS CAST(number AS TEXT)),
    reference VARCHAR(200) CHECK (reference IS CAST(reference AS TEXT)),
    status VARCHAR(20) CHECK (status IS CAST(status AS TEXT)),
    sent_at TIMESTAMP CHECK (datetime(sent_at) IS sent_at),
    is_archived BOOLEAN CHECK (is_archived IN (0, 1)),
    invoice_date DATE CHECK (date(invoice_date) IS invoice_date),
    due_date DATE CHECK (date(due_date) IS due_date),
    currency VARCHAR(3) CHECK (currency IS CAST(currency AS TEXT)),
    subtotal_cents INTEGER CHECK (subtotal_cents IS CAST(subtotal_cents AS INTEGER)),
    tax_cents INTEGER CHECK (tax_cents IS CAST(tax_cents AS INTEGER)),
    total_cents INTEGER CHECK (total_cents IS CAST(total_cents AS INTEGER)),
    delivery_service VARCHAR(40) CHECK (delivery_service IS CAST(delivery_service AS TEXT)),
    delivery_ref VARCHAR(100) CHECK (delivery_ref IS CAST(delivery_ref AS TEXT)),
    created_at TIMESTAMP CHECK (datetime(created_at) IS created_at),
    updated_at TIMESTAMP CHECK (datetime(updated_at) IS updated_at),
    extra TEXT CHECK (extra IS CAST(extra AS TEXT))
);

CREATE TABLE invoice_line_items (
    line_item_id INTEGER PRIMARY KEY,
    invoice_id INTEGER CHECK (invoice_id IS CAST(invoice_id AS INTEGER))
        REFERENCES invoices (invoice_id) DEFERRABLE INITIALLY DEFERRED,
    position INTEGER CHECK (position IS CAST(position AS INTEGER)),
    description VARCHAR(4000) CHECK (description IS CAST(description AS TEXT)),
    quantity VARCHAR(40) CHECK (quantity IS CAST(quantity AS TEXT)),
    unit_amount VARCHAR(40) CHECK (unit_amount IS CAST(unit_amount AS TEXT)),
    subtotal_cents INTEGER CHECK (subtotal_cents IS CAST(subtotal_cents AS INTEGER)),
    tax_cents INTEGER CHECK (tax_cents IS CAST(tax_cents AS INTEGER)),
    total_cents INTEGER CHECK (total_cents IS CAST(total_cents AS INTEGER)),
    extra TEXT CHECK (extra IS CAST(extra AS TEXT))
);

CREATE TABLE dock (
    user_account_id INTEGER PRIMARY KEY REFERENCES users (user_account_id) DEFERRABLE INITIALLY DEFERRED,
    contact_id INTEGER CHECK (contact_id IS CAST(contact_id AS INTEGER))
        REFERENCES contacts (contact_id) DEFERRABLE INITIALLY DEFERRED,
    project_id INTEGER CHECK (project_id IS CAST(project_id AS INTEGER))
        REFERENCES projects (project_id) DEFERRABLE INITIALLY DEFERRED,
    description VARCHAR(4000) CHECK (description IS CAST(description AS TEXT)),
    duration_seconds INTEGER CHECK (duration_seconds IS CAST(duration_seconds AS INTEGER)),
    observed_at TIMESTAMP CHECK (datetime(observed_at) IS observed_at),
    is_running BOOLEAN CHECK (is_running IN (0, 1)),
    version_id VARCHAR(100) CHECK (version_id IS CAST(version_id AS TEXT)),
    version_client_id VARCHAR(100) CHECK (version_client_id IS CAST(version_client_id AS TEXT)),
    version_number INTEGER CHECK (version_number IS CAST(version_number AS INTEGER)),
    sync_state VARCHAR(12) NOT NULL DEFAULT 'synced' CHECK (sync_state IN ('synced', 'queued') OR sync_state = 'conflict'),
    extra TEXT CHECK (extra IS CAST(extra AS TEXT))
);

CREATE TABLE entry_tasks (
    entry_id INTEGER NOT NULL REFERENCES entries (entry_id) DEFERRABLE INITIALLY DEFERRED
        CHECK (entry_id IS CAST(entry_id AS INTEGER)),
    task_id INTEGER NOT NULL REFERENCES tasks (task_id) DEFERRABLE INITIALLY DEFERRED
        CHECK (task_id IS CAST(task_id AS INTEGER)),
    PRIMARY KEY (entry_id, task_id)
) WITHOUT ROWID;

CREATE TABLE dock_tasks (
    user_account_id INTEGER NOT NULL REFERENCES dock (user_account_id) DEFERRABLE INITIALLY DEFERRED
        CHECK (user_account_id IS CAST(user_account_id AS INTEGER)),
    task_id INTEGER NOT NULL REFERENCES tasks (task_id) DEFERRABLE INITIALLY DEFERRED
        CHECK (task_id IS CAST(task_id AS INTEGER)),
    PRIMARY KEY (user_account_id, task_id)
) WITHOUT ROWID;

CREATE TABLE gone_rows (
    resource VARCHAR(20) NOT NULL CHECK (resource IS CAST(resource AS TEXT)),
    row_id INTEGER NOT NULL CHECK (row_id IS CAST(row_id AS INTEGER)),
    gone_at TIMESTAMP NOT NULL CHECK (datetime(gone_at) IS gone_at),
    evidence VARCHAR(12) NOT NULL CHECK (evidence IN ('404', 'absent twice') OR evidence IN ('hidden', 'local')),
    row_json TEXT NOT NULL CHECK (row_json IS CAST(row_json AS TEXT)),
    PRIMARY KEY (resource, row_id)
);

-- About the mirror itself.

CREATE TABLE mirror_status (
    resource VARCHAR(20) PRIMARY KEY NOT NULL CHECK (resource IS CAST(resource AS TEXT)),
    state VARCHAR(12) NOT NULL DEFAULT 'never'
        CHECK (state IN ('never', 'loading', 'current', 'stale', 'denied', 'unavailable', 'held')),
    row_count INTEGER NOT NULL DEFAULT 0 CHECK (row_count IS CAST(row_count AS INTEGER)),
    complete_as_of TIMESTAMP CHECK (datetime(complete_as_of) IS complete_as_of),
    verified_as_of TIMESTAMP CHECK (datetime(verified_as_of) IS verified_as_of),
    last_attempt_at TIMESTAMP CHECK (datetime(last_attempt_at) IS last_attempt_at),
    last_error VARCHAR(1000) CHECK (last_error IS CAST(last_error AS TEXT))
);

CREATE TABLE outbox (
    outbox_id INTEGER PRIMARY KEY AUTOINCREMENT,
    queued_at TIMESTAMP NOT NULL CHECK (datetime(queued_at) IS queued_at),
    resource VARCHAR(20) NOT NULL CHECK (resource IS CAST(resource AS TEXT)),
    row_id INTEGER NOT NULL CHECK (row_id IS CAST(row_id AS INTEGER)),
    operation VARCHAR(12) NOT NULL CHECK (operation IN ('create', 'update')
        OR operation IN ('delete', 'start') OR operation IN ('pause', 'resume') OR operation IN ('log', 'discard') OR operation = 'redock'),
    new_values TEXT CHECK (new_values IS CAST(new_values AS TEXT)),
    old_values TEXT CHECK (old_values IS CAST(old_values AS TEXT)),
    state VARCHAR(12) NOT NULL DEFAULT 'queued'
        CHECK (state IN ('queued', 'held') OR state IN ('sending', 'unknown') OR state = 'parked'),
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts IS CAST(attempts AS INTEGER)),
    not_before TIMESTAMP CHECK (datetime(not_before) IS not_before),
    last_error VARCHAR(1000) CHECK (last_error IS CAST(last_error AS TEXT)),
    waits_for INTEGER CHECK (waits_for IS CAST(waits_for AS INTEGER))
);

CREATE TABLE outbox_done (
    outbox_id INTEGER PRIMARY KEY,
    queued_at TIMESTAMP NOT NULL CHECK (datetime(queued_at) IS queued_at),
    resource VARCHAR(20) NOT NULL CHECK (resource IS CAST(resource AS TEXT)),
    row_id INTEGER NOT NULL CHECK (row_id IS CAST(row_id AS INTEGER)),
    operation VARCHAR(12) NOT NULL CHECK (operation IN ('create', 'update')
        OR operation IN ('delete', 'start') OR operation IN ('pause', 'resume') OR operation IN ('log', 'discard') OR operation = 'redock'),
    new_values TEXT CHECK (new_values IS CAST(new_values AS TEXT)),
    old_values TEXT CHECK (old_values IS CAST(old_values AS TEXT)),
    state VARCHAR(12) NOT NULL CHECK (state IN ('queued', 'held') OR state IN ('sending', 'unknown') OR state = 'parked'),
    attempts INTEGER NOT NULL CHECK (attempts IS CAST(attempts AS INTEGER)),
    not_before TIMESTAMP CHECK (datetime(not_before) IS not_before),
    last_error VARCHAR(1000) CHECK (last_error IS CAST(last_error AS TEXT)),
    waits_for INTEGER CHECK (waits_for IS CAST(waits_for AS INTEGER)),
    done_at TIMESTAMP NOT NULL CHECK (datetime(done_at) IS done_at),
    outcome VARCHAR(12) NOT NULL CHECK (outcome IN ('applied', 'adopted', 'merged_equal', 'discarded'))
);

CREATE TABLE conflicts (
    conflict_id INTEGER PRIMARY KEY AUTOINCREMENT,
    resource VARCHAR(20) NOT NULL CHECK (resource IS CAST(resource AS TEXT)),
    row_id INTEGER NOT NULL CHECK (row_id IS CAST(row_id AS INTEGER)),
    field VARCHAR(40) NOT NULL CHECK (field IS CAST(field AS TEXT)),
    base TEXT CHECK (base IS CAST(base AS TEXT)),
    mine TEXT CHECK (mine IS CAST(mine AS TEXT)),
    theirs TEXT CHECK (theirs IS CAST(theirs AS TEXT)),
    detected_at TIMESTAMP NOT NULL CHECK (datetime(detected_at) IS detected_at),
    choice VARCHAR(12) CHECK (choice IN ('mine', 'theirs')),
    resolved_at TIMESTAMP CHECK (datetime(resolved_at) IS resolved_at)
);

CREATE TABLE changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at TIMESTAMP NOT NULL CHECK (datetime(at) IS at),
    resource VARCHAR(20) NOT NULL CHECK (resource IS CAST(resource AS TEXT)),
    row_id INTEGER NOT NULL CHECK (row_id IS CAST(row_id AS INTEGER)),
    operation VARCHAR(12) NOT NULL CHECK (operation IN ('insert', 'update') OR operation IN ('gone', 'back')),
    origin VARCHAR(12) NOT NULL CHECK (origin IN ('minutedock', 'local') OR origin = 'verify'),
    old_values TEXT CHECK (old_values IS CAST(old_values AS TEXT)),
    new_values TEXT CHECK (new_values IS CAST(new_values AS TEXT))
);

CREATE TABLE local_ids (
    local_id INTEGER PRIMARY KEY,
    resource VARCHAR(20) NOT NULL CHECK (resource IS CAST(resource AS TEXT)),
    row_id INTEGER NOT NULL CHECK (row_id IS CAST(row_id AS INTEGER))
);

CREATE TABLE dict_tables (
    table_name VARCHAR(40) PRIMARY KEY NOT NULL,
    kind VARCHAR(12) NOT NULL CHECK (kind IN ('table', 'view')),
    grain VARCHAR(200) NOT NULL,
    meaning VARCHAR(400) NOT NULL
);

CREATE TABLE dict_columns (
    table_name VARCHAR(40) NOT NULL,
    column_name VARCHAR(40) NOT NULL,
    type VARCHAR(20) NOT NULL,
    meaning VARCHAR(400) NOT NULL,
    unit VARCHAR(20),
    api_field VARCHAR(40),
    permission VARCHAR(40),
    PRIMARY KEY (table_name, column_name)
);

-- Rows that are there from the beginning.

-- Plain INSERTs of rows that MinuteDock has not seen get ids from 9000000000000001 up.
INSERT INTO sqlite_sequence (name, seq) VALUES
    ('contacts', 9000000000000000),
    ('projects', 9000000000000000),
    ('tasks', 9000000000000000),
    ('entries', 9000000000000000);

INSERT INTO mirror_status (resource) VALUES
    ('accounts'), ('users'), ('contacts'), ('projects'), ('tasks'), ('items'),
    ('entries'), ('expenses'), ('invoices'), ('invoice_line_items'), ('dock');
