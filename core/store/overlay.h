// SPDX-License-Identifier: MIT
// A mirrored row is MinuteDock's values with the waiting local changes put over, so that every reader sees a change at
// once and no pull takes it away. Here the two are put together and taken apart again.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/model/field_values.h"
#include "core/store/database.h"

namespace mdock::store {

struct waiting_change;

// What waits for one row.
struct row_overlay {
    bool is_deleted = false;            // a person has taken the row away; MinuteDock does not know yet
    bool is_docked = false;             // deleted, because a waiting redock has put it on the timer
    model::field_values mine;           // the last waiting value of each changed field
    model::field_values found;          // what the first of the changes found there
};

// Rows of `which` with changes that are queued, held, being sent or of unknown outcome.
std::map<std::int64_t, row_overlay> read_overlays(database& db, resource which);
// The same of one row: a long queue is not read for each answer about one row (O15).
std::map<std::int64_t, row_overlay> read_overlay(database& db, resource which, std::int64_t row_id);

// Remembers MinuteDock's values of the changed fields where they are no longer what the change found.
void write_shadow(database& db, resource which, std::int64_t row_id, const row_overlay& over, const model::field_values& theirs);
// The same of an entry that a waiting redock has put on the timer: that is what it goes back to.
void renew_docked(database& db, std::int64_t entry_id, const model::field_values& theirs);

// MinuteDock's value of each field that waiting changes of the row have covered, as far as this file knows.
model::field_values covered_by(database& db, resource which, std::int64_t row_id);

// Sets these fields of the row as they are, links included; no trigger, no `changes`.
void write_fields(database& db, resource which, std::int64_t row_id, const model::field_values& fields);

// Takes the change off its row: MinuteDock's values show where no other change covers them; a deleted row comes back.
// The change itself stays in the outbox, parked, or has left it.
void show_theirs(database& db, const waiting_change& what);

// The other way: what waits for the row is put over it, as over a row that comes in.
void show_mine(database& db, resource which, std::int64_t row_id);

// Rows of MinuteDock's with a waiting change, deletes included, as MinuteDock has them.
std::vector<model::field_values> their_waiting_rows(database& db, resource which);

// Takes the row of a delete that is tried again out of sight, as its capture had.
void hide_deleted(database& db, const waiting_change& what);

// The row as MinuteDock has it; none when there is no such row.
std::optional<model::field_values> their_row(database& db, resource which, std::int64_t row_id);

}  // namespace mdock::store
