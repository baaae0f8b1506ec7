// SPDX-License-Identifier: MIT
#include "core/store/proof_state.h"

namespace mdock::store {
namespace {

std::optional<utc_seconds> stamp_of(const statement& row, int at) {
    return row.is_null(at) ? std::nullopt : parse_database_timestamp(row.text(at));
}

std::optional<std::string> text_of(std::optional<utc_seconds> at) {
    if (!at) return std::nullopt;
    return format_timestamp(*at);
}

}  // namespace

count_rule read_count_rule(database& db) {
    auto& select = db.prepared("SELECT scope, grouping, docks, hours FROM _count_rule");
    count_rule out;
    if (select.step()) out = count_rule{select.text(0), select.text(1), select.text(2), select.text(3)};
    select.reset();
    return out;
}

void write_count_rule(database& db, const count_rule& rule, utc_seconds at) {
    const std::string time = format_timestamp(at);
    db.prepared("UPDATE _count_rule SET scope = ?1, grouping = ?2, docks = ?3, hours = ?4, learned_at = ?5")
        .bind(1, rule.scope).bind(2, rule.grouping).bind(3, rule.docks).bind(4, rule.hours).bind(5, time).run();
}

sweep read_sweep(database& db, std::string_view part) {
    auto& select = db.prepared("SELECT started_at, next_day, is_clean, finished_at FROM _sweep WHERE part = ?1");
    select.bind(1, part);
    sweep out;
    if (select.step()) {
        out.started_at = stamp_of(select, 0);
        if (!select.is_null(1)) out.next_day = parse_date(select.text(1));
        out.is_clean = select.integer(2) != 0;
        out.finished_at = stamp_of(select, 3);
    }
    select.reset();
    return out;
}

void write_sweep(database& db, std::string_view part, const sweep& where) {
    const auto started = text_of(where.started_at), finished = text_of(where.finished_at);
    std::optional<std::string> day;
    if (where.next_day) day = format_date(*where.next_day);
    db.prepared("UPDATE _sweep SET started_at = ?2, next_day = ?3, is_clean = ?4, finished_at = ?5 WHERE part = ?1")
        .bind(1, part).bind(2, started).bind(3, day).bind(4, where.is_clean).bind(5, finished).run();
}

std::vector<task_tally> task_tallies(database& db) {
    auto& select = db.prepared(
        "SELECT t.task_id, t.entries_count, coalesce(n.entries, 0), coalesce(c.difference, 0), coalesce(c.doubts, 0) "
        "FROM tasks t LEFT JOIN (SELECT task_id, count(*) AS entries FROM entry_tasks GROUP BY task_id) n USING (task_id) "
        "LEFT JOIN _task_count c USING (task_id) WHERE t.presence = 'present' AND t.entries_count IS NOT NULL");
    std::vector<task_tally> out;
    while (select.step())
        out.push_back({select.integer(0), select.integer(1), select.integer(2), select.integer(3), select.integer(4)});
    select.reset();
    return out;
}

void keep_tally(database& db, const task_tally& tally) {
    auto& keep = db.prepared("INSERT OR REPLACE INTO _task_count (task_id, difference, doubts) VALUES (?1, ?2, ?3)");
    keep.bind(1, tally.task_id).bind(2, tally.difference).bind(3, tally.doubts).run();
}

}  // namespace mdock::store
