// SPDX-License-Identifier: MIT
#include "core/sync/counts.h"

#include <cstdlib>
#include <map>

#include "core/base/planted.h"

namespace mdock::sync {
namespace {

// Half of the hundredth of an hour that MinuteDock rounds to, and the half second more that the rounding's side needs.
constexpr std::int64_t rounding_seconds = 19;

struct both {
    period_sum theirs, ours;
};

std::map<std::chrono::sys_days, both> paired(std::span<const period_sum> theirs, std::span<const period_sum> ours) {
    std::map<std::chrono::sys_days, both> periods;
    for (const auto& one : theirs) periods[one.from].theirs = one;
    for (const auto& one : ours) periods[one.from].ours = one;
    return periods;
}

}  // namespace

std::vector<period_difference> different_counts(std::span<const period_sum> theirs, std::span<const period_sum> ours) {
    std::vector<period_difference> out;
    for (const auto& [from, sums] : paired(theirs, ours))
        if (sums.theirs.rows != sums.ours.rows) out.push_back({from, sums.theirs.rows, sums.ours.rows});
    return out;
}

std::vector<std::chrono::sys_days> different_hours(std::span<const period_sum> theirs, std::span<const period_sum> ours) {
    std::vector<std::chrono::sys_days> out;
    if (planted(bug::hours_not_compared)) return out;
    for (const auto& [from, sums] : paired(theirs, ours)) {
        if (sums.theirs.rows != sums.ours.rows || !sums.theirs.seconds || !sums.ours.seconds) continue;
        if (std::abs(*sums.theirs.seconds - *sums.ours.seconds) > rounding_seconds) out.push_back(from);
    }
    return out;
}

}  // namespace mdock::sync
