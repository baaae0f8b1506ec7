// SPDX-License-Identifier: MIT
// Three-way merge of one waiting update (docs/sync.md, C6), field by field: what it found, what it sets, what MinuteDock
// has now. Pure. Every edit of either side ends in what is sent, in what is already there, or in a conflict.
#pragma once

#include <string>
#include <vector>

#include "core/model/field_values.h"

namespace mdock::sync {

enum class on_conflict : std::uint8_t { ask, theirs, mine };

using model::field_conflict;

struct merge_result {
    model::field_values send;                  // fields whose merged value is not MinuteDock's
    std::vector<field_conflict> conflicts;     // both sides set the field, differently
    model::id_set dropped_tasks;               // we had added them, and MinuteDock has no such task any more (M05)
};

// `base` and `mine` have the same fields. `theirs` is the whole row; a field that it lacks is taken to be as `base` was.
// Contact and project are one unit: a project belongs to its contact, so a conflict in one is one in both where both
// changed. `gone_tasks`: ids that MinuteDock has no more.
merge_result merge(const model::field_values& base, const model::field_values& mine, const model::field_values& theirs,
                   const model::id_set& gone_tasks, on_conflict policy);

// (theirs ∪ (mine∖base)) ∖ (base∖mine)
model::id_set merge_sets(const model::id_set& base, const model::id_set& mine, const model::id_set& theirs);

}  // namespace mdock::sync
