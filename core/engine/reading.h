// SPDX-License-Identifier: MIT
// Proof by reading, where no count is to be had: every row read again, every absent one judged. What is claimed is the
// moment before the first request: whatever was deleted before it is away.
#pragma once

#include "core/engine/session.h"
#include "core/model/window.h"

namespace mdock::engine {

// Windows that together are every day, newest first, each with about a page's rows.
asio::awaitable<std::vector<model::window>> plan_windows(session& s, resource which, std::chrono::sys_days from,
                                                         std::chrono::sys_days to);

// Every day of entries, at the pace of the gate alone. True when nothing is left open.
asio::awaitable<bool> read_every_day(session& s, bool accepts_older);

// Expenses or invoices read whole, in place of their delta.
asio::awaitable<void> prove_by_reading(session& s, resource which, bool is_forced);

}  // namespace mdock::engine
