-- SPDX-License-Identifier: MIT
-- Version 1, the public tables; the dictionary says what each column means.
--
-- Ordinary tables with declared types that every reader knows. The CHECKs do what STRICT would: a value of another type
-- is refused, an unknown word from MinuteDock is not. date(x) IS x takes NULL and the one form that is stored, and
-- nothing else; datetime(x) IS x likewise. Foreign keys name their column, because ODBC and PostgreSQL
-- loaders need it, and are deferred, because a row may come before its parent in one transaction.

CREATE TABLE accounts (
    account_id INTEGER PRIMARY KEY,
    name VARCHAR(200) CHECK (typeof(name) IN ('text', 'null')),
    extra TEXT CHECK (typeof(extra) IN ('text', 'null'))
);

CREATE TABLE users (
    user_account_id INTEGER PRIMARY KEY,
    email VARCHAR(254) CHECK (typeof(email) IN ('text', 'null')),
    first_name VARCHAR(200) CHECK (typeof(first_name) IN ('text', 'null')),
    last_name VARCHAR(200) CHECK (typeof(last_name) IN ('text', 'null')),
    billing_rate_cents INTEGER CHECK (typeof(billing_rate_cents) IN ('integer', 'null')),
    is_archived BOOLEAN CHECK (is_archived IN (0, 1)),
    is_me BOOLEAN NOT NULL DEFAULT 0 CHECK (is_me IN (0, 1)),
    legacy_user_id INTEGER CHECK (typeof(legacy_user_id) IN ('integer', 'null')),
    user_name VARCHAR(401) GENERATED ALWAYS AS (coalesce(nullif(trim(
        trim(coalesce(first_name, '')) || ' ' || trim(coalesce(last_name, ''))), ''), email)) VIRTUAL,
    presence VARCHAR(12) NOT NULL DEFAULT 'present' CHECK (presence IN ('present', 'gone', 'hidden', 'placeholder')),
    gone_at TIMESTAMP CHECK (datetime(gone_at) IS gone_at),
    extra TEXT CHECK (typeof(extra) IN ('text', 'null'))
);

CREATE TABLE contacts (
    contact_id INTEGER PRIMARY KEY AUTOINCREMENT,
    name VARCHAR(200) CHECK (typeof(name) IN ('text', 'null')),
    short_code VARCHAR(100) CHECK (typeof(short_code) IN ('text', 'null')),
    is_active BOOLEAN CHECK (is_active IN (0, 1)),
    is_pinned BOOLEAN CHECK (is_pinned IN (0, 1)),
    is_billable BOOLEAN CHECK (is_billable IN (0, 1)),
    budget_type VARCHAR(20) CHECK (typeof(budget_type) IN ('text', 'null')),
    budget_frequency VARCHAR(20) CHECK (typeof(budget_frequency) IN ('text', 'null')),
    budget_target DOUBLE CHECK (typeof(budget_target) IN ('real', 'null')),
    budget_progress DOUBLE CHECK (typeof(budget_progress) IN ('real', 'null')),
    default_rate_cents INTEGER CHECK (typeof(default_rate_cents) IN ('integer', 'null')),
    presence VARCHAR(12) NOT NULL DEFAULT 'present' CHECK (presence IN ('present', 'gone', 'hidden', 'placeholder')),
    gone_at TIMESTAMP CHECK (datetime(gone_at) IS gone_at),
    sync_state VARCHAR(12) NOT NULL DEFAULT 'synced' CHECK (sync_state IN ('synced', 'queued', 'conflict')),
    extra TEXT CHECK (typeof(extra) IN ('text', 'null'))
);

CREATE TABLE projects (
    project_id INTEGER PRIMARY KEY AUTOINCREMENT,
    contact_id INTEGER CHECK (typeof(contact_id) IN ('integer', 'null'))
        REFERENCES contacts (contact_id) DEFERRABLE INITIALLY DEFERRED,
    name VARCHAR(200) CHECK (typeof(name) IN ('text', 'null')),
    short_code VARCHAR(100) CHECK (typeof(short_code) IN ('text', 'null')),
    is_active BOOLEAN CHECK (is_active IN (0, 1)),
    is_pinned BOOLEAN CHECK (is_pinned IN (0, 1)),
    is_billable BOOLEAN CHECK (is_billable IN (0, 1)),
    budget_type VARCHAR(20) CHECK (typeof(budget_type) IN ('text', 'null')),
    budget_frequency VARCHAR(20) CHECK (typeof(budget_frequency) IN ('text', 'null')),
    budget_target DOUBLE CHECK (typeof(budget_target) IN ('real', 'null')),
    budget_progress DOUBLE CHECK (typeof(budget_progress) IN ('real', 'null')),
    default_rate_cents INTEGER CHECK (typeof(default_rate_cents) IN ('integer', 'null')),
    presence VARCHAR(12) NOT NULL DEFAULT 'present' CHECK (presence IN ('present', 'gone', 'hidden', 'placeholder')),
    gone_at TIMESTAMP CHECK (datetime(gone_at) IS gone_at),
    sync_state VARCHAR(12) NOT NULL DEFAULT 'synced' CHECK (sync_state IN ('synced', 'queued', 'conflict')),
    extra TEXT CHECK (typeof(extra) IN ('text', 'null'))
);

