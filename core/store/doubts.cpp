// SPDX-License-Identifier: MIT
#include "core/store/doubts.h"

#include <algorithm>

namespace mdock::store {

std::map<std::int64_t, utc_seconds> note_absent(database& db, resource which, const std::vector<std::int64_t>& ids,
                                                utc_seconds at) {
    std::map<std::int64_t, utc_seconds> known;
    auto& select = db.prepared("SELECT row_id, since FROM _absent WHERE resource = ?1");
    select.bind(1, name_of(which));
    while (select.step()) known[select.integer(0)] = parse_database_timestamp(select.text(1)).value_or(at);
    select.reset();
    std::map<std::int64_t, utc_seconds> out;
    const std::string now = format_timestamp(at);
    for (const auto id : ids) {
        const auto before = known.find(id);
        out[id] = before == known.end() ? at : before->second;
        if (before != known.end()) {
            known.erase(before);
            continue;
        }
        auto& insert = db.prepared("INSERT INTO _absent (resource, row_id, since) VALUES (?1, ?2, ?3)");
        insert.bind(1, name_of(which)).bind(2, id).bind(3, now).run();
    }
    for (const auto& [id, since] : known) forget_absent(db, which, id);
    return out;
}

void forget_absent(database& db, resource which, std::int64_t id) {
    db.prepared("DELETE FROM _absent WHERE resource = ?1 AND row_id = ?2").bind(1, name_of(which)).bind(2, id).run();
}

void note_vanished(database& db, resource which, std::int64_t id) {
    db.prepared("INSERT OR IGNORE INTO _vanished (resource, row_id) VALUES (?1, ?2)").bind(1, name_of(which)).bind(2, id).run();
}

std::vector<std::pair<resource, std::int64_t>> vanished(database& db) {
    std::vector<std::pair<resource, std::int64_t>> out;
    auto& select = db.prepared("SELECT resource, row_id FROM _vanished ORDER BY resource, row_id");
    while (select.step())
        if (const auto which = resource_named(select.text(0))) out.emplace_back(*which, select.integer(1));
    select.reset();
    return out;
}

void forget_vanished(database& db, resource which, std::int64_t id) {
    db.prepared("DELETE FROM _vanished WHERE resource = ?1 AND row_id = ?2").bind(1, name_of(which)).bind(2, id).run();
}

std::optional<hold> held(database& db, resource which) {
    auto& select = db.prepared("SELECT reason, rows, since, detail FROM _held WHERE resource = ?1");
    select.bind(1, name_of(which));
    std::optional<hold> out;
    if (select.step())
        out = hold{select.text(0), select.integer(1), parse_database_timestamp(select.text(2)).value_or(utc_seconds{}),
                   select.text(3)};
    select.reset();
    return out;
}

void hold_rows(database& db, resource which, const hold& what) {
    const std::string since = format_timestamp(what.since);
    auto& keep = db.prepared(
        "INSERT INTO _held (resource, reason, rows, since, detail) VALUES (?1, ?2, ?3, ?4, ?5) "
        "ON CONFLICT (resource) DO UPDATE SET since = iif(reason = ?2, since, ?4), reason = ?2, rows = ?3, detail = ?5");
    keep.bind(1, name_of(which)).bind(2, what.reason).bind(3, what.rows).bind(4, since).bind(5, what.detail).run();
    db.prepared("UPDATE mirror_status SET state = 'held', last_error = ?2 WHERE resource = ?1")
        .bind(1, name_of(which)).bind(2, what.detail).run();
}

void release(database& db, resource which) {
    db.prepared("DELETE FROM _held WHERE resource = ?1").bind(1, name_of(which)).run();
    db.prepared("UPDATE mirror_status SET state = 'current', last_error = NULL WHERE resource = ?1 AND state = 'held'")
        .bind(1, name_of(which)).run();
}

void add_incident(database& db, utc_seconds at, resource which, std::string_view kind, std::string_view detail) {
    const std::string time = format_timestamp(at);
    auto& insert = db.prepared("INSERT INTO _incident (at, resource, kind, detail) VALUES (?1, ?2, ?3, ?4)");
    insert.bind(1, time).bind(2, name_of(which)).bind(3, kind).bind(4, detail).run();
    db.prepared("DELETE FROM _incident WHERE incident_id <= (SELECT max(incident_id) FROM _incident) - 100").run();
}

}  // namespace mdock::store
