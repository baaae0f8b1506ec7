// SPDX-License-Identifier: MIT
// Reading the mirror for people: a read-only connection, cells as JSON or as text by the column's declared type, names
// to ids. Works with the daemon stopped or running.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <boost/json/object.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "daemon/cli/session.h"

namespace mdock::cli {

// Throws failure_exception(not_found_locally) when there is no mirror yet.
SQLite::Database open_mirror(session& here);

// The columns of a statement, looked up once.
class row_shape {
public:
    explicit row_shape(SQLite::Statement& query);

    // *_cents becomes a decimal string named without the suffix, TIMESTAMP RFC 3339 with Z, BOOLEAN true or false,
    // `extra` and `task_ids` their JSON; ids are integers.
    boost::json::object as_json(SQLite::Statement& row) const;
    // The cell of that name for a table: empty for NULL, "150.00", "yes"/"no", "1:30" for *_seconds.
    std::string as_text(SQLite::Statement& row, std::string_view name) const;
    const std::vector<std::string>& names() const { return names_; }

private:
    std::vector<std::string> names_, types_;
};

// Now, and what day it is in bi.time_zone.
utc_seconds now_utc();
std::chrono::sys_days day_in_zone(utc_seconds at, const std::string& zone);
// The name behind "system".
std::string zone_name(const std::string& zone);
// "2024-01-31", "today" or "yesterday", as the database has days. Throws usage, naming `flag`.
std::string day_named(session& here, std::string_view flag, const std::string& text);

// The running or idle timer, its time counted up to `now`.
struct timer_state {
    bool is_known = false;
    bool is_running = false;
    std::optional<std::string> description;
    std::int64_t duration_seconds = 0;
    std::string contact, project;
};
timer_state read_timer(SQLite::Database& db, utc_seconds now);
// "running 1:05  text  (Acme, Website)" or "no timer".
std::string describe(const timer_state& timer);
boost::json::object timer_as_json(const timer_state& timer);

}  // namespace mdock::cli