CREATE TABLE tasks (
    task_id INTEGER PRIMARY KEY AUTOINCREMENT,
    name VARCHAR(200) CHECK (typeof(name) IN ('text', 'null')),
    is_pinned BOOLEAN CHECK (is_pinned IN (0, 1)),
    default_rate_cents INTEGER CHECK (typeof(default_rate_cents) IN ('integer', 'null')),
    entries_count INTEGER CHECK (typeof(entries_count) IN ('integer', 'null')),
    presence VARCHAR(12) NOT NULL DEFAULT 'present' CHECK (presence IN ('present', 'gone', 'hidden', 'placeholder')),
    gone_at TIMESTAMP CHECK (datetime(gone_at) IS gone_at),
    sync_state VARCHAR(12) NOT NULL DEFAULT 'synced' CHECK (sync_state IN ('synced', 'queued', 'conflict')),
    extra TEXT CHECK (typeof(extra) IN ('text', 'null'))
);

CREATE TABLE items (
    item_id INTEGER PRIMARY KEY,
    name VARCHAR(200) CHECK (typeof(name) IN ('text', 'null')),
    description VARCHAR(4000) CHECK (typeof(description) IN ('text', 'null')),
    default_rate_cents INTEGER CHECK (typeof(default_rate_cents) IN ('integer', 'null')),
    presence VARCHAR(12) NOT NULL DEFAULT 'present' CHECK (presence IN ('present', 'gone', 'hidden', 'placeholder')),
    gone_at TIMESTAMP CHECK (datetime(gone_at) IS gone_at),
    extra TEXT CHECK (typeof(extra) IN ('text', 'null'))
);

CREATE TABLE entries (
    entry_id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_account_id INTEGER CHECK (typeof(user_account_id) IN ('integer', 'null'))
        REFERENCES users (user_account_id) DEFERRABLE INITIALLY DEFERRED,
    contact_id INTEGER CHECK (typeof(contact_id) IN ('integer', 'null'))
        REFERENCES contacts (contact_id) DEFERRABLE INITIALLY DEFERRED,
    project_id INTEGER CHECK (typeof(project_id) IN ('integer', 'null'))
        REFERENCES projects (project_id) DEFERRABLE INITIALLY DEFERRED,
    description VARCHAR(4000) CHECK (typeof(description) IN ('text', 'null')),
    duration_seconds INTEGER CHECK (typeof(duration_seconds) IN ('integer', 'null')),
    entry_date DATE CHECK (date(entry_date) IS entry_date),
    invoice_id INTEGER CHECK (typeof(invoice_id) IN ('integer', 'null')),
    billing_rate_cents INTEGER CHECK (typeof(billing_rate_cents) IN ('integer', 'null')),
    updated_at TIMESTAMP CHECK (datetime(updated_at) IS updated_at),
    hours DOUBLE GENERATED ALWAYS AS (duration_seconds / 3600.0) VIRTUAL,
    amount_cents INTEGER GENERATED ALWAYS AS ((duration_seconds * billing_rate_cents + 1800) / 3600) VIRTUAL,
    amount DOUBLE GENERATED ALWAYS AS (amount_cents / 100.0) VIRTUAL,
    is_billable BOOLEAN GENERATED ALWAYS AS (billing_rate_cents <> 0) VIRTUAL,
    is_invoiced BOOLEAN GENERATED ALWAYS AS (invoice_id IS NOT NULL) VIRTUAL,
    updated_epoch INTEGER GENERATED ALWAYS AS (CAST(strftime('%s', updated_at) AS INTEGER)) VIRTUAL,
    sync_state VARCHAR(12) NOT NULL DEFAULT 'synced' CHECK (sync_state IN ('synced', 'queued', 'conflict')),
    extra TEXT CHECK (typeof(extra) IN ('text', 'null'))
);

