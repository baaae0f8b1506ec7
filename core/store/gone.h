// SPDX-License-Identifier: MIT
// Rows that leave. Facts move to gone_rows with their evidence and their whole content; users, contacts, projects, tasks
// and items stay and are marked, because entries go on pointing at them (schema rule 6). Called inside a transaction,
// and only with a verdict (docs/sync.md, invariant G).
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/time.h"
#include "core/store/database.h"

namespace mdock::store {

enum class evidence { not_found, absent_twice, hidden };

// Takes `id` away at `at` (server time). A task that is gone is taken off every entry, as MinuteDock does without
// stamping them (D03); an invoice takes its lines with it.
// Changes that still waited for a row that is gone become conflicts. False when there is no such row.
bool take_away(database& db, resource which, std::int64_t id, evidence why, utc_seconds at);

// Takes the task off every entry and dock, as MinuteDock has done.
void strip_task(database& db, std::int64_t task, utc_seconds at);

// An entry that is a running timer now: it leaves `entries`, but it is not gone (D16).
void move_to_dock(database& db, std::int64_t entry_id, utc_seconds at);

}  // namespace mdock::store
