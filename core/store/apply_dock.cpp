// SPDX-License-Identifier: MIT
#include "core/store/apply_dock.h"

#include <cstdlib>

#include "core/store/dock_changes.h"

namespace mdock::store {
namespace {

using model::cell;
using model::cell_type;

// Network time and whole seconds on both sides; more than this is a person's edit of the time.
constexpr std::int64_t drift_allowed = 2;

struct stored_dock {
    bool is_running = false;
    std::int64_t duration = 0;
    std::optional<utc_seconds> observed;
};

std::optional<stored_dock> read_dock(database& db, std::int64_t user) {
    auto& select = db.prepared("SELECT is_running, duration_seconds, observed_at FROM dock WHERE user_account_id = ?1");
    select.bind(1, user);
    std::optional<stored_dock> out;
    if (select.step())
        out = stored_dock{select.integer(0) != 0, select.integer(1), parse_database_timestamp(select.text(2))};
    select.reset();
    return out;
}

bool is_idle(const model::row_batch& rows) {
    const auto& columns = rows.columns();
    const auto cells = rows.row(0);
    const auto& running = cells[columns.cell_of("is_running")];
    const auto& duration = cells[columns.cell_of("duration_seconds")];
    const auto& text = cells[columns.cell_of("description")];
    const bool runs = running.type == cell_type::integer && running.integer != 0;
    const bool has_time = duration.type == cell_type::integer && duration.integer != 0;
    return !runs && !has_time && text.view().empty() && rows.links(0).empty() &&
           cells[columns.cell_of("contact_id")].type == cell_type::null &&
           cells[columns.cell_of("project_id")].type == cell_type::null;
}

// An idle dock is a row with is_running 0, duration 0 and NULL in all else but the versions (schema contract).
void normalise(model::row_batch& rows, std::int64_t user) {
    if (rows.empty()) rows.append()[rows.columns().key] = cell::of(user);
    const auto& columns = rows.columns();
    auto cells = rows.row(0);
    if (is_idle(rows)) cells[columns.cell_of("description")] = {};
    for (const char* name : {"is_running", "duration_seconds"})
        if (auto& value = cells[columns.cell_of(name)]; value.type == cell_type::null) value = cell::of(std::int64_t{0});
}

}  // namespace

applied apply_dock(database& db, model::row_batch rows, std::int64_t user_account_id, const apply_how& how) {
    // What a person wants of the timer shows until it is decided, with the version that they saw.
    if (has_dock_change(db, user_account_id)) return {};
    normalise(rows, user_account_id);
    const auto& columns = rows.columns();
    auto cells = rows.row(0);
    auto& duration = cells[columns.cell_of("duration_seconds")];
    const bool runs = cells[columns.cell_of("is_running")].integer != 0;
    const auto before = read_dock(db, user_account_id);
    if (runs && before && before->is_running && before->observed) {
        const std::int64_t predicted = before->duration + (how.at - *before->observed).count();
        if (std::llabs(predicted - duration.integer) <= drift_allowed) duration = cell::of(before->duration);
    }
    const bool time_differs = !before || before->is_running != runs || before->duration != duration.integer;
    const applied done = apply_rows(db, rows, how);
    const std::string at = format_timestamp(how.at);
    if (time_differs || !before->observed)
        db.prepared("UPDATE dock SET observed_at = ?1 WHERE user_account_id = ?2").bind(1, at).bind(2, user_account_id).run();
    return done;
}

}  // namespace mdock::store
