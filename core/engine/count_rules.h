// SPDX-License-Identifier: MIT
// What MinuteDock's report counts count, learned by comparing them with a mirror that was just proven otherwise (C3
// rule 3). A rule errs on the side of reading more.
#pragma once

#include "core/engine/session.h"
#include "core/store/proof_state.h"

namespace mdock::engine {

// The mirror's entries have just been read whole: do the counts say the same? The rule as it is to be kept.
asio::awaitable<store::count_rule> learn_rule(session& s, store::count_rule rule);

// While our own timer runs, and is the same before and after, a count of the days from `recent` on shows whether running
// timers are counted. False where it does not run or nothing can be told. Up to three requests.
asio::awaitable<bool> are_docks_left_out(session& s, std::chrono::sys_days recent);

}  // namespace mdock::engine
