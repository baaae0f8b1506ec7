// SPDX-License-Identifier: MIT
// Rows that this mirror has changed on MinuteDock a moment ago. Its lists and counts may show them as they were for a while
// yet, so an older version in a list is no news, and counts of their days prove nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "core/store/database.h"

namespace mdock::store {

// How long lists may lag behind; ten times the longest lag that the service model draws (assumption).
inline constexpr std::chrono::seconds lists_may_lag{300};

// Rows of `which`, or that one, each with the stamp of the version that MinuteDock answered with, or that it deleted.
std::map<std::int64_t, std::string> just_written(database& db, resource which, utc_seconds now,
                                                 std::optional<std::int64_t> row_id = std::nullopt);

// Days on which entries were, or are, that were changed so.
std::vector<std::chrono::sys_days> days_just_written(database& db, utc_seconds now);

}  // namespace mdock::store
