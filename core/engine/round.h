// SPDX-License-Identifier: MIT
// One round: which parts are read, in which order, and what is reported. Parents come before what points to them.
#pragma once

#include "core/engine/session.h"

namespace mdock::engine {

// Parts of a round; the daemon does those that are due, `mdock sync` all.
struct parts {
    bool identity = true;
    bool reference = true;
    bool entries = true;
    bool billing = true;
    bool dock = true;
    bool proof = false;    // the mirror is proven, or said to be other
    bool sweep = false;    // one step of it
};

struct round_outcome {
    round_report report;
    bool timer_runs = false;
    std::chrono::seconds until_sweep{0};    // after a round with a step of it
};

// Does the parts in session `s`. `what.only`, when not empty, leaves out every other resource.
asio::awaitable<round_outcome> do_round(session& s, parts which, round_request what);

}  // namespace mdock::engine
