// SPDX-License-Identifier: MIT
// What is to be done about a wish of the timer's on the dock as MinuteDock has it now (C5): pure, and without a request.
#pragma once

#include <cstdint>
#include <string>

#include "core/api/writes.h"
#include "core/model/field_values.h"
#include "core/model/rows.h"
#include "core/store/dock_changes.h"
#include "core/sync/merge.h"

namespace mdock::engine {

struct dock_now {
    bool is_known = false;
    std::string body;          // the answer, decoded again where it is applied
    model::field_values fields;
    std::int64_t seconds = 0;
    bool is_running = false;
    bool is_idle = true;
    bool is_bare_404 = false;  // an empty dock to some services, anything to a proxy
    api::dock_version version;
};
// `rows`: what `body` decodes to; no row is an idle dock.
dock_now dock_in(const model::row_batch& rows, std::string body);

enum class dock_step : std::uint8_t { finish, conflict, entry, put, remove, redock };

struct dock_plan {
    store::dock_wish wish;
    store::local_dock here;
    dock_step what = dock_step::finish;
    model::field_values send;
    bool is_logged = false;
};

struct dock_ground {
    const dock_now& dock;
    bool was_sent = false;            // an earlier process has sent the wish, and did not hear the answer
    bool is_entry_there = false;      // the dock is idle, and what was to be logged is among the entries
    sync::on_conflict policy = sync::on_conflict::ask;
};

// Fills in `what`, `send` and `is_logged` by `wish` and `here`.
void choose(dock_plan& p, const dock_ground& on);

}  // namespace mdock::engine
