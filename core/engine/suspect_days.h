// SPDX-License-Identifier: MIT
// Where MinuteDock's own counts of entries differ from the mirror's: month, then day; or by halving where its answer has
// no groups (C3 rules 2 to 4). Says where to look, and takes no count's word for what is there.
#pragma once

#include <optional>
#include <vector>

#include "core/engine/session.h"
#include "core/model/period_sum.h"
#include "core/model/window.h"
#include "core/store/proof_state.h"

namespace mdock::engine {

struct counted {
    std::optional<failure> failed;              // of the requests; 403, 404 and 422: this token gets no counts
    std::vector<model::window> suspects;        // to be read again
    std::vector<model::period_sum> theirs;      // by month, where groups were understood
    store::count_rule rule;                     // as learned from these answers
    std::int64_t surplus = 0;                   // rows that the counts have over the mirror, over all periods
    bool is_own_only = false;                   // the counts are of this user's entries alone
};

// Compares up to `to`, inclusive. `rule` is what is known so far. Without `looks_closer` the suspects are whole months,
// for one request. `own`: days on which this mirror wrote a moment ago; a sum that has one of them in it proves nothing,
// because one row that is gone and one that is not counted yet make it equal.
asio::awaitable<counted> suspect_days(session& s, std::chrono::sys_days to, store::count_rule rule, bool looks_closer,
                                      const std::vector<std::chrono::sys_days>& own);

}  // namespace mdock::engine
