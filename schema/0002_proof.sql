-- SPDX-License-Identifier: MIT
-- Version 2: what the proof remembers between rounds, so that no restart shortens a second look or forgets a doubt.

-- How this account's report counts relate to its lists, learned by comparing. scope: which entries they count (all, own,
-- none: not to be used); grouping: month, or total where the groups could not be read; docks: whether running timers are
-- counted (unknown, left out, counted); hours: whether their sum can be compared (unknown, equal, other).
CREATE TABLE _count_rule (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    scope VARCHAR(8) NOT NULL DEFAULT 'unknown',
    grouping VARCHAR(8) NOT NULL DEFAULT 'unknown',
    docks VARCHAR(8) NOT NULL DEFAULT 'unknown',
    hours VARCHAR(8) NOT NULL DEFAULT 'unknown',
    learned_at TIMESTAMP
);
INSERT INTO _count_rule (only_row) VALUES (1);

-- Rows that a whole read did not show, where there is no lookup by id: a second read must agree. `since` is server time.
CREATE TABLE _absent (
    resource VARCHAR(20) NOT NULL,
    row_id INTEGER NOT NULL,
    since TIMESTAMP NOT NULL,
    PRIMARY KEY (resource, row_id)
) WITHOUT ROWID;

-- Contacts and invoices that went, until their entries, which changed without a stamp, have been read again.
CREATE TABLE _vanished (
    resource VARCHAR(20) NOT NULL,
    row_id INTEGER NOT NULL,
    PRIMARY KEY (resource, row_id)
) WITHOUT ROWID;

-- What the mass-gone guard holds until a person accepts it or the rows are back. reason: mass, empty, visibility, rewound.
CREATE TABLE _held (
    resource VARCHAR(20) PRIMARY KEY NOT NULL,
    reason VARCHAR(12) NOT NULL,
    rows INTEGER NOT NULL,
    since TIMESTAMP NOT NULL,
    detail VARCHAR(1000) NOT NULL
);

-- Rows that MinuteDock had and the mirror should have had: each is a broken promise of ours, and is shown.
CREATE TABLE _incident (
    incident_id INTEGER PRIMARY KEY,
    at TIMESTAMP NOT NULL,
    resource VARCHAR(20) NOT NULL,
    kind VARCHAR(20) NOT NULL,
    detail VARCHAR(1000) NOT NULL
);

-- Where the rolling sweep stands: it reads backwards from the newest day; next_day is NULL when it is through.
CREATE TABLE _sweep (
    part VARCHAR(8) PRIMARY KEY NOT NULL,
    started_at TIMESTAMP,
    next_day DATE,
    is_clean INTEGER NOT NULL DEFAULT 1,
    finished_at TIMESTAMP
);
INSERT INTO _sweep (part) VALUES ('recent'), ('all');

-- By how much a task's entries_count exceeds what this token sees of it, and how often a look at it found nothing.
CREATE TABLE _task_count (
    task_id INTEGER PRIMARY KEY,
    difference INTEGER NOT NULL,
    doubts INTEGER NOT NULL DEFAULT 0
);
