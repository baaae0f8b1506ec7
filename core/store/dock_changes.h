// SPDX-License-Identifier: MIT
// The timer's waiting changes, taken together: everything up to the next command is one wish for one state of the dock.
// Tracked time is never lost: a timer that MinuteDock never saw, or whose dock somebody else has taken, becomes an entry
// or a conflict that holds it (C5).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "core/model/field_values.h"
#include "core/store/database.h"
#include "core/store/outbox.h"

namespace mdock::store {

struct dock_wish {
    std::vector<std::int64_t> changes;       // outbox ids, in their order, the command included
    bool is_started = false;                 // MinuteDock has not seen this timer
    bool was_sent = false;                   // at least once, whatever came of it
    model::field_values base, fields;        // of description, contact, project, tasks
    std::optional<bool> runs;                // what the timer is to do; none: as it does
    bool has_typed_time = false;             // a person has set the duration (K10)
    std::string command;                     // log, discard, redock or none
    std::int64_t entry_id = 0;               // of redock
    std::optional<std::int64_t> logged_seconds;    // of log: the time it showed then
    std::string entry_date;                  // of log
};

// The wish at the head of the outbox; none when the first dock change may not be sent.
std::optional<dock_wish> read_dock_wish(database& db, std::int64_t user);

// What the dock shows here at `now`, links included; `duration_seconds` runs on.
struct local_dock {
    model::field_values fields;
    std::int64_t shown_seconds = 0;
    std::int64_t stored_seconds = 0;         // when it was last read, stopped or set
    bool is_running = false;
    std::string version_id;
    std::int64_t version_number = 0;
};
local_dock read_local_dock(database& db, std::int64_t user, utc_seconds now);

// What an earlier life sent for the first of the timer's changes without hearing the answer.
struct sent_dock {
    std::int64_t outbox_id = 0;
    std::string version_client_id;
    std::int64_t version_number = -1;
};
std::optional<sent_dock> read_sent_dock(database& db, std::int64_t user);

// The changes of the wish up to that one are on MinuteDock.
void finish_sent(database& db, std::int64_t user, std::int64_t last, utc_seconds at);

// Whether the entry that a log was to make is among those that came in since it was sent.
bool is_logged(database& db, const dock_wish& what, std::int64_t user);

// While one of these waits, what a reading of the dock brings stays out of sight.
bool has_dock_change(database& db, std::int64_t user);

// The same in the caller's transaction: all changes of the wish leave with this outcome.
void finish_wish(database& db, const dock_wish& what, std::string_view outcome, utc_seconds at);
// The wish becomes an entry of so many seconds that waits to be created.
void make_entry_of(database& db, const dock_wish& what, const model::field_values& fields, std::int64_t seconds,
                   const std::string& date, std::int64_t user, utc_seconds at);
// The wish becomes a conflict that holds everything it knew.
void make_conflict_of(database& db, const dock_wish& what, const model::field_values& mine, std::int64_t seconds,
                      const std::string& date, const model::field_values& theirs, std::int64_t user, utc_seconds at);

// Takes a change of the timer back on the screen: it shows what it showed before, if nothing has changed it since. An entry
// that was on its way to the timer is an entry again.
void show_timer_before(database& db, const waiting_change& what);
// Shows it again when it is tried again, the time included that has passed since.
void show_timer_after(database& db, const waiting_change& what);
// Whether a later change of the same row waits.
bool is_changed_since(database& db, const waiting_change& what);

// This install's client id in the dock's versions, made once a database (K09). `fresh` is used when there is none yet.
std::string dock_client_id(database& db, const std::string& fresh);

}  // namespace mdock::store
