// SPDX-License-Identifier: MIT
#include "daemon/cli/mirror_reader.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>

#include "core/base/decimal.h"
#include "core/store/open.h"
#include "daemon/text.h"

namespace mdock::cli {
namespace {

std::string declared_type(SQLite::Statement& row, int column) {
    try {
        return row.getColumnDeclaredType(column);
    } catch (const SQLite::Exception&) {
        return {};  // an expression has none
    }
}

std::string instant(const std::string& stored) {
    const auto at = parse_database_timestamp(stored);
    return at ? format_rfc3339(*at) : stored;
}

boost::json::value json_or_text(const std::string& text) {
    boost::json::error_code error;
    auto value = boost::json::parse(text, error);
    return error ? boost::json::value(text) : value;
}

boost::json::value cell_as_json(const SQLite::Column& cell, const std::string& name, const std::string& type) {
    if (cell.isNull()) return nullptr;
    if (name.ends_with("_cents")) return boost::json::string(format_cents(cell.getInt64()));
    if (type == "BOOLEAN") return cell.getInt64() != 0;
    if (type == "TIMESTAMP") return boost::json::string(instant(cell.getString()));
    if (type == "TEXT" || name == "task_ids") return json_or_text(cell.getString());
    if (cell.isInteger()) return cell.getInt64();
    if (cell.isFloat()) return cell.getDouble();
    return boost::json::string(cell.getString());
}

}  // namespace

SQLite::Database open_mirror(session& here) { return store::open_reader(here.config().database.path); }

row_shape::row_shape(SQLite::Statement& query) {
    for (int i = 0; i < query.getColumnCount(); ++i) {
        names_.emplace_back(query.getColumnName(i));
        types_.push_back(declared_type(query, i));
    }
}

boost::json::object row_shape::as_json(SQLite::Statement& row) const {
    boost::json::object one;
    for (std::size_t i = 0; i < names_.size(); ++i) {
        const auto& name = names_[i];
        const auto shown = name.ends_with("_cents") ? name.substr(0, name.size() - 6) : name;
        one[shown] = cell_as_json(row.getColumn(static_cast<int>(i)), name, types_[i]);
    }
    return one;
}

std::string row_shape::as_text(SQLite::Statement& row, std::string_view name) const {
    const auto at = std::find(names_.begin(), names_.end(), name) - names_.begin();
    const auto cell = row.getColumn(static_cast<int>(at));
    if (cell.isNull()) return {};
    if (name.ends_with("_cents")) return format_cents(cell.getInt64());
    if (name.ends_with("_seconds")) return as_hours(cell.getInt64());
    if (types_[static_cast<std::size_t>(at)] == "BOOLEAN") return cell.getInt64() != 0 ? "yes" : "no";
    return cell.getString();
}

utc_seconds now_utc() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

std::string zone_name(const std::string& zone) {
    if (zone != "system") return zone;
    try {
        return date::current_zone()->name();
    } catch (const std::runtime_error&) {
        return "UTC";  // a container without /etc/localtime
    }
}

std::chrono::sys_days day_in_zone(utc_seconds at, const std::string& zone) {
    const auto local = date::locate_zone(zone_name(zone))->to_local(at).time_since_epoch();
    return std::chrono::sys_days(std::chrono::floor<std::chrono::days>(local));
}

std::string day_named(session& here, std::string_view flag, const std::string& text) {
    const auto today = day_in_zone(now_utc(), here.config().bi.time_zone);
    if (text == "today") return format_date(today);
    if (text == "yesterday") return format_date(today - std::chrono::days(1));
    if (const auto day = parse_date(text)) return format_date(*day);
    fail(errc::usage, fmt::format("{} \"{}\" is not a day; write it as 2024-01-31, today or yesterday", flag, text));
}

timer_state read_timer(SQLite::Database& db, utc_seconds now) {
    SQLite::Statement row(
        db,
        "SELECT d.is_running, d.description, d.duration_seconds, d.observed_at, c.name, p.name "
        "FROM dock d LEFT JOIN users u USING (user_account_id) LEFT JOIN contacts c ON c.contact_id = d.contact_id "
        "LEFT JOIN projects p ON p.project_id = d.project_id ORDER BY u.is_me IS NOT 1, d.user_account_id LIMIT 1");
    timer_state timer;
    if (!row.executeStep()) return timer;
    timer.is_known = true;
    timer.is_running = row.getColumn(0).getInt() != 0;
    if (!row.getColumn(1).isNull()) timer.description = row.getColumn(1).getString();
    timer.duration_seconds = row.getColumn(2).getInt64();
    const auto seen = parse_database_timestamp(row.getColumn(3).getString());
    if (timer.is_running && seen && now > *seen) timer.duration_seconds += (now - *seen).count();
    timer.contact = row.getColumn(4).getString();
    timer.project = row.getColumn(5).getString();
    return timer;
}

std::string describe(const timer_state& timer) {
    if (!timer.is_known) return "not known yet";
    if (!timer.is_running && timer.duration_seconds == 0 && !timer.description) return "no timer";
    std::string where = timer.contact;
    if (!timer.project.empty()) where += (where.empty() ? "" : ", ") + timer.project;
    return fmt::format("{} {}{}{}", timer.is_running ? "running" : "paused", as_hours(timer.duration_seconds),
                       timer.description && !timer.description->empty() ? "  " + made_visible(*timer.description) : "",
                       where.empty() ? "" : fmt::format("  ({})", made_visible(where)));
}

boost::json::object timer_as_json(const timer_state& timer) {
    boost::json::object one;
    one["running"] = timer.is_running;
    one["description"] = timer.description ? boost::json::value(*timer.description) : boost::json::value(nullptr);
    one["duration_seconds"] = timer.duration_seconds;
    return one;
}

}  // namespace mdock::cli
