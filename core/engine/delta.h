// SPDX-License-Identifier: MIT
// What changed since the cursor, for entries, expenses and invoices: one request a list when nothing did. The cursor
// moves in the transaction of the last window's rows, or not at all (C2, P11).
#pragma once

#include "core/engine/session.h"

namespace mdock::engine {

asio::awaitable<void> delta(session& s, resource which, const store::resource_state& before);

}  // namespace mdock::engine
