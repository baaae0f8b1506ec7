// SPDX-License-Identifier: MIT
#include "core/store/proof_report.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <map>
#include <set>

#include "core/model/rows.h"
#include "core/store/present_rows.h"

namespace mdock::store {
namespace {

namespace json = boost::json;
using kind = model::difference::kind;

json::object fields_of(const std::optional<std::string>& text) {
    if (!text) return {};
    json::error_code ec;
    auto value = json::parse(*text, ec);
    if (ec || !value.is_object()) return {};
    return value.get_object();
}

std::set<std::string> volatile_columns(resource which) {
    std::set<std::string> out;
    for (const auto& column : model::describe(which).columns)
        if (column.is_volatile) out.insert(std::string(column.name));
    return out;
}

// What became of one row over several changes: there before and after is a change, and so on.
struct course {
    std::string first, last;
    std::set<std::string> fields;
    std::optional<std::chrono::sys_days> day;
};

void follow(course& c, resource which, const std::string& operation, const json::object& before, const json::object& after) {
    if (c.first.empty()) c.first = operation;
    c.last = operation;
    if (operation == "update")
        for (const auto& field : after) c.fields.insert(std::string(field.key()));
    const auto date = model::layout_of(which).date;
    if (date < 0) return;
    const std::string column{model::layout_of(which).stored[static_cast<std::size_t>(date)]->name};
    for (const auto* one : {&before, &after})
        if (const auto* value = one->if_contains(column); value != nullptr && value->is_string())
            c.day = parse_date({value->get_string().data(), value->get_string().size()});
}

std::optional<kind> kind_of(const course& c) {
    const bool was_away = c.first == "insert" || c.first == "back";
    const bool is_away = c.last == "gone";
    if (was_away && is_away) return std::nullopt;
    if (was_away) return kind::missing;
    return is_away ? kind::ghost : kind::changed;
}

std::map<std::pair<resource, std::int64_t>, course> courses(database& db, std::int64_t since) {
    std::map<std::pair<resource, std::int64_t>, course> rows;
    auto& select = db.prepared(
        "SELECT resource, row_id, operation, old_values, new_values FROM changes WHERE seq > ?1 AND origin = 'verify' ORDER BY seq");
    select.bind(1, since);
    while (select.step()) {
        const auto which = resource_named(select.text(0));
        if (!which) continue;
        const auto before = fields_of(select.optional_text(3)), after = fields_of(select.optional_text(4));
        follow(rows[{*which, select.integer(1)}], *which, select.text(2), before, after);
    }
    select.reset();
    return rows;
}

std::vector<model::held_rows> all_held(database& db) {
    std::vector<model::held_rows> out;
    auto& select = db.prepared("SELECT resource, rows, detail FROM _held ORDER BY resource");
    while (select.step())
        if (const auto which = resource_named(select.text(0))) out.push_back({*which, select.integer(1), select.text(2)});
    select.reset();
    return out;
}

}  // namespace

proof_findings read_proof(database& db, std::int64_t since) {
    proof_findings out;
    for (auto& [row, c] : courses(db, since)) {
        const auto what = kind_of(c);
        if (!what) continue;
        for (const auto& column : volatile_columns(row.first)) c.fields.erase(column);
        if (*what == kind::changed && c.fields.empty()) continue;
        model::difference one{row.first, row.second, *what, {}, c.day ? c.day : day_of(db, row.first, row.second)};
        if (*what == kind::changed) one.fields.assign(c.fields.begin(), c.fields.end());
        out.differences.push_back(std::move(one));
    }
    out.held = all_held(db);
    auto& oldest = db.prepared(
        "SELECT iif(count(*) = count(verified_as_of), min(verified_as_of), NULL) FROM mirror_status "
        "WHERE state NOT IN ('denied', 'unavailable')");
    if (oldest.step() && !oldest.is_null(0)) out.verified_as_of = parse_database_timestamp(oldest.text(0));
    oldest.reset();
    return out;
}

}  // namespace mdock::store
