// SPDX-License-Identifier: MIT
// What the judges remember of one machine between two looks at its file.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "core/model/resource.h"
#include "tests/sim/history.h"

namespace mdock::sim {

struct resource_marks {
    std::string cursor, complete, verified;    // database stamps compare as text
};

struct witness {
    stamp round_began{};
    // False from a lie of the service, or another set of visible rows, until everything was read again: `since` alone
    // cannot show what was hidden then.
    bool may_trust_since = true;
    std::optional<stamp> rights_seen;          // the last change of rights that the above knows of
    std::array<resource_marks, all_resources.size()> marks;
    std::array<std::string, all_resources.size()> verified;    // judged already
    std::int64_t seq = 0;
    std::set<std::pair<resource, row_id>> away;    // marked gone or hidden at the last look
    bool is_cut_off_all_along = false;             // the network was away from the round's first request on
    std::int64_t taken = 0;                        // rows that left between the last two looks
    bool was_revoked_at_start = false;
    std::int64_t faults_at_start = 0;              // an answer of nobody's may have stood in for the service's since
    bool was_well = false;                         // the round before, and nothing had happened before that one
    std::int64_t changes = -1, faults = -1;        // of the world, at the end of the round before
    std::int64_t reader_seq = 0;
    std::int64_t reader_rows = 0;
};

}  // namespace mdock::sim
