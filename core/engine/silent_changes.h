// SPDX-License-Identifier: MIT
// Changes of entries that MinuteDock makes without stamping them, and that no reading of changes can therefore bring: a
// task taken off (D04), the entries of a merged contact (D17) or of a deleted invoice. Each leaves a trace elsewhere, which is followed.
#pragma once

#include "core/engine/session.h"

namespace mdock::engine {

// Entries of contacts and invoices that have just vanished are read again: they are another contact's now, or free.
asio::awaitable<void> follow_vanished(session& s);

// Each task's entries_count beside the mirror's own count; where the two drifted apart, the task's entries are read
// again. The tasks and the delta of entries were read in this round.
asio::awaitable<void> follow_task_counts(session& s);

}  // namespace mdock::engine
