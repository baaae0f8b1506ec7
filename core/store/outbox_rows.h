// SPDX-License-Identifier: MIT
// What a person does with waiting changes and conflicts: take one back, keep it from being sent, try it again, choose a
// side. Each is one transaction; none sends anything, and none loses what a person wrote.
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/error.h"
#include "core/base/time.h"
#include "core/store/database.h"

namespace mdock::store {

// A parked, unknown or waiting change is due now. A parked update is put over its row again. False when there is no such
// change; write_refused with the reason when it cannot be.
result<bool> retry_change(database& db, std::int64_t outbox_id);

// Takes the change back: its row shows MinuteDock's values again, a row that was never sent leaves, what depends on it
// leaves with it. What may be under way is refused: its outcome must be known first.
result<bool> discard_change(database& db, std::int64_t outbox_id, utc_seconds at);

// Keeps the change, or all that wait, from being sent; and lets them go again.
result<bool> hold_changes(database& db, std::optional<std::int64_t> outbox_id);
result<bool> release_changes(database& db, std::optional<std::int64_t> outbox_id);

// The last change that nobody has sent yet, for `mdock undo`.
std::optional<std::int64_t> last_waiting_change(database& db);

// Ends an open conflict; with `mine` the person's value is written again, as any other local change.
result<bool> resolve_conflict(database& db, std::int64_t conflict_id, bool mine, utc_seconds at);

}  // namespace mdock::store