CREATE TABLE expenses (
    expense_id INTEGER PRIMARY KEY,
    user_account_id INTEGER CHECK (typeof(user_account_id) IN ('integer', 'null'))
        REFERENCES users (user_account_id) DEFERRABLE INITIALLY DEFERRED,
    contact_id INTEGER CHECK (typeof(contact_id) IN ('integer', 'null'))
        REFERENCES contacts (contact_id) DEFERRABLE INITIALLY DEFERRED,
    project_id INTEGER CHECK (typeof(project_id) IN ('integer', 'null'))
        REFERENCES projects (project_id) DEFERRABLE INITIALLY DEFERRED,
    item_id INTEGER CHECK (typeof(item_id) IN ('integer', 'null'))
        REFERENCES items (item_id) DEFERRABLE INITIALLY DEFERRED,
    invoice_id INTEGER CHECK (typeof(invoice_id) IN ('integer', 'null')),
    description VARCHAR(4000) CHECK (typeof(description) IN ('text', 'null')),
    quantity DOUBLE CHECK (typeof(quantity) IN ('real', 'null')),
    unit_amount VARCHAR(40) CHECK (typeof(unit_amount) IN ('text', 'null')),
    amount_cents INTEGER CHECK (typeof(amount_cents) IN ('integer', 'null')),
    currency VARCHAR(3) CHECK (typeof(currency) IN ('text', 'null')),
    expense_date DATE CHECK (date(expense_date) IS expense_date),
    is_manually_invoiced BOOLEAN CHECK (is_manually_invoiced IN (0, 1)),
    is_written_off BOOLEAN CHECK (is_written_off IN (0, 1)),
    created_at TIMESTAMP CHECK (datetime(created_at) IS created_at),
    updated_at TIMESTAMP CHECK (datetime(updated_at) IS updated_at),
    sync_state VARCHAR(12) NOT NULL DEFAULT 'synced' CHECK (sync_state IN ('synced', 'queued', 'conflict')),
    extra TEXT CHECK (typeof(extra) IN ('text', 'null'))
);

CREATE TABLE invoices (
    invoice_id INTEGER PRIMARY KEY,
    contact_id INTEGER CHECK (typeof(contact_id) IN ('integer', 'null'))
        REFERENCES contacts (contact_id) DEFERRABLE INITIALLY DEFERRED,
    number VARCHAR(100) CHECK (typeof(number) IN ('text', 'null')),
    reference VARCHAR(200) CHECK (typeof(reference) IN ('text', 'null')),
    status VARCHAR(20) CHECK (typeof(status) IN ('text', 'null')),
    sent_at TIMESTAMP CHECK (datetime(sent_at) IS sent_at),
    is_archived BOOLEAN CHECK (is_archived IN (0, 1)),
    invoice_date DATE CHECK (date(invoice_date) IS invoice_date),
    due_date DATE CHECK (date(due_date) IS due_date),
    currency VARCHAR(3) CHECK (typeof(currency) IN ('text', 'null')),
    subtotal_cents INTEGER CHECK (typeof(subtotal_cents) IN ('integer', 'null')),
    tax_cents INTEGER CHECK (typeof(tax_cents) IN ('integer', 'null')),
    total_cents INTEGER CHECK (typeof(total_cents) IN ('integer', 'null')),
    delivery_service VARCHAR(40) CHECK (typeof(delivery_service) IN ('text', 'null')),
    delivery_ref VARCHAR(100) CHECK (typeof(delivery_ref) IN ('text', 'null')),
    created_at TIMESTAMP CHECK (datetime(created_at) IS created_at),
    updated_at TIMESTAMP CHECK (datetime(updated_at) IS updated_at),
    extra TEXT CHECK (typeof(extra) IN ('text', 'null'))
);

CREATE TABLE invoice_line_items (
    line_item_id INTEGER PRIMARY KEY,
    invoice_id INTEGER CHECK (typeof(invoice_id) IN ('integer', 'null'))
        REFERENCES invoices (invoice_id) DEFERRABLE INITIALLY DEFERRED,
    position INTEGER CHECK (typeof(position) IN ('integer', 'null')),
    description VARCHAR(4000) CHECK (typeof(description) IN ('text', 'null')),
    quantity VARCHAR(40) CHECK (typeof(quantity) IN ('text', 'null')),
    unit_amount VARCHAR(40) CHECK (typeof(unit_amount) IN ('text', 'null')),
    subtotal_cents INTEGER CHECK (typeof(subtotal_cents) IN ('integer', 'null')),
    tax_cents INTEGER CHECK (typeof(tax_cents) IN ('integer', 'null')),
    total_cents INTEGER CHECK (typeof(total_cents) IN ('integer', 'null')),
    extra TEXT CHECK (typeof(extra) IN ('text', 'null'))
);

