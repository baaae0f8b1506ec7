// SPDX-License-Identifier: MIT
// What the proof has found since a row of `changes`, and what is held now.
#pragma once

#include <optional>
#include <vector>

#include "core/base/time.h"
#include "core/model/proof_findings.h"
#include "core/store/database.h"

namespace mdock::store {

struct proof_findings {
    std::vector<model::difference> differences;      // one a row; what MinuteDock computes live is none (schema rule 12)
    std::vector<model::held_rows> held;
    std::optional<utc_seconds> verified_as_of;       // the oldest of all resources that this token may read
};

// `since`: the last seq before the verification began.
proof_findings read_proof(database& db, std::int64_t since);

}  // namespace mdock::store
