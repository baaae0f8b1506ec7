// SPDX-License-Identifier: MIT
// INT and BOUND: the file's own promises, and private tables that do not grow.
#include "tests/sim/machine.h"
#include "tests/sim/oracles.h"

namespace mdock::sim {
namespace {

std::int64_t number(store::database& db, std::string_view sql) {
    auto& row = db.prepared(sql);
    const auto value = row.step() ? row.integer(0) : 0;
    row.reset();
    return value;
}

}  // namespace

void judge_soundness(grounds& world, machine& of, bool thorough) {
    auto& db = of.db();
    auto& keys = db.prepared("PRAGMA foreign_key_check");
    if (keys.step()) world.fail("INT", "foreign_key_check: " + keys.text(0) + " points at a missing row of " + keys.text(2));
    keys.reset();
    if (thorough) {
        auto& check = db.prepared("PRAGMA integrity_check");
        if (check.step() && check.text(0) != "ok") world.fail("INT", "integrity_check: " + check.text(0));
        check.reset();
    }
    const auto minutes = number(db, "SELECT count(*) FROM _requests");
    if (minutes > 1500) world.fail("BOUND", std::to_string(minutes) + " minutes of requests are kept");
    const auto windows = number(db, "SELECT count(*) FROM _load_window");
    if (windows > 400) world.fail("BOUND", std::to_string(windows) + " windows are kept");
}

}  // namespace mdock::sim
