// SPDX-License-Identifier: MIT
// Rows that a whole answer did not show: are they gone? Absence is only ever a suspicion; a row is taken away after a 404
// for its id, in a session proven to be ours, or after two whole reads without it where there is no lookup by id
// (docs/sync.md, invariant G). Too many at once are held for a person (C3 rule 9).
#pragma once

#include <cstdint>
#include <vector>

#include "core/engine/session.h"

namespace mdock::engine {

struct suspects {
    explicit suspects(resource of) : which(of) {}

    resource which;
    std::vector<std::int64_t> ids;      // ascending
    bool went_back = false;             // rows came back older than they were (D10)
    bool shows_others = true;           // false: a long stretch was read and shows no row of another person
    bool is_everything = true;          // the answer covered all of the resource: an absence that is over ends a hold
};

// True when every one of them has its verdict; what is left is in s.open, or held.
asio::awaitable<bool> judge(session& s, suspects what);

}  // namespace mdock::engine
