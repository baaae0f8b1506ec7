// SPDX-License-Identifier: MIT
// Entries proven equal to the account: delta, count, delta (C3). After a whole delta the mirror lacks nothing, so equal
// counts mean equal sets; where they differ, days are read again and every absent row gets its verdict. Only a count
// between two deltas, the second of which brought nothing, is a proof of one moment (docs/sync.md, invariant E).
#pragma once

#include "core/engine/session.h"

namespace mdock::engine {

// The round's delta of entries has just been. On success mirror_status.verified_as_of is the moment before the count.
asio::awaitable<void> prove_entries(session& s);

}  // namespace mdock::engine