CREATE TABLE dock (
    user_account_id INTEGER PRIMARY KEY REFERENCES users (user_account_id) DEFERRABLE INITIALLY DEFERRED,
    contact_id INTEGER CHECK (typeof(contact_id) IN ('integer', 'null'))
        REFERENCES contacts (contact_id) DEFERRABLE INITIALLY DEFERRED,
    project_id INTEGER CHECK (typeof(project_id) IN ('integer', 'null'))
        REFERENCES projects (project_id) DEFERRABLE INITIALLY DEFERRED,
    description VARCHAR(4000) CHECK (typeof(description) IN ('text', 'null')),
    duration_seconds INTEGER CHECK (typeof(duration_seconds) IN ('integer', 'null')),
    observed_at TIMESTAMP CHECK (datetime(observed_at) IS observed_at),
    is_running BOOLEAN CHECK (is_running IN (0, 1)),
    version_id VARCHAR(100) CHECK (typeof(version_id) IN ('text', 'null')),
    version_client_id VARCHAR(100) CHECK (typeof(version_client_id) IN ('text', 'null')),
    version_number INTEGER CHECK (typeof(version_number) IN ('integer', 'null')),
    sync_state VARCHAR(12) NOT NULL DEFAULT 'synced' CHECK (sync_state IN ('synced', 'queued', 'conflict')),
    extra TEXT CHECK (typeof(extra) IN ('text', 'null'))
);

CREATE TABLE entry_tasks (
    entry_id INTEGER NOT NULL REFERENCES entries (entry_id) DEFERRABLE INITIALLY DEFERRED
        CHECK (typeof(entry_id) = 'integer'),
    task_id INTEGER NOT NULL REFERENCES tasks (task_id) DEFERRABLE INITIALLY DEFERRED
        CHECK (typeof(task_id) = 'integer'),
    PRIMARY KEY (entry_id, task_id)
) WITHOUT ROWID;

CREATE TABLE dock_tasks (
    user_account_id INTEGER NOT NULL REFERENCES dock (user_account_id) DEFERRABLE INITIALLY DEFERRED
        CHECK (typeof(user_account_id) = 'integer'),
    task_id INTEGER NOT NULL REFERENCES tasks (task_id) DEFERRABLE INITIALLY DEFERRED
        CHECK (typeof(task_id) = 'integer'),
    PRIMARY KEY (user_account_id, task_id)
) WITHOUT ROWID;

CREATE TABLE gone_rows (
    resource VARCHAR(20) NOT NULL CHECK (typeof(resource) = 'text'),
    row_id INTEGER NOT NULL CHECK (typeof(row_id) = 'integer'),
    gone_at TIMESTAMP NOT NULL CHECK (datetime(gone_at) IS gone_at),
    evidence VARCHAR(12) NOT NULL CHECK (evidence IN ('404', 'absent twice', 'hidden', 'local')),
    row_json TEXT NOT NULL CHECK (typeof(row_json) = 'text'),
    PRIMARY KEY (resource, row_id)
);

-- About the mirror itself.

CREATE TABLE mirror_status (
    resource VARCHAR(20) PRIMARY KEY NOT NULL CHECK (typeof(resource) = 'text'),
    state VARCHAR(12) NOT NULL DEFAULT 'never'
        CHECK (state IN ('never', 'loading', 'current', 'stale', 'denied', 'unavailable', 'held')),
    row_count INTEGER NOT NULL DEFAULT 0 CHECK (typeof(row_count) = 'integer'),
    complete_as_of TIMESTAMP CHECK (datetime(complete_as_of) IS complete_as_of),
    verified_as_of TIMESTAMP CHECK (datetime(verified_as_of) IS verified_as_of),
    last_attempt_at TIMESTAMP CHECK (datetime(last_attempt_at) IS last_attempt_at),
    last_error VARCHAR(1000) CHECK (typeof(last_error) IN ('text', 'null'))
);

