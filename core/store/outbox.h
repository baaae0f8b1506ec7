// SPDX-License-Identifier: MIT
// The outbox as the sender sees it: which change is next, and each step that one takes, a transaction's worth at a time.
// A change leaves only when MinuteDock has it, when it is a conflict, or when a person takes it back (invariant Y).
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/decimal.h"
#include "core/base/time.h"
#include "core/model/field_values.h"
#include "core/store/database.h"

namespace mdock::store {

// A row made here that MinuteDock has not answered for (schema rule 5).
inline bool is_local(std::int64_t id) { return id > local_id_base; }

struct waiting_change {
    std::int64_t outbox_id = 0;
    resource which = resource::entries;
    std::int64_t row_id = 0;
    std::string operation;
    std::string state;
    model::field_values new_values;
    model::field_values old_values;
    int attempts = 0;
    utc_seconds queued_at{};
    bool is_readable = true;                  // false: what it says was not written by our triggers (I07)
};

struct next_change_rules {
    utc_seconds now;                          // MinuteDock's time as well as we know it
    utc_seconds wall;                         // the machine's, for queued_at
    std::chrono::seconds undo_window{0};
    std::int64_t hold_above = 50;             // more new ones than this in one go are held (0: no limit)
    int most_creates = 30;                    // in a minute, over all processes (O13)
};

// Whether it points to a row that MinuteDock has not answered for.
bool names_local_rows(const waiting_change& what);

// What an earlier process left behind: a create that was being sent is of unknown outcome, anything else is looked at
// anew before it is sent again.
void recover_outbox(database& db, std::chrono::seconds settle_time);

// The next change to work on: chains of one row in their order, parents before what points to them, other chains go on.
// `tried`: not these again in this round, but for one that was of unknown outcome and is not any more. Rows that wait for
// another are marked with it.
using tried_changes = std::set<std::pair<std::int64_t, std::string>>;    // outbox_id and the state it was tried in
std::optional<waiting_change> next_change(database& db, const next_change_rules& rules, const tried_changes& tried);

// In how many seconds a change that rests now is due; none when nothing rests.
std::optional<std::chrono::seconds> next_due_in(database& db, const next_change_rules& rules);

// Whether the cap on creates holds some back now.
bool is_create_capped(database& db, const next_change_rules& rules);

std::optional<waiting_change> read_waiting(database& db, std::int64_t outbox_id);
bool has_waiting(database& db);

// For those who look at the service from outside.
struct waiting_counts {
    std::int64_t changes = 0;                 // in the outbox, whatever their state
    bool timer_runs = false;
};
waiting_counts waiting_state(database& db);

// A moment in the life of a change; inside the caller's transaction.
void mark_sending(database& db, const waiting_change& what, utc_seconds sent_at, std::string_view request);
void put_back(database& db, std::int64_t outbox_id, std::optional<utc_seconds> not_before, std::string_view error);
void mark_unknown(database& db, std::int64_t outbox_id, utc_seconds not_before, std::string_view error);
// A person has to look: the row shows MinuteDock's values again (a row of a create stays).
void park(database& db, const waiting_change& what, std::string_view error);
// `outcome`: applied, adopted, merged_equal, discarded.
void finish_change(database& db, std::int64_t outbox_id, std::string_view outcome, utc_seconds at);

// What is left to send of an update after the merge: these fields, on the ground of what MinuteDock has now.
void narrow(database& db, std::int64_t outbox_id, const model::field_values& send, const model::field_values& theirs);

struct sent_create {
    std::int64_t known_seq = 0;
    utc_seconds sent_at{};
};
std::optional<sent_create> sent_state(database& db, std::int64_t outbox_id);

// One row a field, `*` for the whole row; the same conflict again is the same row (M07).
void record_conflict(database& db, resource which, std::int64_t row_id, const model::field_conflict& what, utc_seconds at,
                     bool is_settled_by_them);

// Tasks that MinuteDock has no more.
model::id_set gone_tasks(database& db);
// Takes those off what is to be created: MinuteDock would refuse the whole row for one of them (M05). True when there were any.
bool drop_gone_tasks(database& db, model::field_values& from);

// The row is gone on MinuteDock: edits of it become one conflict with what they wanted, a delete of it is done (M06, D13).
void leave_orphans(database& db, resource which, std::int64_t row_id, utc_seconds at);

// The entry is on somebody's timer: the change of it becomes a conflict with what it wanted, and the entry leaves (D16).
void leave_docked(database& db, const waiting_change& what, utc_seconds at);

// What the row's sync_state has to be now: queued while a change waits, conflict while one is open, else synced.
void refresh_sync_state(database& db, resource which, std::int64_t row_id);

}  // namespace mdock::store
