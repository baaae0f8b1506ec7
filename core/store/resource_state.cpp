// SPDX-License-Identifier: MIT
#include "core/store/resource_state.h"

#include "schema/embedded.h"

namespace mdock::store {
namespace {

std::int64_t count_rows(database& db, resource which) {
    const auto& table = model::describe(which);
    std::string sql = "SELECT count(*) FROM " + std::string(table.name);
    // Rows that were only referred to, or are away, are not the service's rows of today.
    if (table.keeps_unseen) sql += " WHERE presence = 'present'";
    auto& count = db.prepared(sql);
    count.step();
    const auto rows = count.integer(0);
    count.reset();
    return rows;
}

std::optional<std::string> text_of(std::optional<utc_seconds> at) {
    if (!at) return std::nullopt;
    return format_timestamp(*at);
}

// At most what the column's readers expect, not inside a character.
std::string_view shortened(std::string_view text) {
    if (text.size() <= 1000) return text;
    std::size_t end = 1000;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return text.substr(0, end);
}

}  // namespace

resource_state read_state(database& db, resource which) {
    resource_state out;
    auto& select = db.prepared(
        "SELECT s.state, r.is_loaded, r.cursor_at, r.overlap_seconds, r.retry_denied_at, r.list_form, r.last_read_at "
        "FROM mirror_status s JOIN _resource r USING (resource) WHERE resource = ?1");
    select.bind(1, name_of(which));
    if (select.step()) {
        out.state = select.text(0);
        out.is_loaded = select.integer(1) != 0;
        if (!select.is_null(2)) out.cursor.at = parse_database_timestamp(select.text(2));
        out.cursor.overlap = std::chrono::seconds{select.integer(3)};
        if (!select.is_null(4)) out.retry_denied_at = parse_database_timestamp(select.text(4));
        out.list_form = select.text(5);
        if (!select.is_null(6)) out.last_read_at = parse_database_timestamp(select.text(6));
    }
    select.reset();
    return out;
}

bool is_first_load_open(database& db) {
    auto& open = db.prepared(
        "SELECT count(*) FROM _resource JOIN mirror_status USING (resource) "
        "WHERE NOT is_loaded AND state NOT IN ('denied', 'unavailable')");
    open.step();
    const bool any = open.integer(0) > 0;
    open.reset();
    return any;
}

void mark_current(database& db, resource which, std::optional<utc_seconds> complete_as_of, utc_seconds attempted_at) {
    const auto complete = text_of(complete_as_of);
    const std::string attempted = format_timestamp(attempted_at);
    auto& update = db.prepared(
        "UPDATE mirror_status SET state = iif(EXISTS (SELECT 1 FROM _held WHERE resource = ?1), 'held', 'current'), "
        "row_count = ?2, last_attempt_at = ?4, last_error = coalesce((SELECT detail FROM _held WHERE resource = ?1), "
        "(SELECT 'read as well as possible, but MinuteDock''s pages could not be proven whole for ' || unproven_days "
        "FROM _resource WHERE resource = ?1)), "
        "complete_as_of = CASE WHEN complete_as_of IS NULL OR ?3 > complete_as_of THEN coalesce(?3, complete_as_of) "
        "ELSE complete_as_of END WHERE resource = ?1");
    update.bind(1, name_of(which)).bind(2, count_rows(db, which)).bind(3, complete).bind(4, attempted).run();
    db.prepared("UPDATE _resource SET retry_denied_at = NULL, last_read_at = ?2 WHERE resource = ?1")
        .bind(1, name_of(which)).bind(2, attempted).run();
}

void mark_verified(database& db, resource which, utc_seconds as_of) {
    const std::string at = format_timestamp(as_of);
    db.prepared("UPDATE mirror_status SET verified_as_of = ?2 WHERE resource = ?1 AND coalesce(verified_as_of, '') < ?2")
        .bind(1, name_of(which)).bind(2, at).run();
}

std::optional<utc_seconds> verified_as_of(database& db, resource which) {
    auto& select = db.prepared("SELECT verified_as_of FROM mirror_status WHERE resource = ?1");
    select.bind(1, name_of(which));
    std::optional<utc_seconds> at;
    if (select.step() && !select.is_null(0)) at = parse_database_timestamp(select.text(0));
    select.reset();
    return at;
}

void verify_lines(database& db) {
    const auto proven = verified_as_of(db, resource::invoices);
    auto& due = db.prepared("SELECT 1 FROM _invoice_lines_due LIMIT 1");
    const bool is_due = due.step();
    due.reset();
    if (proven && !is_due && read_state(db, resource::invoice_line_items).state == "current")
        mark_verified(db, resource::invoice_line_items, *proven);
}

void refresh_count(database& db, resource which) {
    db.prepared("UPDATE mirror_status SET row_count = ?2 WHERE resource = ?1")
        .bind(1, name_of(which)).bind(2, count_rows(db, which)).run();
}

void mark_loading(database& db, resource which, utc_seconds attempted_at) {
    const std::string attempted = format_timestamp(attempted_at);
    db.prepared("UPDATE mirror_status SET state = 'loading', row_count = ?2, last_attempt_at = ?3, last_error = NULL "
                "WHERE resource = ?1")
        .bind(1, name_of(which)).bind(2, count_rows(db, which)).bind(3, attempted).run();
}

void mark_failed(database& db, resource which, std::string_view error, utc_seconds attempted_at) {
    const std::string attempted = format_timestamp(attempted_at);
    db.prepared("UPDATE mirror_status SET state = CASE state WHEN 'current' THEN 'stale' ELSE state END, row_count = ?2, "
                "last_attempt_at = ?3, last_error = ?4 WHERE resource = ?1")
        .bind(1, name_of(which)).bind(2, count_rows(db, which)).bind(3, attempted).bind(4, shortened(error)).run();
}

void mark_refused(database& db, resource which, std::string_view state, std::string_view error, utc_seconds attempted_at,
                  utc_seconds retry_at) {
    const std::string attempted = format_timestamp(attempted_at);
    const std::string retry = format_timestamp(retry_at);
    db.prepared("UPDATE mirror_status SET state = ?2, last_attempt_at = ?3, last_error = ?4 WHERE resource = ?1")
        .bind(1, name_of(which)).bind(2, state).bind(3, attempted).bind(4, shortened(error)).run();
    db.prepared("UPDATE _resource SET retry_denied_at = ?2 WHERE resource = ?1").bind(1, name_of(which)).bind(2, retry).run();
}

void set_unproven(database& db, resource which, std::string_view days) {
    db.prepared("UPDATE _resource SET unproven_days = nullif(?2, '') WHERE resource = ?1")
        .bind(1, name_of(which)).bind(2, shortened(days)).run();
}

void add_unproven(database& db, resource which, std::string_view days) {
    auto& update = db.prepared(
        "UPDATE _resource SET unproven_days = substr(coalesce(unproven_days || ', ', '') || ?2, 1, 1000) "
        "WHERE resource = ?1 AND instr(coalesce(unproven_days, ''), ?2) = 0");
    update.bind(1, name_of(which)).bind(2, days).run();
}

void set_loaded(database& db, resource which) {
    db.prepared("UPDATE _resource SET is_loaded = 1 WHERE resource = ?1").bind(1, name_of(which)).run();
}

void set_cursor(database& db, resource which, const model::cursor& value) {
    const auto at = text_of(value.at);
    db.prepared("UPDATE _resource SET cursor_at = ?2, overlap_seconds = ?3 WHERE resource = ?1")
        .bind(1, name_of(which)).bind(2, at).bind(3, static_cast<std::int64_t>(value.overlap.count())).run();
}

void set_list_form(database& db, resource which, std::string_view form) {
    db.prepared("UPDATE _resource SET list_form = ?2 WHERE resource = ?1").bind(1, name_of(which)).bind(2, form).run();
}

void build_indexes(database& db) {
    // A small cache makes the index sorter twice as fast (docs/decisions.md).
    db.connection().exec("PRAGMA cache_size = -1024");
    db.connection().exec(std::string(schema::indexes()));
    db.connection().exec("PRAGMA analysis_limit = 1000");
    db.connection().exec("ANALYZE");
    db.connection().exec("PRAGMA cache_size = -8192");
}

void extend_dates(database& db, std::chrono::sys_days last_day) {
    const std::string last = format_date(last_day);
    {
        auto& there = db.prepared("SELECT 1 FROM _dates WHERE date_key >= ?1 LIMIT 1");
        there.bind(1, last);
        const bool reaches = there.step();
        there.reset();
        if (reaches) return;
    }
    db.prepared(schema::dates()).bind(1, last).run();
}

}  // namespace mdock::store
