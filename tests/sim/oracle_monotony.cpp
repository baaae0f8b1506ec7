// SPDX-License-Identifier: MIT
// MONO: what the file claims never goes back, over kills and restarts.
#include "tests/sim/machine.h"
#include "tests/sim/oracles.h"

namespace mdock::sim {
namespace {

void judge_mark(grounds& world, std::string_view which, std::string_view name, std::string& before, const store::statement& row,
                int column) {
    const auto now = row.optional_text(column).value_or(std::string());
    if (now < before)
        world.fail("MONO", std::string(which) + " " + std::string(name) + " went back from " + before + " to " +
                               (now.empty() ? "nothing" : now));
    before = now;
}

}  // namespace

void judge_monotony(grounds& world, machine& of) {
    auto& db = of.db();
    auto& seen = of.seen();
    auto& rows = db.prepared(
        "SELECT resource, cursor_at, complete_as_of, verified_as_of FROM mirror_status JOIN _resource USING (resource)");
    while (rows.step()) {
        const auto which = resource_named(rows.text(0));
        if (!which) continue;
        auto& marks = seen.marks[static_cast<std::size_t>(*which)];
        judge_mark(world, rows.text(0), "cursor", marks.cursor, rows, 1);
        judge_mark(world, rows.text(0), "complete_as_of", marks.complete, rows, 2);
        judge_mark(world, rows.text(0), "verified_as_of", marks.verified, rows, 3);
    }
    rows.reset();
    auto& last = db.prepared("SELECT coalesce(max(seq), 0) FROM changes");
    last.step();
    const auto seq = last.integer(0);
    last.reset();
    if (seq < seen.seq)
        world.fail("MONO", "changes.seq went back from " + std::to_string(seen.seq) + " to " + std::to_string(seq));
    seen.seq = seq;
}

}  // namespace mdock::sim
