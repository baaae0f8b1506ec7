// SPDX-License-Identifier: MIT
// POST /reports/generate: totals of the entries that the same filters would list, and groups in one of the shapes that
// the documentation leaves possible.
#include <algorithm>
#include <array>
#include <boost/json/value.hpp>

#include "core/base/decimal.h"
#include "tests/minutedock/asked.h"
#include "tests/minutedock/selection.h"

namespace minutedock {
namespace {

struct totals {
    std::int64_t entries = 0;
    std::int64_t seconds = 0;
    std::int64_t billable_seconds = 0;
    std::int64_t amount_cents = 0;

    void add(std::int64_t duration, std::int64_t rate_cents) {
        ++entries;
        seconds += duration;
        if (rate_cents == 0) return;
        billable_seconds += duration;
        amount_cents += (duration * rate_cents + 1800) / 3600;
    }
};

// A dimension's value as text, in the order of group_by: "2024-01", a contact's id, "" for none.
using group_key = std::vector<std::string>;
using grouping = std::map<group_key, totals>;

constexpr std::array<std::string_view, 6> dimensions{"contact", "user", "project", "date", "month", "year"};

std::optional<std::vector<std::string>> dimensions_of(const asked& r) {
    std::vector<std::string> wanted;
    const auto add_text = [&](std::string_view text) {
        while (!text.empty()) {
            const std::size_t comma = std::min(text.find(','), text.size());
            wanted.emplace_back(text.substr(0, comma));
            text.remove_prefix(std::min(comma + 1, text.size()));
        }
    };
    if (const auto* given = r.body.if_contains("group_by"); given != nullptr && given->is_string()) {
        add_text(std::string_view{given->get_string()});
    } else if (given != nullptr && given->is_array()) {
        for (const auto& one : given->get_array())
            if (one.is_string()) add_text(std::string_view{one.get_string()});
    }
    int dates = 0;
    for (const std::string& one : wanted) {
        if (std::find(dimensions.begin(), dimensions.end(), one) == dimensions.end()) return std::nullopt;
        if (one == "date" || one == "month" || one == "year") ++dates;
    }
    if (dates > 1) return std::nullopt;
    return wanted;
}

std::string month_text(std::string_view date, month_form how) {
    constexpr std::array<std::string_view, 12> names{"January",   "February", "March",    "April",
                                                     "May",       "June",     "July",     "August",
                                                     "September", "October",  "November", "December"};
    switch (how) {
        case month_form::iso: return std::string{date.substr(0, 7)};
        case month_form::first_day: return std::string{date.substr(0, 8)} + "01";
        case month_form::words: break;
    }
    const auto month = static_cast<std::size_t>((date[5] - '0') * 10 + (date[6] - '0'));
    return std::string{names[month - 1]} + " " + std::string{date.substr(0, 4)};
}

std::string value_of(const asked& r, std::string_view dimension, row_id contact, row_id user, row_id project,
                     std::string_view date) {
    const auto id_text = [](row_id id) { return id == 0 ? std::string{} : std::to_string(id); };
    if (dimension == "contact") return id_text(contact);
    if (dimension == "user") return id_text(user);
    if (dimension == "project") return id_text(project);
    if (dimension == "date") return std::string{date};
    if (dimension == "year") return std::string{date.substr(0, 4)};
    return month_text(date, r.how.report_month);
}

void write_totals(const asked& r, row_writer& rows, const totals& sum, bool with_counts) {
    if (with_counts) {
        rows.json.key("entries");
        rows.json.integer(sum.entries);
    }
    rows.json.key("hours");
    rows.json.quoted(hours_text(sum.seconds));
    if (!r.who.sees_all_rates()) return;
    rows.json.key("billable_hours");
    rows.json.quoted(hours_text(sum.billable_seconds));
    rows.json.key("billable_amount");
    rows.json.begin_object();
    rows.json.key(r.account.currency);
    rows.json.quoted(mdock::format_cents(sum.amount_cents));
    rows.json.end_object();
}

std::string_view name_of_row(const asked& r, std::string_view dimension, const std::string& value) {
    const row_id id = value.empty() ? 0 : std::stoll(value);
    const auto name_in = [id](const auto& from) -> std::string_view {
        const auto found = from.find(id);
        return found == from.end() ? std::string_view{} : std::string_view{found->second.name};
    };
    if (dimension == "contact") return name_in(r.account.contacts);
    if (dimension == "project") return name_in(r.account.projects);
    const auto who = r.account.users.find(id);
    return who == r.account.users.end() ? std::string_view{} : std::string_view{who->second.first_name};
}

bool is_date(std::string_view dimension) { return dimension == "date" || dimension == "month" || dimension == "year"; }

void write_dimension(const asked& r, row_writer& rows, const std::string& dimension, const std::string& value) {
    if (is_date(dimension)) {
        rows.json.key(dimension);
        rows.json.quoted(value);
        return;
    }
    if (r.how.report_groups == report_groups::nested) {
        rows.json.key(dimension);
        if (value.empty()) return rows.json.null();
        rows.json.begin_object();
        rows.json.key("id");
        rows.json.quoted(value);
        rows.json.key("name");
        rows.json.string(name_of_row(r, dimension, value));
        rows.json.end_object();
        return;
    }
    rows.json.key(dimension == "user" ? "user_account_id" : dimension + "_id");
    if (value.empty()) return rows.json.null();
    rows.json.quoted(value);
}

void write_group(const asked& r, row_writer& rows, const std::vector<std::string>& by, const group_key& key,
                 const totals& sum) {
    rows.json.begin_object();
    for (std::size_t i = 0; i < by.size(); ++i) write_dimension(r, rows, by[i], key[i]);
    write_totals(r, rows, sum, r.how.report_groups != report_groups::without_counts);
    rows.json.end_object();
}

// One list a dimension: {"month": [...], "contact": [...]}, each adding up to the whole.
void write_per_dimension(const asked& r, row_writer& rows, const std::vector<std::string>& by, const grouping& groups) {
    rows.json.begin_object();
    for (std::size_t i = 0; i < by.size(); ++i) {
        std::map<std::string, totals> sums;
        for (const auto& [key, sum] : groups) {
            totals& into = sums[key[i]];
            into.entries += sum.entries;
            into.seconds += sum.seconds;
            into.billable_seconds += sum.billable_seconds;
            into.amount_cents += sum.amount_cents;
        }
        rows.json.key(by[i]);
        rows.json.begin_array();
        for (const auto& [value, sum] : sums) write_group(r, rows, {by[i]}, {value}, sum);
        rows.json.end_array();
    }
    rows.json.end_object();
}

void write_groups(const asked& r, row_writer& rows, const std::vector<std::string>& by, const grouping& groups) {
    if (by.empty() || r.how.report_groups == report_groups::absent) return;
    rows.json.key("groups");
    if (r.how.report_groups == report_groups::per_dimension) return write_per_dimension(r, rows, by, groups);
    rows.json.begin_array();
    for (const auto& [key, sum] : groups) write_group(r, rows, by, key, sum);
    rows.json.end_array();
}

group_key key_of(const asked& r, const std::vector<std::string>& by, const entry& what, std::string_view day) {
    group_key key;
    for (const std::string& one : by) key.push_back(value_of(r, one, what.contact, what.user, what.project, day));
    return key;
}

void collect_docks(const asked& r, const selection& which, const std::vector<std::string>& by, totals& all,
                   grouping& groups) {
    if (!r.how.report_counts_dock) return;
    const auto today = std::chrono::floor<std::chrono::days>(r.now + std::chrono::minutes{r.account.zone_minutes});
    for (const auto& [user, what] : docked_in(r, which)) {
        entry as_entry;
        as_entry.user = user;
        as_entry.contact = what->contact;
        as_entry.project = what->project;
        all.add(what->duration(r.now), 0);
        if (!by.empty()) groups[key_of(r, by, as_entry, mdock::format_date(today))].add(what->duration(r.now), 0);
    }
}

void collect(const asked& r, const selection& which, const std::vector<std::string>& by, totals& all,
             grouping& groups) {
    // Groups by date alone are the common question and the same for all of a day.
    const bool is_by_date = by.size() == 1 && is_date(by.front());
    walk_days(r.account.entries, which.window, [&](std::chrono::sys_days date, const entry_book::day& those) {
        const std::string day = mdock::format_date(date);
        totals* of_the_day = nullptr;
        for (const std::uint32_t slot : those.slots) {
            const entry& what = r.account.entries.at(slot);
            if (!which.passes(r, what)) continue;
            const std::int64_t rate = r.who.sees_all_rates() ? billing_rate(r.account, what).value_or(0) : 0;
            all.add(what.duration, rate);
            if (by.empty()) continue;
            if (of_the_day == nullptr || !is_by_date) of_the_day = &groups[key_of(r, by, what, day)];
            of_the_day->add(what.duration, rate);
        }
        return true;
    });
    collect_docks(r, which, by, all, groups);
}

}  // namespace

void generate_report(asked& r) {
    switch (r.how.reports) {
        case endpoint::open: break;
        case endpoint::status_403: return refuse(r, 403, "You may not run reports");
        case endpoint::status_404: return refuse(r, 404, "Not found");
        case endpoint::status_422: return refuse(r, 422, "Reports are not enabled for this account");
    }
    const auto by = dimensions_of(r);
    if (!by) return refuse(r, 422, "group_by holds an unknown dimension or more than one of date, month and year");
    const auto which = selection_of_report(r);
    if (!which) return;
    totals all;
    grouping groups;
    collect(r, *which, *by, all, groups);
    row_writer rows = r.rows();
    rows.json.begin_object();
    rows.json.key("description");
    rows.json.quoted("Report");
    write_totals(r, rows, all, true);
    write_groups(r, rows, *by, groups);
    rows.json.end_object();
}

// The deprecated saved reports: every account has one, of this week by person.
void show_report(asked& r, row_id id) {
    if (id != 1) return refuse_unseen(r, false, false);
    row_writer rows = r.rows();
    rows.json.begin_object();
    rows.json.key("id");
    rows.json.integer(1);
    rows.json.key("name");
    rows.json.quoted("All time");
    rows.json.key("filters");
    rows.json.begin_object();
    rows.json.end_object();
    rows.json.key("grouping");
    rows.json.quoted("user");
    if (is_on(r, "run")) {
        const auto which = selection_of_report(r);
        totals all;
        grouping groups;
        if (which) collect(r, *which, {}, all, groups);
        rows.json.key("data");
        rows.json.begin_object();
        write_totals(r, rows, all, true);
        rows.json.end_object();
    }
    rows.json.end_object();
}

}  // namespace minutedock
