// SPDX-License-Identifier: MIT
#include "core/sync/window.h"

#include <algorithm>

#include "core/base/planted.h"

namespace mdock::sync {

using std::chrono::days;

bool is_whole(std::int64_t rows, std::int64_t longest_page) {
    if (planted(bug::short_page_is_end)) return rows < 1000;
    return rows < std::max(longest_page, least_page);
}

std::vector<window> cut_by_date(const window& w, std::span<const sys_days> seen) {
    // The last day of the older part: somewhere in [from, to - 1].
    sys_days cut = w.from + (w.to - w.from) / 2;
    const auto inside = [&w](sys_days day) { return day >= w.from && day < w.to; };
    if (!seen.empty()) {
        std::vector<sys_days> sorted(seen.begin(), seen.end());
        std::sort(sorted.begin(), sorted.end());
        const sys_days oldest = sorted.front();
        const sys_days median = sorted[sorted.size() / 2];
        if (oldest > w.from && inside(oldest)) {
            cut = oldest;
        } else if (oldest == w.to) {
            cut = w.to - days{1};
        } else if (inside(median)) {
            cut = median;
        }
    }
    window older = w;
    older.to = cut;
    older.expected.reset();
    window newer = w;
    newer.from = cut + days{1};
    newer.expected.reset();
    return {older, newer};
}

std::vector<window> cut_by_user(const window& w, std::span<const std::int64_t> users) {
    std::vector<window> parts;
    for (const auto user : users) {
        window part = w;
        part.user_account_id = user;
        part.expected.reset();
        parts.push_back(part);
    }
    return parts;
}

std::vector<window> cut_by_contact(const window& w, std::span<const std::int64_t> contacts) {
    std::vector<window> parts;
    for (const auto contact : contacts) {
        window part = w;
        part.contact_id = contact;
        part.expected.reset();
        parts.push_back(part);
    }
    window without = w;
    without.contact_id = 0;
    without.expected.reset();
    parts.push_back(without);
    return parts;
}

}  // namespace mdock::sync
