// SPDX-License-Identifier: MIT
// NFD: nothing that MinuteDock has and this token sees is newly marked gone or hidden.
#include <map>

#include "tests/sim/machine.h"
#include "tests/sim/oracles.h"
#include "tests/sim/visible.h"

namespace mdock::sim {
namespace {

using marked = std::map<std::pair<resource, row_id>, std::string>;    // and as what

marked rows_away(store::database& db) {
    marked out;
    auto& rows = db.prepared(
        "SELECT resource, row_id, iif(evidence = 'hidden', 'hidden', 'gone') FROM gone_rows WHERE evidence <> 'local'"
        " UNION ALL SELECT 'users', user_account_id, presence FROM users WHERE presence IN ('gone', 'hidden')"
        " UNION ALL SELECT 'contacts', contact_id, presence FROM contacts WHERE presence IN ('gone', 'hidden')"
        " UNION ALL SELECT 'projects', project_id, presence FROM projects WHERE presence IN ('gone', 'hidden')"
        " UNION ALL SELECT 'tasks', task_id, presence FROM tasks WHERE presence IN ('gone', 'hidden')"
        " UNION ALL SELECT 'items', item_id, presence FROM items WHERE presence IN ('gone', 'hidden')");
    while (rows.step())
        if (const auto which = resource_named(rows.text(0))) out.emplace(std::pair{*which, rows.integer(1)}, rows.text(2));
    rows.reset();
    return out;
}

// A row that is back is no longer among those that went.
void judge_return(grounds& world, machine& of) {
    auto& both = of.db().prepared(
        "SELECT resource, row_id FROM gone_rows g WHERE (resource = 'entries' AND row_id IN (SELECT entry_id FROM entries)) OR "
        "(resource = 'expenses' AND row_id IN (SELECT expense_id FROM expenses)) OR "
        "(resource = 'invoices' AND row_id IN (SELECT invoice_id FROM invoices)) LIMIT 1");
    if (both.step()) world.fail("NFD", both.text(0) + " " + both.text(1) + " is back, and among the rows that went as well");
    both.reset();
    // A task that is gone is on no entry any more, from the same transaction on (C3 rule 8).
    auto& stripped = of.db().prepared(
        "SELECT entry_id, task_id FROM tasks JOIN entry_tasks USING (task_id) WHERE presence = 'gone' AND NOT EXISTS (SELECT 1 "
        "FROM outbox WHERE resource = 'tasks' AND row_id = task_id) LIMIT 1");
    if (stripped.step())
        world.fail("TASKS", "entry " + stripped.text(0) + " still has task " + stripped.text(1) + ", which is gone");
    stripped.reset();
}

// GUARD: rows do not leave by the dozen before a person has said so (C3 rule 9).
void judge_guard(grounds& world, machine& of, const std::map<resource, std::int64_t>& taken) {
    if (of.is_accepting()) return;
    for (const auto& [which, rows] : taken) {
        auto& left = of.db().prepared("SELECT row_count FROM mirror_status WHERE resource = ?1");
        left.bind(1, name_of(which));
        const auto before = rows + (left.step() ? left.integer(0) : 0);
        left.reset();
        if (rows > 2 * std::max<std::int64_t>(5, before / 5) && which != resource::invoice_line_items)
            world.fail("GUARD", std::to_string(rows) + " of " + std::to_string(before) + " " + std::string(name_of(which)) +
                                    " were taken away in one round, and nobody had said so");
    }
}

}  // namespace

void judge_absence(grounds& world, machine& of) {
    auto now = rows_away(of.db());
    auto& seen = of.seen();
    const auto rights = world.past.rights_changed_at(of.me().id);
    judge_return(world, of);
    seen.taken = 0;
    std::map<resource, std::int64_t> taken;
    const auto wanted = waiting_rows(of);
    for (const auto& [row, as] : now) {
        // Gone here because a person has deleted it here.
        if (seen.away.contains(row) || wanted.contains(row)) continue;
        const auto [which, id] = row;
        ++seen.taken;
        if (as == "gone") ++taken[which];
        if (!is_visible(world.service, of.me(), which, id)) {
            // Told 403 by its id, a row is not gone but out of sight.
            const bool is_told = world.service.how().invisible_id == minutedock::invisible_answer::status_403 &&
                                 which != resource::items && which != resource::expenses && which != resource::users;
            if (is_told && as == "gone" && exists(world.service, which, id) && !(rights && *rights >= seen.round_began))
                world.fail("NFD", std::string(name_of(which)) + " " + std::to_string(id) + " is marked gone and is only out of sight");
            continue;
        }
        // It may have been invisible when it was judged, and come back since.
        if (rights && *rights >= seen.round_began) continue;
        const auto* life = world.past.find(which, id);
        if (life != nullptr && life->born && *life->born >= seen.round_began) continue;
        world.fail("NFD", std::string(name_of(which)) + " " + std::to_string(id) +
                              " is marked away; MinuteDock has it and this token sees it");
    }
    judge_guard(world, of, taken);
    seen.away.clear();
    for (const auto& [row, as] : now) seen.away.insert(row);
}

}  // namespace mdock::sim
