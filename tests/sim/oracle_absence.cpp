// SPDX-License-Identifier: MIT
// NFD: nothing that MinuteDock has and this token sees is newly marked gone or hidden.
#include "tests/sim/machine.h"
#include "tests/sim/oracles.h"
#include "tests/sim/visible.h"

namespace mdock::sim {
namespace {

using marked = std::set<std::pair<resource, row_id>>;

marked rows_away(store::database& db) {
    marked out;
    auto& rows = db.prepared(
        "SELECT resource, row_id FROM gone_rows"
        " UNION ALL SELECT 'users', user_account_id FROM users WHERE presence IN ('gone', 'hidden')"
        " UNION ALL SELECT 'contacts', contact_id FROM contacts WHERE presence IN ('gone', 'hidden')"
        " UNION ALL SELECT 'projects', project_id FROM projects WHERE presence IN ('gone', 'hidden')"
        " UNION ALL SELECT 'tasks', task_id FROM tasks WHERE presence IN ('gone', 'hidden')"
        " UNION ALL SELECT 'items', item_id FROM items WHERE presence IN ('gone', 'hidden')");
    while (rows.step())
        if (const auto which = resource_named(rows.text(0))) out.emplace(*which, rows.integer(1));
    rows.reset();
    return out;
}

}  // namespace

void judge_absence(grounds& world, machine& of) {
    auto now = rows_away(of.db());
    auto& seen = of.seen();
    const auto rights = world.past.rights_changed_at(of.me().id);
    for (const auto& row : now) {
        if (seen.away.contains(row)) continue;
        const auto [which, id] = row;
        if (!is_visible(world.service, of.me(), which, id)) continue;
        // It may have been invisible when it was judged, and come back since.
        if (rights && *rights >= seen.round_began) continue;
        const auto* life = world.past.find(which, id);
        if (life != nullptr && life->born && *life->born >= seen.round_began) continue;
        world.fail("NFD", std::string(name_of(which)) + " " + std::to_string(id) +
                              " is marked away; MinuteDock has it and this token sees it");
    }
    seen.away = std::move(now);
}

}  // namespace mdock::sim
