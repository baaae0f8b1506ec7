// SPDX-License-Identifier: MIT
// How far the whole read of a dated list has come: its windows and the longest page seen, in the same transactions as
// the rows they stand for, so that a kill at any point repeats only what was on the way.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "core/store/database.h"
#include "core/model/window.h"

namespace mdock::store {

struct load_progress {
    utc_seconds started_at;                    // server time before the first request: the cursor the load ends with
    std::vector<model::window> open;            // not yet in, oldest first
    std::int64_t windows_done = 0;
};

// The load in progress, if there is one.
std::optional<load_progress> load_in_progress(database& db, resource which);
void begin_load(database& db, resource which, utc_seconds started_at, const std::vector<model::window>& windows);
void finish_window(database& db, resource which, const model::window& done);
void replace_window(database& db, resource which, const model::window& old, const std::vector<model::window>& parts);
void end_load(database& db, resource which);

// The longest page of an endpoint, forgotten after seven days so that a lowered clamp is learned (C1 rule 2).
std::int64_t longest_page(database& db, std::string_view endpoint, utc_seconds now);
void forget_page(database& db, std::string_view endpoint);
void note_page(database& db, std::string_view endpoint, std::int64_t rows, utc_seconds now);

}  // namespace mdock::store
