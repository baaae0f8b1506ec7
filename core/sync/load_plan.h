// SPDX-License-Identifier: MIT
// The first load's windows: as few as the pages allow, together covering every date once. Counts only steer the sizes;
// a window that turns out too full is cut when its answer comes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/sync/window.h"

namespace mdock::sync {

struct month_count {
    sys_days first_day;    // of the month
    std::int64_t rows = 0;
};

// Windows from `from` to `to`, oldest first, each expected to hold at most 85% of `longest_page`. `months` ascend.
// With no months the result is the one window of everything.
std::vector<window> plan_load(sys_days from, sys_days to, std::span<const month_count> months,
                              std::int64_t longest_page);

}  // namespace mdock::sync
