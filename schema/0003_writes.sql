-- SPDX-License-Identifier: MIT
-- Version 3: what local writes leave besides their row in `outbox`, so that none is lost and none is sent twice.

-- 1 while a capture trigger itself writes to a mirrored table: what it fills in is no change of a person's.
ALTER TABLE _gate ADD COLUMN is_capturing INTEGER NOT NULL DEFAULT 0 CHECK (is_capturing IN (0, 1));

-- MinuteDock's present values of fields that have a waiting local change, where they are no longer the change's
-- old_values. A mirrored row is MinuteDock's values with the waiting changes put over.
CREATE TABLE _shadow (
    resource VARCHAR(20) NOT NULL,
    row_id INTEGER NOT NULL,
    theirs TEXT NOT NULL,
    PRIMARY KEY (resource, row_id)
) WITHOUT ROWID;

-- What a REPLACE is about to delete: REPLACE fires no delete trigger, and its insert is an update.
CREATE TABLE _replaced (
    resource VARCHAR(20) NOT NULL,
    row_id INTEGER NOT NULL,
    row_json TEXT NOT NULL,
    PRIMARY KEY (resource, row_id)
) WITHOUT ROWID;

-- A dock command that no UPDATE can say: log, discard, redock. Its trigger captures it and takes the row away.
CREATE TABLE _dock_command (
    command_id INTEGER PRIMARY KEY,
    operation VARCHAR(12) NOT NULL CHECK (operation IN ('log', 'discard', 'redock')),
    entry_id INTEGER
);

-- What was sent for a waiting change, written before the first byte is: without it nobody could tell later what came of
-- it (C4). known_seq: the last of `changes` then; rows that came in after it may be ours. sent_at is MinuteDock's time.
CREATE TABLE _intent (
    outbox_id INTEGER PRIMARY KEY,
    known_seq INTEGER NOT NULL,
    sent_at TIMESTAMP NOT NULL,
    request TEXT NOT NULL,
    marker VARCHAR(26)
);

-- Entries whose create had no answer at first, watched for a second row of the same content (O16).
CREATE TABLE _twin_watch (
    entry_id INTEGER PRIMARY KEY,
    known_seq INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    until TIMESTAMP NOT NULL
);

-- looked_until: the last outbox row that the mass guard has seen. client_id: who we are in the dock's versions.
CREATE TABLE _outbox_state (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    looked_until INTEGER NOT NULL DEFAULT 0,
    client_id VARCHAR(40),
    is_put_whole INTEGER NOT NULL DEFAULT 0,
    version_form VARCHAR(8)
);
INSERT INTO _outbox_state (only_row) VALUES (1);

CREATE INDEX _outbox_rows ON outbox (resource, row_id);
CREATE INDEX _outbox_done_at ON outbox_done (done_at);

-- Each table counts its local ids by itself, so one number can stand for a row of each. No earlier version wrote here.
DROP TABLE local_ids;
CREATE TABLE local_ids (
    local_id INTEGER NOT NULL CHECK (local_id IS CAST(local_id AS INTEGER)),
    resource VARCHAR(20) NOT NULL CHECK (resource IS CAST(resource AS TEXT)),
    row_id INTEGER NOT NULL CHECK (row_id IS CAST(row_id AS INTEGER)),
    PRIMARY KEY (local_id, resource)
);
CREATE UNIQUE INDEX local_ids_by_row ON local_ids (resource, row_id);
