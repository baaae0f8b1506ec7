// SPDX-License-Identifier: MIT
#include "core/store/load_state.h"

namespace mdock::store {
namespace {

constexpr std::chrono::seconds page_memory = std::chrono::days{7};

struct window_key {
    std::string from, to;
    explicit window_key(const model::window& w) : from(format_date(w.from)), to(format_date(w.to)) {}
};

void insert_window(database& db, resource which, const model::window& w) {
    const window_key key(w);
    auto& insert = db.prepared(
        "INSERT OR IGNORE INTO _load_window (resource, is_archived, from_date, to_date, expected) VALUES (?1, ?2, ?3, ?4, ?5)");
    insert.bind(1, name_of(which)).bind(2, w.is_archived).bind(3, key.from).bind(4, key.to).bind(5, w.expected).run();
}

}  // namespace

std::optional<load_progress> load_in_progress(database& db, resource which) {
    load_progress out;
    auto& begun = db.prepared("SELECT load_started_at FROM _resource WHERE resource = ?1 AND load_started_at IS NOT NULL");
    begun.bind(1, name_of(which));
    if (!begun.step()) {
        begun.reset();
        return std::nullopt;
    }
    const auto started = parse_database_timestamp(begun.text(0));
    begun.reset();
    if (!started) return std::nullopt;
    out.started_at = *started;
    auto& select = db.prepared(
        "SELECT is_archived, from_date, to_date, expected, is_done FROM _load_window WHERE resource = ?1 "
        "ORDER BY is_archived, from_date");
    select.bind(1, name_of(which));
    while (select.step()) {
        if (select.integer(4) != 0) {
            ++out.windows_done;
            continue;
        }
        model::window w;
        w.is_archived = select.integer(0) != 0;
        w.from = parse_date(select.text(1)).value();
        w.to = parse_date(select.text(2)).value();
        w.expected = select.optional_integer(3);
        out.open.push_back(w);
    }
    select.reset();
    return out;
}

void begin_load(database& db, resource which, utc_seconds started_at, const std::vector<model::window>& windows) {
    end_load(db, which);
    const std::string at = format_timestamp(started_at);
    db.prepared("UPDATE _resource SET load_started_at = ?1 WHERE resource = ?2").bind(1, at).bind(2, name_of(which)).run();
    for (const auto& w : windows) insert_window(db, which, w);
}

void finish_window(database& db, resource which, const model::window& done) {
    const window_key key(done);
    auto& update = db.prepared(
        "UPDATE _load_window SET is_done = 1 WHERE resource = ?1 AND is_archived = ?2 AND from_date = ?3 AND to_date = ?4");
    update.bind(1, name_of(which)).bind(2, done.is_archived).bind(3, key.from).bind(4, key.to).run();
}

void replace_window(database& db, resource which, const model::window& old, const std::vector<model::window>& parts) {
    const window_key key(old);
    auto& remove = db.prepared(
        "DELETE FROM _load_window WHERE resource = ?1 AND is_archived = ?2 AND from_date = ?3 AND to_date = ?4");
    remove.bind(1, name_of(which)).bind(2, old.is_archived).bind(3, key.from).bind(4, key.to).run();
    for (const auto& part : parts) insert_window(db, which, part);
}

void end_load(database& db, resource which) {
    db.prepared("DELETE FROM _load_window WHERE resource = ?1").bind(1, name_of(which)).run();
    db.prepared("UPDATE _resource SET load_started_at = NULL WHERE resource = ?1").bind(1, name_of(which)).run();
}

std::int64_t longest_page(database& db, std::string_view endpoint, utc_seconds now) {
    auto& select = db.prepared("SELECT longest_page, learned_at FROM _endpoint WHERE endpoint = ?1");
    select.bind(1, endpoint);
    std::int64_t longest = 0;
    if (select.step()) {
        const auto learned = parse_database_timestamp(select.text(1));
        if (learned && now - *learned < page_memory) longest = select.integer(0);
    }
    select.reset();
    return longest;
}

void forget_page(database& db, std::string_view endpoint) {
    db.prepared("DELETE FROM _endpoint WHERE endpoint = ?1").bind(1, endpoint).run();
}

void note_page(database& db, std::string_view endpoint, std::int64_t rows, utc_seconds now) {
    if (rows <= longest_page(db, endpoint, now)) return;
    const std::string at = format_timestamp(now);
    auto& upsert = db.prepared(
        "INSERT INTO _endpoint (endpoint, longest_page, learned_at) VALUES (?1, ?2, ?3) "
        "ON CONFLICT (endpoint) DO UPDATE SET longest_page = ?2, learned_at = ?3");
    upsert.bind(1, endpoint).bind(2, rows).bind(3, at).run();
}

}  // namespace mdock::store
