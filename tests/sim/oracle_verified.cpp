// SPDX-License-Identifier: MIT
// VERIFIED: verified_as_of names a moment at which the live rows were the account's, by the history that only the yard has.
#include "tests/sim/machine.h"
#include "tests/sim/oracles.h"
#include "tests/sim/visible.h"

namespace mdock::sim {
namespace {

// How far the stamp's clock can be ahead of the service's stamps: a skewed Date, or our own clock where there is none.
std::chrono::seconds skew(const grounds& world, const machine& of) {
    using minutedock::date_header;
    if (world.service.how().date_header == date_header::skewed) return std::chrono::seconds{240};
    if (world.service.how().date_header == date_header::missing) return std::chrono::abs(of.wall_error) + std::chrono::seconds{1};
    return std::chrono::seconds{0};
}

bool is_live(store::database& db, resource which, row_id id) {
    const auto& table = model::describe(which);
    std::string sql = "SELECT 1 FROM " + std::string(table.name) + " WHERE " + std::string(table.key) + " = ?1";
    if (table.keeps_unseen) sql += " AND presence = 'present'";
    auto& row = db.prepared(sql);
    row.bind(1, id);
    const bool is_there = row.step();
    row.reset();
    return is_there;
}

// A row that a false answer left out before the mirror had ever seen it: nothing here could know of it.
bool is_hidden_from_the_first(machine& of, resource which, row_id id) {
    if (of.seen().may_trust_since) return false;
    const auto& table = model::describe(which);
    auto& known = of.db().prepared(table.keeps_unseen
                                       ? "SELECT 1 FROM " + std::string(table.name) + " WHERE " + std::string(table.key) + " = ?1"
                                       : "SELECT 1 FROM gone_rows WHERE row_id = ?1 AND resource = '" + std::string(table.name) + "'");
    known.bind(1, id);
    const bool is_known = known.step();
    known.reset();
    return !is_known;
}

// A row that came into a person's sight without a stamp was in no delta, and a count cannot tell it from one that went: the
// stated limit of the proof, bounded by the sweep.
bool may_have_come_silently(grounds& world, machine& of, resource which) {
    if (minutedock::viewer(of.me()).is_admin()) return false;
    for (const auto& [key, life] : world.past.rows())
        if (key.first == which && life.is_silent && !life.died && is_visible(world.service, of.me(), which, key.second)) return true;
    return false;
}

void judge_resource(grounds& world, machine& of, resource which, stamp x) {
    const auto wanted = waiting_rows(of);
    for (const auto& [key, life] : world.past.rows()) {
        if (key.first != which || wanted.contains(key)) continue;
        const auto name = std::string(name_of(which)) + " " + std::to_string(key.second);
        if (life.died && *life.died <= x) {
            if (is_live(of.db(), which, key.second) && !may_have_come_silently(world, of, which))
                world.fail("VERIFIED", name + " had been deleted at that moment");
            continue;
        }
        if (life.died || (life.born && *life.born > x)) continue;
        if (life.touched && *life.touched > x) continue;
        if (!is_visible(world.service, of.me(), which, key.second)) continue;
        if (!is_live(of.db(), which, key.second) && !is_hidden_from_the_first(of, which, key.second))
            world.fail("VERIFIED", name + " was there at that moment and is not in the mirror");
    }
}

}  // namespace

void judge_verified(grounds& world, machine& of) {
    auto& rows = of.db().prepared("SELECT resource, verified_as_of FROM mirror_status WHERE verified_as_of IS NOT NULL");
    std::vector<std::pair<resource, std::string>> fresh;
    auto& before = of.seen().verified;
    while (rows.step()) {
        const auto which = resource_named(rows.text(0));
        if (!which) continue;
        auto& last = before[static_cast<std::size_t>(*which)];
        if (last == rows.text(1)) continue;
        last = rows.text(1);
        fresh.emplace_back(*which, last);
    }
    rows.reset();
    const auto rights = world.past.rights_changed_at(of.me().id);
    for (const auto& [which, text] : fresh) {
        const auto x = stamp{parse_database_timestamp(text).value()} - skew(world, of);
        if (x > world.line.exact()) world.fail("VERIFIED", text + " is in the future");
        if (!rights || *rights < std::min(x, of.seen().round_began)) judge_resource(world, of, which, x);
    }
}

}  // namespace mdock::sim
