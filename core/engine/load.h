// SPDX-License-Identifier: MIT
// The first whole read of entries, expenses or invoices (and each later one that `--full` asks for): date windows,
// several on the way at once, each put into the file with its mark in one transaction, so that a kill repeats only
// what was on the way (C1).
#pragma once

#include "core/engine/session.h"

namespace mdock::engine {

// Begins a load or goes on with an interrupted one. True when every window is in; on failure the resource's error is
// recorded and the windows that are in stay in.
asio::awaitable<bool> load(session& s, resource which, const store::resource_state& before);

}  // namespace mdock::engine
