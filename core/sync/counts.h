// SPDX-License-Identifier: MIT
// MinuteDock's counts beside the mirror's: which periods differ. Equal counts of a mirror that lacks nothing mean equal
// sets (docs/sync.md, invariant E); what differs only says where to look.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include "core/model/period_sum.h"

namespace mdock::sync {

using model::period_sum;

struct period_difference {
    std::chrono::sys_days from;
    std::int64_t theirs = 0;
    std::int64_t ours = 0;
};

// Periods whose row counts differ; both lists ascend. A period that one side lacks counts as 0.
std::vector<period_difference> different_counts(std::span<const period_sum> theirs, std::span<const period_sum> ours);

// Periods with equal counts whose hours cannot be the same sum, rounding granted: an edit that nobody stamped.
std::vector<std::chrono::sys_days> different_hours(std::span<const period_sum> theirs, std::span<const period_sum> ours);

}  // namespace mdock::sync
