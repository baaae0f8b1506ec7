// SPDX-License-Identifier: MIT
// The dock, read: GET /dock is the only place it is taken from (P17). An idle one comes as null, nothing, a blank object
// or 404 (facts 6.1).
#pragma once

#include "core/engine/session.h"

namespace mdock::engine {

// True when a timer runs, by the answer just read or else by the file.
asio::awaitable<bool> read_dock(session& s, bool is_forced);

}  // namespace mdock::engine
