// SPDX-License-Identifier: MIT
// The judges. Each looks at one machine's file or report, compares with what the service knows, and says which promise
// is broken; one file each, named after the oracle in docs.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/mirror.h"
#include "tests/sim/history.h"

namespace mdock::sim {

class machine;
struct grounds;

// MONO: cursors, complete_as_of, verified_as_of and changes.seq never go back, over kills too.
void judge_monotony(grounds& world, machine& of);
// NFD: nothing that the service has and this token sees is newly marked gone or hidden.
void judge_absence(grounds& world, machine& of);
// SINCE: after a walk that says it is complete, every stamped change that was visible when it began is in the file.
void judge_delta(grounds& world, machine& of, const engine::round_report& report);
// VERIFIED: at verified_as_of the live rows were the account's rows.
void judge_verified(grounds& world, machine& of);
// WHY: the report names the true cause.
void judge_cause(grounds& world, machine& of, const engine::round_report& report);
// BUDGET: a round in which nothing had happened costs few requests.
void judge_idle(grounds& world, machine& of, const engine::round_report& report, bool is_proof, bool is_full);
// INT and BOUND: foreign keys hold, private tables stay small; `thorough` adds integrity_check.
void judge_soundness(grounds& world, machine& of, bool thorough);

// NLW, SHOWN and the rest of ORIGIN: every local change is waiting, done, or a person's, and a waiting one is shown; in
// the end nothing waits but what MinuteDock has refused.
void judge_outbox(grounds& world, machine& of, bool is_to_be_drained);
// Rows that a waiting change is about: there the mirror and MinuteDock differ rightly.
std::set<std::pair<resource, row_id>> waiting_rows(machine& of);

// CONV, as lines that name what differs. `proven`: rows that are gone are gone, silent edits and derived numbers may
// differ. `everything`: equal, field by field.
// `entries`: as `stamped`, of entries alone.
enum class strictness : std::uint8_t { entries, stamped, proven, everything };
std::vector<std::string> unequal(grounds& world, machine& of, strictness how);

}  // namespace mdock::sim
