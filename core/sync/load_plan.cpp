// SPDX-License-Identifier: MIT
#include "core/sync/load_plan.h"

#include <algorithm>

namespace mdock::sync {
namespace {

using namespace std::chrono;

sys_days last_day_of_month(sys_days first) {
    const year_month_day date{first};
    return sys_days{date.year() / date.month() / last};
}

window expecting(sys_days from, sys_days to, std::int64_t rows) {
    window w;
    w.from = from;
    w.to = to;
    w.expected = rows;
    return w;
}

// A month with more rows than one window may hold, in equal runs of days.
void append_full_month(std::vector<window>& out, sys_days from, sys_days to, std::int64_t rows, std::int64_t target) {
    const std::int64_t length = (to - from).count() + 1;
    const std::int64_t parts = std::min<std::int64_t>(length, (rows + target - 1) / target);
    for (std::int64_t i = 0; i < parts; ++i) {
        const sys_days a = from + days{length * i / parts};
        const sys_days b = from + days{length * (i + 1) / parts - 1};
        out.push_back(expecting(a, b, rows * (i + 1) / parts - rows * i / parts));
    }
}

}  // namespace

std::vector<window> plan_load(sys_days from, sys_days to, std::span<const month_count> months,
                              std::int64_t longest_page) {
    const std::int64_t target = std::max(longest_page, least_page) * 85 / 100;
    std::vector<window> out;
    std::int64_t gathered = 0;
    sys_days start = from;
    for (const auto& month : months) {
        const sys_days month_end = std::min(last_day_of_month(month.first_day), to);
        if (month.first_day < start || month.first_day > to) continue;    // repeated, out of order or out of range
        if (gathered + month.rows > target && month.first_day > start) {
            out.push_back(expecting(start, month.first_day - days{1}, gathered));
            start = month.first_day;
            gathered = 0;
        }
        if (month.rows > target) {
            append_full_month(out, start, month_end, month.rows, target);
            start = month_end + days{1};
            gathered = 0;
        } else {
            gathered += month.rows;
        }
    }
    if (start <= to) out.push_back(expecting(start, to, gathered));
    return out;
}

}  // namespace mdock::sync
