// SPDX-License-Identifier: MIT
// The rolling sweep: entries read again window by window, the newest sixty days daily and everything each
// sync.sweep_interval, so that an edit which nobody stamped is found in a stated time (C3 rule 6). Bounded to a
// twentieth of the allowed rate. Where no counts are to be had, it is the proof, and goes round daily.
#pragma once

#include <chrono>

#include "core/engine/session.h"

namespace mdock::engine {

// Reads the next window that is due, if one is. Returns how long until the next step.
asio::awaitable<std::chrono::seconds> sweep_step(session& s);

}  // namespace mdock::engine
