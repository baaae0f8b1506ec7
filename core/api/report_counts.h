// SPDX-License-Identifier: MIT
// Entry counts out of POST /reports/generate. The shape of its groups is nowhere documented, so it is read leniently and
// believed only after it was compared with whole lists (docs/sync.md, "Proof"); no window is whole because of a count.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/base/error.h"

namespace mdock::api {

struct period_count {
    std::chrono::sys_days from;    // first day of the month, or the day
    std::int64_t entries = 0;
    std::optional<std::int64_t> hundredths;    // of an hour, where the group tells its hours
};

struct entry_counts {
    std::optional<std::int64_t> total;
    std::vector<period_count> periods;    // ascending; empty when the groups were not understood
};

// `by_day`: groups are days, else months.
result<entry_counts> decode_report_counts(std::string_view body, bool by_day);

}  // namespace mdock::api
