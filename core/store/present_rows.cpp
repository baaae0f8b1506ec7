// SPDX-License-Identifier: MIT
#include "core/store/present_rows.h"

#include <algorithm>
#include <map>

#include "core/model/rows.h"
#include "core/store/overlay.h"

namespace mdock::store {
namespace {

using std::chrono::sys_days;

// Rows that MinuteDock is expected to list.
std::string ours(const model::table& table) {
    std::string sql = std::string(table.key) + " < 9000000000000000";
    if (table.keeps_unseen) sql += " AND presence = 'present'";
    // Where a change waits, what MinuteDock shows is not what the table does: such a row is never suspected.
    if (table.takes_local_writes) sql += " AND sync_state <> 'queued'";
    return sql;
}

std::string date_column(resource which) {
    const auto& columns = model::layout_of(which);
    return std::string(columns.stored[static_cast<std::size_t>(columns.date)]->name);
}

std::string within_sql(resource which, const model::window& w) {
    const std::string date = date_column(which);
    std::string sql = " AND " + date + " BETWEEN ?1 AND ?2";
    if (which == resource::invoices) return sql + (w.is_archived ? " AND is_archived" : "");
    if (w.user_account_id) sql += " AND user_account_id = ?3";
    if (w.contact_id) sql += *w.contact_id == 0 ? " AND contact_id IS NULL" : " AND contact_id = ?4";
    if (w.task_id) sql += " AND entry_id IN (SELECT entry_id FROM entry_tasks WHERE task_id = ?5)";
    return sql;
}

// What stands for the window in within_sql; the days are borrowed until the statement's reset.
void bind_window(statement& to, resource which, const model::window& w, const std::string& from, const std::string& last) {
    to.bind(1, from).bind(2, last);
    if (which == resource::invoices) return;
    if (w.user_account_id) to.bind(3, *w.user_account_id);
    if (w.contact_id && *w.contact_id != 0) to.bind(4, *w.contact_id);
    if (w.task_id) to.bind(5, *w.task_id);
}

std::int64_t one_number(statement& select) {
    select.step();
    const auto number = select.integer(0);
    select.reset();
    return number;
}

// A row with a waiting change counts as MinuteDock has it.
void add_row(std::map<sys_days, model::period_sum>& to, const model::field_values& row, bool is_by_month, sys_days from, sys_days last,
             std::optional<std::int64_t> user) {
    const auto text = row.find("entry_date"), owner = row.find("user_account_id"), length = row.find("duration_seconds");
    const auto* date = text == row.end() ? nullptr : std::get_if<std::string>(&text->second);
    const auto day = date == nullptr ? std::nullopt : parse_date(*date);
    if (!day || *day < from || *day > last) return;
    if (user && (owner == row.end() || !model::is_same(owner->second, *user))) return;
    const std::chrono::year_month_day parts{*day};
    auto& sum = to[is_by_month ? sys_days{parts.year() / parts.month() / 1} : *day];
    const auto* seconds = length == row.end() ? nullptr : std::get_if<std::int64_t>(&length->second);
    sum = {is_by_month ? sys_days{parts.year() / parts.month() / 1} : *day, sum.rows + 1, sum.seconds.value_or(0) + (seconds == nullptr ? 0 : *seconds)};
}

std::vector<model::period_sum> sums(database& db, bool is_by_month, sys_days from, sys_days to, std::optional<std::int64_t> user) {
    const std::string_view period = is_by_month ? "substr(entry_date, 1, 7) || '-01'" : "entry_date";
    const std::string first = format_date(from), last = format_date(to);
    auto& select = db.prepared("SELECT " + std::string(period) + " AS period, count(*), sum(duration_seconds) FROM entries WHERE " +
                               ours(model::describe(resource::entries)) +
                               " AND entry_date BETWEEN ?1 AND ?2 AND (?3 IS NULL OR user_account_id = ?3) "
                               "GROUP BY period ORDER BY period");
    select.bind(1, first).bind(2, last).bind(3, user);
    std::map<sys_days, model::period_sum> sums;
    while (select.step())
        if (const auto day = parse_date(select.text(0))) sums[*day] = {*day, select.integer(1), select.integer(2)};
    select.reset();
    for (const auto& row : their_waiting_rows(db, resource::entries)) add_row(sums, row, is_by_month, from, to, user);
    std::vector<model::period_sum> out;
    for (const auto& [day, sum] : sums) out.push_back(sum);
    return out;
}

}  // namespace

std::vector<std::int64_t> present_rows(database& db, resource which, const model::window* within) {
    const auto& table = model::describe(which);
    const std::string sql = "SELECT " + std::string(table.key) + " FROM " + std::string(table.name) + " WHERE " + ours(table) +
                            (within != nullptr ? within_sql(which, *within) : std::string{}) + " ORDER BY 1";
    auto& select = db.prepared(sql);
    std::string from, to;
    if (within != nullptr) {
        from = format_date(within->from);
        to = format_date(within->to);
        bind_window(select, which, *within, from, to);
    }
    std::vector<std::int64_t> keys;
    while (select.step()) keys.push_back(select.integer(0));
    select.reset();
    return keys;
}

std::int64_t count_present(database& db, resource which) {
    const auto& table = model::describe(which);
    return one_number(db.prepared("SELECT count(*) FROM " + std::string(table.name) + " WHERE " + ours(table)));
}

std::vector<model::period_sum> month_sums(database& db, sys_days from, sys_days to, std::optional<std::int64_t> user) {
    return sums(db, true, from, to, user);
}

std::vector<model::period_sum> day_sums(database& db, sys_days from, sys_days to, std::optional<std::int64_t> user) {
    return sums(db, false, from, to, user);
}

sys_days window_start(database& db, resource which, sys_days least, sys_days to, std::int64_t rows) {
    const std::string date = date_column(which);
    const std::string last = format_date(to), first = format_date(least);
    // The day of the first row that would be too many; the window begins the day after.
    auto& select = db.prepared("SELECT " + date + " FROM " + std::string(name_of(which)) + " WHERE " + date +
                               " BETWEEN ?1 AND ?2 ORDER BY " + date + " DESC LIMIT 1 OFFSET ?3");
    select.bind(1, first).bind(2, last).bind(3, rows);
    std::optional<sys_days> beyond;
    if (select.step()) beyond = parse_date(select.text(0));
    select.reset();
    if (!beyond) return least;
    return std::min(*beyond + std::chrono::days{1}, to);
}

std::int64_t count_within(database& db, resource which, const model::window& what) {
    const std::string first = format_date(what.from), last = format_date(what.to);
    auto& select = db.prepared("SELECT count(*) FROM " + std::string(name_of(which)) + " WHERE " + ours(model::describe(which)) +
                               within_sql(which, what));
    bind_window(select, which, what, first, last);
    return one_number(select);
}

std::optional<sys_days> day_of(database& db, resource which, std::int64_t id) {
    if (model::layout_of(which).date < 0) return std::nullopt;
    auto& select = db.prepared("SELECT " + date_column(which) + " FROM " + std::string(name_of(which)) + " WHERE " +
                               std::string(model::describe(which).key) + " = ?1");
    select.bind(1, id);
    std::optional<sys_days> day;
    if (select.step() && !select.is_null(0)) day = parse_date(select.text(0));
    select.reset();
    return day;
}

std::int64_t count_of_others(database& db, resource which, std::int64_t me, const std::vector<std::int64_t>& among) {
    auto& select = db.prepared("SELECT count(*) FROM " + std::string(name_of(which)) + " WHERE " +
                               std::string(model::describe(which).key) + " = ?1 AND user_account_id IS NOT ?2");
    std::int64_t others = 0;
    for (const auto id : among) {
        select.bind(1, id).bind(2, me);
        others += one_number(select);
    }
    return others;
}

std::int64_t count_of_others(database& db, resource which, std::int64_t me) {
    const auto& table = model::describe(which);
    auto& select = db.prepared("SELECT count(*) FROM " + std::string(table.name) + " WHERE " + ours(table) +
                               " AND user_account_id IS NOT ?1");
    select.bind(1, me);
    return one_number(select);
}

bool are_the_newest(database& db, resource which, const std::vector<std::int64_t>& ids) {
    if (model::layout_of(which).updated < 0 || ids.empty()) return false;
    auto& newest = db.prepared("SELECT " + std::string(model::describe(which).key) + " FROM " + std::string(name_of(which)) +
                               " ORDER BY updated_at DESC LIMIT ?1");
    newest.bind(1, static_cast<std::int64_t>(ids.size()));
    bool all = true;
    while (newest.step()) all = all && std::binary_search(ids.begin(), ids.end(), newest.integer(0));
    newest.reset();
    return all;
}

}  // namespace mdock::store
