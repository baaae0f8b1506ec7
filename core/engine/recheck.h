// SPDX-License-Identifier: MIT
// Date windows read again and compared with the mirror both ways: what differs is mended, and what the mirror has and
// the answer lacks is told, for core/engine/verdict to judge. The unit of the proof, the sweep and the whole reads.
#pragma once

#include <vector>

#include "core/engine/session.h"
#include "core/model/window.h"

namespace mdock::engine {

struct recheck_finding {
    std::vector<std::int64_t> absent;    // ascending
    bool is_settled = true;              // false: an answer failed or could not be proven whole; s.open says which
    bool went_back = false;              // rows came back older than they are here
    bool shows_others = false;           // rows of other people than this token's user are among the answers
    std::optional<failure> failed;       // the last request that failed
};

// Windows of invoices' archived list come before those of the active one: an invoice may move between the two (P16).
// `accepts_older`: a person takes the service's word for rows that came back older.
asio::awaitable<recheck_finding> recheck(session& s, resource which, std::vector<model::window> windows, bool accepts_older);

}  // namespace mdock::engine
