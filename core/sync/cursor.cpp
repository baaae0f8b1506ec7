// SPDX-License-Identifier: MIT
#include "core/sync/cursor.h"

#include <algorithm>

#include "core/base/planted.h"

namespace mdock::sync {
namespace {

constexpr seconds widest_overlap = std::chrono::hours{24};
constexpr seconds clocks_agree_within = std::chrono::minutes{1};
constexpr seconds overlap_without_date = std::chrono::minutes{15};

}  // namespace

utc_seconds cautious(utc_seconds date, utc_seconds machine) {
    if (date - machine <= clocks_agree_within) return date;
    return std::max(machine, date - widest_overlap);
}

std::optional<utc_seconds> since_of(const cursor& c) {
    if (!c.at) return std::nullopt;
    if (planted(bug::no_overlap)) return c.at;
    if (planted(bug::strict_since)) return *c.at + seconds{1};
    return *c.at - c.overlap;
}

std::optional<utc_seconds> complete_as_of(const cursor& c) { return since_of(c); }

cursor advance(const cursor& c, std::optional<utc_seconds> before_walk, std::optional<utc_seconds> newest_seen,
               seconds lateness) {
    cursor next = c;
    next.overlap = std::min(widest_overlap, std::max(next.overlap, 4 * lateness));
    std::optional<utc_seconds> at = before_walk;
    if (!at) {
        at = newest_seen;
        next.overlap = std::max(next.overlap, overlap_without_date);
    }
    if (at && (!next.at || *at > *next.at || planted(bug::cursor_goes_back))) next.at = at;
    return next;
}

}  // namespace mdock::sync
