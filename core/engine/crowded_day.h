// SPDX-License-Identifier: MIT
// One day with more rows than a page: split by user, then by contact, then read in anchored pages (C1 rules 2 and 4,
// P07). Never strides by what was asked for; what cannot be proven whole is said to be unproven.
#pragma once

#include "core/api/requests.h"
#include "core/engine/pages.h"

namespace mdock::engine {

// The request for a window of a walk, from row `offset` on.
api::list_query query_for(const walk& w, const model::window& what, int offset);

// One request, decoded; counts towards the longest page.
asio::awaitable<result<page>> fetch_page(session& s, walk& w, api::list_query query);

// `first` is the day's answer that was not whole. The result is whole; `is_proven` says whether that is certain.
asio::awaitable<result<page>> read_crowded_day(session& s, walk& w, model::window day, page first);

}  // namespace mdock::engine
