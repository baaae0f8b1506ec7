// SPDX-License-Identifier: MIT
// One answer of a dated list, fetched, decoded and judged: is it all of its window? The longest page of each endpoint
// is remembered, since only a shorter answer is known to be whole (invariant W).
#pragma once

#include <memory>
#include <vector>

#include "core/engine/session.h"
#include "core/model/rows.h"
#include "core/model/window.h"

namespace mdock::engine {

struct page {
    std::vector<std::shared_ptr<model::row_batch>> rows;    // one batch, or several where a day had to be split
    bool is_whole = false;
    bool is_proven = true;     // false: the best that could be done, nothing may be concluded from absence
    std::int64_t received = 0;
    utc_seconds as_of{};       // the answer's Date, else the machine's clock
};

// What a walk over one list needs to know.
struct walk {
    resource which = resource::entries;
    std::optional<utc_seconds> since;
    std::int64_t longest_page = 0;    // kept up as answers come
};

// The endpoint's name under which its longest page is kept.
std::string_view endpoint_of(resource which);

// Reads the longest page known, for a new walk.
asio::awaitable<walk> begin_walk(session& s, resource which, std::optional<utc_seconds> since);

// Fetches one window. A window of one day that is not whole is split further before this returns, so the answer is not
// whole only for windows of several days.
asio::awaitable<result<page>> fetch_window(session& s, walk& w, model::window what);

// The dates of the rows of a page, for the cut.
std::vector<std::chrono::sys_days> dates_of(const page& p);

// The newest stamp in a page of one answer: a moment before that answer was made. Of a walk without a Date only its first
// answer may move the cursor (C2 rule 4): a stamp that a later one brings can be younger than a change in what was read
// before it, which would then be skipped for ever. Stamps later than `latest`, the machine's time, are passed over: one
// from the future must not carry the cursor away, nor put the machine's clock in its place (P15).
std::optional<utc_seconds> newest_in(const page& p, utc_seconds latest);

}  // namespace mdock::engine
