// SPDX-License-Identifier: MIT
// What a service that takes every update for the whole row has cleared: fields that were not sent and are empty in the
// echo. They are queued to be set again with the values that they had, and updates of entries are whole from then on.
#pragma once

#include "core/model/rows.h"
#include "core/store/database.h"
#include "core/store/outbox.h"

namespace mdock::store {

// `before`: the row just before the update; `echo`: the answer to it; `sent`: the fields of the update. Inside the
// caller's transaction, after the echo was applied.
void restore_cleared(database& db, const waiting_change& what, const model::row_batch& before, const model::row_batch& echo,
                     const model::field_values& sent, utc_seconds at);

// Whether this service is known to do so.
bool is_put_whole(database& db);

// Of a row as MinuteDock has it: what it points to and this token does not see. Cleared by such a service, that could not be
// set again, so it goes along with every update.
model::field_values unseen_parents(database& db, resource which, const model::field_values& theirs);

}  // namespace mdock::store
