-- SPDX-License-Identifier: MIT
-- Version 1, the private tables: what the engine remembers between rounds. Names that begin with _ may change.

-- Whose file this is; without a row until the first sync has pinned it.
CREATE TABLE _identity (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    account_id INTEGER NOT NULL,
    user_account_id INTEGER,
    legacy_user_id INTEGER,
    email VARCHAR(254),
    pinned_at TIMESTAMP NOT NULL
);

-- How far each resource has been read. cursor_at is server time; load_since is the cursor a load in progress ends with.
CREATE TABLE _resource (
    resource VARCHAR(20) PRIMARY KEY NOT NULL,
    is_loaded BOOLEAN NOT NULL DEFAULT 0 CHECK (is_loaded IN (0, 1)),
    cursor_at TIMESTAMP,
    overlap_seconds INTEGER NOT NULL DEFAULT 300,
    load_started_at TIMESTAMP,
    load_since TIMESTAMP,
    last_read_at TIMESTAMP,
    retry_denied_at TIMESTAMP,
    list_form VARCHAR(12),
    unproven_days VARCHAR(1000)
);

-- The longest page an endpoint ever gave: a shorter one may be the last, an equal one may be cut.
CREATE TABLE _endpoint (
    endpoint VARCHAR(40) PRIMARY KEY NOT NULL,
    longest_page INTEGER NOT NULL DEFAULT 0,
    learned_at TIMESTAMP
);

-- The date windows of a load, so that an interrupted one goes on where it stopped.
CREATE TABLE _load_window (
    resource VARCHAR(20) NOT NULL,
    is_archived INTEGER NOT NULL DEFAULT 0,
    from_date DATE,
    to_date DATE,
    expected INTEGER,
    is_done INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (resource, is_archived, from_date, to_date)
);

-- Invoices whose lines are to be read again.
CREATE TABLE _invoice_lines_due (
    invoice_id INTEGER PRIMARY KEY
);

-- Which text of views, gate and dictionary made the file's; another program's is replaced at open.
CREATE TABLE _surface (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    fingerprint INTEGER NOT NULL
);

-- Closed: the triggers of gate.sql refuse local writes.
CREATE TABLE _gate (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    is_open INTEGER NOT NULL DEFAULT 0 CHECK (is_open IN (0, 1))
);

-- What MinuteDock taught us about its rate limit, kept over restarts.
CREATE TABLE _pace (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    allowed_per_minute INTEGER,
    not_before TIMESTAMP,
    pause_seconds INTEGER,
    last_429_at TIMESTAMP
);

-- Requests sent in each minute, so that a restarted program cannot exceed the limit.
CREATE TABLE _requests (
    minute TIMESTAMP PRIMARY KEY NOT NULL,
    requests INTEGER NOT NULL DEFAULT 0
);

-- The calendar behind dim_date. SQLite has no ISO week: a week belongs to the year of its Thursday.
CREATE TABLE _dates (
    date_key DATE PRIMARY KEY NOT NULL CHECK (date(date_key) IS date_key),
    year INTEGER GENERATED ALWAYS AS (CAST(strftime('%Y', date_key) AS INTEGER)) VIRTUAL,
    quarter INTEGER GENERATED ALWAYS AS ((CAST(strftime('%m', date_key) AS INTEGER) + 2) / 3) VIRTUAL,
    month INTEGER GENERATED ALWAYS AS (CAST(strftime('%m', date_key) AS INTEGER)) VIRTUAL,
    month_start DATE GENERATED ALWAYS AS (date(date_key, 'start of month')) VIRTUAL,
    week_start DATE GENERATED ALWAYS AS (date(date_key, '-6 days', 'weekday 1')) VIRTUAL,
    iso_year INTEGER GENERATED ALWAYS AS (
        CAST(strftime('%Y', date(date_key, '-3 days', 'weekday 4')) AS INTEGER)) VIRTUAL,
    iso_week INTEGER GENERATED ALWAYS AS (
        (CAST(strftime('%j', date(date_key, '-3 days', 'weekday 4')) AS INTEGER) - 1) / 7 + 1) VIRTUAL,
    weekday INTEGER GENERATED ALWAYS AS ((CAST(strftime('%w', date_key) AS INTEGER) + 6) % 7 + 1) VIRTUAL,
    is_weekend BOOLEAN GENERATED ALWAYS AS (strftime('%w', date_key) IN ('0', '6')) VIRTUAL
) WITHOUT ROWID;

-- Rows that are there from the beginning.

INSERT INTO _resource (resource) SELECT resource FROM mirror_status;

INSERT INTO _gate (only_row, is_open) VALUES (1, 0);
INSERT INTO _pace (only_row) VALUES (1);
