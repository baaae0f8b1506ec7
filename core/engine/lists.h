// SPDX-License-Identifier: MIT
// The lists that have no pages: users, contacts, projects, tasks, items. One complete answer is the set at that
// instant; where `active` filters, both values are read (P18).
#pragma once

#include "core/engine/session.h"

namespace mdock::engine {

// Reads one list and applies it in one transaction. `is_forced`: also when it was refused lately.
asio::awaitable<void> read_list(session& s, resource which, bool is_forced);

}  // namespace mdock::engine
