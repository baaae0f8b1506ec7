// SPDX-License-Identifier: MIT
// mdock today | week: what this token's user tracked, by day and contact, and the timer.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>

#include "daemon/cli/command_tree.h"
#include "daemon/cli/mirror_reader.h"
#include "daemon/cli/week.h"
#include "daemon/text.h"

namespace mdock::cli {
namespace {

using std::chrono::sys_days;

struct tracked_row {
    std::int64_t entry_id = 0, seconds = 0;
    std::string date, contact, project, description;
    std::optional<std::int64_t> contact_id, project_id;
};

std::optional<std::int64_t> id_or_nothing(const SQLite::Column& cell) {
    if (cell.isNull()) return std::nullopt;
    return cell.getInt64();
}

std::vector<tracked_row> tracked_between(SQLite::Database& db, sys_days first, sys_days last) {
    SQLite::Statement row(
        db,
        "SELECT e.entry_id, e.duration_seconds, e.entry_date, coalesce(c.name, '#' || e.contact_id, ''), "
        "coalesce(p.name, '#' || e.project_id, ''), coalesce(e.description, ''), e.contact_id, e.project_id FROM "
        "entries e "
        "LEFT JOIN contacts c ON c.contact_id = e.contact_id LEFT JOIN projects p ON p.project_id = e.project_id "
        "WHERE e.entry_date BETWEEN ? AND ? AND e.user_account_id IN (SELECT user_account_id FROM users WHERE is_me) "
        "ORDER BY e.entry_date, e.entry_id");
    row.bind(1, format_date(first));
    row.bind(2, format_date(last));
    std::vector<tracked_row> all;
    while (row.executeStep())
        all.push_back({row.getColumn(0).getInt64(), row.getColumn(1).getInt64(), row.getColumn(2).getString(),
                       row.getColumn(3).getString(), row.getColumn(4).getString(), row.getColumn(5).getString(),
                       id_or_nothing(row.getColumn(6)), id_or_nothing(row.getColumn(7))});
    return all;
}

std::int64_t total_of(const std::vector<tracked_row>& rows, std::string_view date = {}) {
    std::int64_t sum = 0;
    for (const auto& one : rows)
        if (date.empty() || one.date == date) sum += one.seconds;
    return sum;
}

boost::json::value or_null(const std::optional<std::int64_t>& id) {
    return id ? boost::json::value(*id) : boost::json::value(nullptr);
}

boost::json::array as_json(const std::vector<tracked_row>& rows) {
    boost::json::array list;
    for (const auto& one : rows)
        list.push_back({{"entry_id", one.entry_id},
                        {"entry_date", one.date},
                        {"duration_seconds", one.seconds},
                        {"contact_id", or_null(one.contact_id)},
                        {"contact_name", one.contact_id ? boost::json::value(one.contact) : nullptr},
                        {"project_id", or_null(one.project_id)},
                        {"project_name", one.project_id ? boost::json::value(one.project) : nullptr},
                        {"description", one.description}});
    return list;
}

int show_today(session& here) {
    auto db = open_mirror(here);
    const auto now = now_utc();
    const auto& zone = here.config().bi.time_zone;
    const auto today = day_in_zone(now, zone);
    const auto rows = tracked_between(db, today, today);
    const auto timer = read_timer(db, now);
    auto& out = here.out();
    if (out.is_json()) {
        boost::json::object body;
        body["date"] = format_date(today);
        body["time_zone"] = zone_name(zone);
        body["entries"] = as_json(rows);
        body["total_seconds"] = total_of(rows);
        body["timer"] = timer_as_json(timer);
        out.document(std::move(body));
        return 0;
    }
    std::vector<std::vector<std::string>> cells;
    for (const auto& one : rows) cells.push_back({as_hours(one.seconds), one.contact, one.project, one.description});
    out.line(out.in_tone(tone::strong, fmt::format("{} {}", weekday_name(today), format_date(today))));
    if (!cells.empty())
        out.print(format_table({{"HOURS", align::right},
                                {"CONTACT", align::left, true},
                                {"PROJECT", align::left, true},
                                {"DESCRIPTION", align::left, true}},
                               cells, out.data_columns()));
    out.line(fmt::format("{:>5}  tracked", as_hours(total_of(rows))));
    out.line(fmt::format("timer  {}", describe(timer)));
    return 0;
}

// Hours of one contact on each day of the week.
struct week_line {
    std::string contact;
    std::optional<std::int64_t> contact_id;
    std::array<std::int64_t, 7> seconds{};
    std::int64_t total() const {
        std::int64_t sum = 0;
        for (const auto one : seconds) sum += one;
        return sum;
    }
};

std::vector<week_line> by_contact(const std::vector<tracked_row>& rows, sys_days first) {
    std::vector<week_line> lines;
    for (const auto& one : rows) {
        auto line = std::find_if(lines.begin(), lines.end(),
                                 [&](const week_line& l) { return l.contact_id == one.contact_id; });
        if (line == lines.end()) line = lines.insert(lines.end(), week_line{one.contact, one.contact_id, {}});
        const auto day = parse_date(one.date);
        if (day) line->seconds[static_cast<std::size_t>((*day - first).count())] += one.seconds;
    }
    std::stable_sort(lines.begin(), lines.end(),
                     [](const week_line& a, const week_line& b) { return a.total() > b.total(); });
    return lines;
}

void print_week(output& out, const std::vector<week_line>& lines, const std::vector<tracked_row>& rows,
                sys_days first) {
    std::vector<table_column> columns{{"CONTACT", align::left, true}};
    for (int day = 0; day < 7; ++day)
        columns.push_back({weekday_name(first + std::chrono::days(day)).substr(0, 3), align::right, false});
    columns.push_back({"HOURS", align::right, false});
    std::vector<std::vector<std::string>> cells;
    const auto add_line = [&cells](const std::string& name, const std::array<std::int64_t, 7>& seconds,
                                   std::int64_t total) {
        auto& line = cells.emplace_back();
        line.push_back(name);
        for (const auto one : seconds) line.push_back(one == 0 ? "" : as_hours(one));
        line.push_back(as_hours(total));
    };
    std::array<std::int64_t, 7> sums{};
    for (const auto& line : lines) {
        add_line(line.contact_id ? line.contact : "(no contact)", line.seconds, line.total());
        for (std::size_t day = 0; day < 7; ++day) sums[day] += line.seconds[day];
    }
    add_line("total", sums, total_of(rows));
    out.print(format_table(columns, cells, out.data_columns()));
}

boost::json::object week_as_json(const std::vector<week_line>& lines, const std::vector<tracked_row>& rows,
                                 sys_days first) {
    boost::json::array days, contacts;
    for (int day = 0; day < 7; ++day) {
        const auto date = format_date(first + std::chrono::days(day));
        days.push_back({{"date", date}, {"total_seconds", total_of(rows, date)}});
    }
    for (const auto& line : lines)
        contacts.push_back({{"contact_id", or_null(line.contact_id)},
                            {"contact_name", line.contact_id ? boost::json::value(line.contact) : nullptr},
                            {"total_seconds", line.total()}});
    boost::json::object body;
    body["from"] = format_date(first);
    body["to"] = format_date(first + std::chrono::days(6));
    body["days"] = std::move(days);
    body["contacts"] = std::move(contacts);
    body["total_seconds"] = total_of(rows);
    return body;
}

int show_week(session& here) {
    auto db = open_mirror(here);
    const auto now = now_utc();
    const auto& bi = here.config().bi;
    const auto first = first_of_week(day_in_zone(now, bi.time_zone), bi.week_start);
    const auto rows = tracked_between(db, first, first + std::chrono::days(6));
    const auto lines = by_contact(rows, first);
    const auto timer = read_timer(db, now);
    auto& out = here.out();
    if (out.is_json()) {
        auto body = week_as_json(lines, rows, first);
        body["time_zone"] = zone_name(bi.time_zone);
        body["timer"] = timer_as_json(timer);
        out.document(std::move(body));
        return 0;
    }
    out.line(out.in_tone(tone::strong,
                         fmt::format("{} to {}", format_date(first), format_date(first + std::chrono::days(6)))));
    print_week(out, lines, rows, first);
    if (bi.weekly_capacity_hours > 0)
        out.line(
            fmt::format("{}% of {} hours",
                        static_cast<std::int64_t>(static_cast<double>(total_of(rows)) / 36 / bi.weekly_capacity_hours),
                        bi.weekly_capacity_hours));
    out.line(fmt::format("timer  {}", describe(timer)));
    return 0;
}

}  // namespace

void add_days(command_tree& tree) {
    tree.on(tree.add(nullptr, "today", "what you tracked today, and the timer", "  mdock today\n  mdock today --json"),
            show_today);
    tree.on(tree.add(nullptr, "week", "what you tracked this week, by contact and day",
                     "  mdock week\n  mdock week --json"),
            show_week);
}

}  // namespace mdock::cli
