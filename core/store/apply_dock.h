// SPDX-License-Identifier: MIT
// The dock's one row. A timer that merely went on running is no difference: its time follows from duration_seconds and
// observed_at, and a second read must change no row. Called inside a transaction.
#pragma once

#include "core/store/apply.h"

namespace mdock::store {

// `rows` holds one row or, for an idle dock, none.
applied apply_dock(database& db, model::row_batch rows, std::int64_t user_account_id, const apply_how& how);

}  // namespace mdock::store
