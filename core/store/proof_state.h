// SPDX-License-Identifier: MIT
// What the proof has learned and where it stands: how report counts relate to lists, the rolling sweep, the tasks'
// entries_count.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "core/store/database.h"

namespace mdock::store {

// The words are those of schema/0002_proof.sql.
struct count_rule {
    std::string scope = "unknown";
    std::string grouping = "unknown";
    std::string docks = "unknown";
    std::string hours = "unknown";
    bool operator==(const count_rule&) const = default;
};

count_rule read_count_rule(database& db);
void write_count_rule(database& db, const count_rule& rule, utc_seconds at);

// One pass over all days from the newest to the oldest.
struct sweep {
    std::optional<utc_seconds> started_at;               // server time; absent before the first
    std::optional<std::chrono::sys_days> next_day;       // the newest day not yet read; absent when the pass is through
    bool is_clean = true;                                // nothing of this pass is unsettled
    std::optional<utc_seconds> finished_at;              // of the last pass
};

// `part`: recent or all.
sweep read_sweep(database& db, std::string_view part);
void write_sweep(database& db, std::string_view part, const sweep& where);

// A task as MinuteDock counts it and as the mirror does.
struct task_tally {
    std::int64_t task_id = 0;
    std::int64_t theirs = 0;          // entries_count, as last read
    std::int64_t ours = 0;
    std::int64_t difference = 0;      // theirs - ours when it was last looked into
    std::int64_t doubts = 0;          // looks that found nothing wrong although the difference had changed
};

std::vector<task_tally> task_tallies(database& db);
void keep_tally(database& db, const task_tally& tally);

}  // namespace mdock::store