CREATE TABLE outbox (
    outbox_id INTEGER PRIMARY KEY AUTOINCREMENT,
    queued_at TIMESTAMP NOT NULL CHECK (datetime(queued_at) IS queued_at),
    resource VARCHAR(20) NOT NULL CHECK (typeof(resource) = 'text'),
    row_id INTEGER NOT NULL CHECK (typeof(row_id) = 'integer'),
    operation VARCHAR(12) NOT NULL CHECK (operation IN
        ('create', 'update', 'delete', 'start', 'pause', 'resume', 'log', 'discard', 'redock')),
    new_values TEXT CHECK (typeof(new_values) IN ('text', 'null')),
    old_values TEXT CHECK (typeof(old_values) IN ('text', 'null')),
    state VARCHAR(12) NOT NULL DEFAULT 'queued'
        CHECK (state IN ('queued', 'held', 'sending', 'unknown', 'parked')),
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (typeof(attempts) = 'integer'),
    not_before TIMESTAMP CHECK (datetime(not_before) IS not_before),
    last_error VARCHAR(1000) CHECK (typeof(last_error) IN ('text', 'null')),
    waits_for INTEGER CHECK (typeof(waits_for) IN ('integer', 'null'))
);

CREATE TABLE outbox_done (
    outbox_id INTEGER PRIMARY KEY,
    queued_at TIMESTAMP NOT NULL CHECK (datetime(queued_at) IS queued_at),
    resource VARCHAR(20) NOT NULL CHECK (typeof(resource) = 'text'),
    row_id INTEGER NOT NULL CHECK (typeof(row_id) = 'integer'),
    operation VARCHAR(12) NOT NULL CHECK (operation IN
        ('create', 'update', 'delete', 'start', 'pause', 'resume', 'log', 'discard', 'redock')),
    new_values TEXT CHECK (typeof(new_values) IN ('text', 'null')),
    old_values TEXT CHECK (typeof(old_values) IN ('text', 'null')),
    state VARCHAR(12) NOT NULL CHECK (state IN ('queued', 'held', 'sending', 'unknown', 'parked')),
    attempts INTEGER NOT NULL CHECK (typeof(attempts) = 'integer'),
    not_before TIMESTAMP CHECK (datetime(not_before) IS not_before),
    last_error VARCHAR(1000) CHECK (typeof(last_error) IN ('text', 'null')),
    waits_for INTEGER CHECK (typeof(waits_for) IN ('integer', 'null')),
    done_at TIMESTAMP NOT NULL CHECK (datetime(done_at) IS done_at),
    outcome VARCHAR(12) NOT NULL CHECK (outcome IN ('applied', 'adopted', 'merged_equal', 'discarded'))
);

CREATE TABLE conflicts (
    conflict_id INTEGER PRIMARY KEY AUTOINCREMENT,
    resource VARCHAR(20) NOT NULL CHECK (typeof(resource) = 'text'),
    row_id INTEGER NOT NULL CHECK (typeof(row_id) = 'integer'),
    field VARCHAR(40) NOT NULL CHECK (typeof(field) = 'text'),
    base TEXT CHECK (typeof(base) IN ('text', 'null')),
    mine TEXT CHECK (typeof(mine) IN ('text', 'null')),
    theirs TEXT CHECK (typeof(theirs) IN ('text', 'null')),
    detected_at TIMESTAMP NOT NULL CHECK (datetime(detected_at) IS detected_at),
    choice VARCHAR(12) CHECK (choice IN ('mine', 'theirs')),
    resolved_at TIMESTAMP CHECK (datetime(resolved_at) IS resolved_at)
);

CREATE TABLE changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at TIMESTAMP NOT NULL CHECK (datetime(at) IS at),
    resource VARCHAR(20) NOT NULL CHECK (typeof(resource) = 'text'),
    row_id INTEGER NOT NULL CHECK (typeof(row_id) = 'integer'),
    operation VARCHAR(12) NOT NULL CHECK (operation IN ('insert', 'update', 'gone', 'back')),
    origin VARCHAR(12) NOT NULL CHECK (origin IN ('minutedock', 'local', 'verify')),
    old_values TEXT CHECK (typeof(old_values) IN ('text', 'null')),
    new_values TEXT CHECK (typeof(new_values) IN ('text', 'null'))
);

CREATE TABLE local_ids (
    local_id INTEGER PRIMARY KEY,
    resource VARCHAR(20) NOT NULL CHECK (typeof(resource) = 'text'),
    row_id INTEGER NOT NULL CHECK (typeof(row_id) = 'integer')
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
