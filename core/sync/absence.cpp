// SPDX-License-Identifier: MIT
#include "core/sync/absence.h"

#include <algorithm>

#include "core/base/planted.h"

namespace mdock::sync {
namespace {

constexpr std::int64_t always_believed = 5;
// Two entries of a colleague's may well be deleted in one go; from here on "all of them" says something.
constexpr std::int64_t telling_others = 3;

}  // namespace

doubt doubt_about(const absence& what) {
    if (planted(bug::no_mass_guard)) return doubt::none;
    if (what.went_back) return doubt::rewound;
    if (what.absent == 0) return doubt::none;
    const bool are_all_others = what.absent_others == what.others || !what.shows_others;
    if (what.absent_others >= telling_others && what.absent == what.absent_others && are_all_others) return doubt::visibility;
    if (!what.has_lookup && what.absent == what.rows) return doubt::empty;
    if (what.absent <= std::max(always_believed, what.rows / 5)) return doubt::none;
    return what.only_the_newest ? doubt::rewound : doubt::mass;
}

}  // namespace mdock::sync
