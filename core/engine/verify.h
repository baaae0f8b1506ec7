// SPDX-License-Identifier: MIT
// `mdock verify` within a session: a round that proves, and what it found, read from `changes`.
#pragma once

#include "core/engine/session.h"

namespace mdock::engine {

// For the daemon's own session as for a fresh one.
asio::awaitable<verify_report> verify_in(session& s, verify_request what);

}  // namespace mdock::engine
