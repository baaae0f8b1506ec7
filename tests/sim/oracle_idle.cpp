// SPDX-License-Identifier: MIT
// BUDGET, for rounds in which nothing has happened.
#include <algorithm>

#include "tests/sim/machine.h"
#include "tests/sim/oracles.h"

namespace mdock::sim {
namespace {

// Twice what a quiet round of everything needs where each empty list is asked for twice; of a verification, what it
// promises, and as much again where rows are held, whose days and tasks are counted anew each time.
constexpr std::int64_t most_in_a_quiet_round = 30;
constexpr std::int64_t most_in_a_quiet_proof = 120;
constexpr std::int64_t more_where_rows_are_held = 60;

bool holds_rows(const engine::round_report& report) {
    return std::any_of(report.resources.begin(), report.resources.end(), [](const auto& one) { return one.state == "held"; });
}

// A list's first reading is no idle round, however long ago everything happened.
bool brings_rows(const engine::round_report& report) {
    return std::any_of(report.resources.begin(), report.resources.end(), [](const auto& one) { return one.inserted > 0; });
}

}  // namespace

void judge_idle(grounds& world, machine& of, const engine::round_report& report, bool is_proof, bool is_full) {
    auto& seen = of.seen();
    const bool is_quiet = seen.was_well && !brings_rows(report) && world.past.changes() == seen.changes && world.faults_fired == seen.faults;
    // Each row that left was asked for by its id; a day with more than a page holds is read in parts, by a machine whose
    // clock is wrong and that has no other, in each delta.
    const auto rows = static_cast<std::int64_t>(world.service.account().entries.size());
    const auto most = (is_proof ? most_in_a_quiet_proof : most_in_a_quiet_round) + 2 * seen.taken + (rows > 90 ? rows / 4 : 0) +
                      (is_proof && holds_rows(report) ? more_where_rows_are_held : 0);
    if (is_quiet && !is_full && report.requests > most)
        world.fail("BUDGET", std::to_string(report.requests) + " requests in a round in which nothing had happened");
    // Two quiet rounds before a third is judged: the first after an event still has its consequences.
    auto& waiting = of.db().prepared("SELECT 1 FROM outbox LIMIT 1");
    const bool has_waiting = waiting.step();
    waiting.reset();
    seen.was_well = !has_waiting && !report.stopped_by && world.past.changes() == seen.changes && world.faults_fired == seen.faults;
    seen.changes = world.past.changes();
    seen.faults = world.faults_fired;
}

}  // namespace mdock::sim
