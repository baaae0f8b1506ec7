// SPDX-License-Identifier: MIT
// The timer's changes (C5): each is put under a version of ours on the dock as it is at that moment, and what the next look
// at the dock shows decides, not the status. Invariant K: nobody's field is overwritten that a person here did not set.
#pragma once

#include "core/engine/session.h"
#include "core/store/outbox.h"

namespace mdock::engine {

asio::awaitable<void> send_dock(session& s, store::waiting_change first);

}  // namespace mdock::engine
