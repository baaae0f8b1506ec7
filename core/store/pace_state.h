// SPDX-License-Identifier: MIT
// What the gate must not forget when the process ends: the learned rate, the pause in force and how many requests the
// last minute and hour had. A restart does not shorten a wait (N13).
#pragma once

#include <optional>

#include "core/base/time.h"
#include "core/store/database.h"

namespace mdock::store {

struct stored_pace {
    std::optional<int> allowed_per_minute;
    std::optional<utc_seconds> not_before;
    std::int64_t pause_seconds = 0;
    int requests_last_minute = 0;
};

// `now`: the machine's UTC, by which the pause was stored too.
stored_pace read_pace(database& db, utc_seconds now);
void write_pace(database& db, int allowed_per_minute, std::optional<utc_seconds> not_before, std::int64_t pause_seconds,
                std::optional<utc_seconds> last_429_at);
// Adds `count` requests to the minute of `at` and drops minutes older than a day.
void add_requests(database& db, utc_seconds at, std::int64_t count);

}  // namespace mdock::store
