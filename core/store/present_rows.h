// SPDX-License-Identifier: MIT
// Which rows the mirror holds as MinuteDock's own, for comparing with a whole answer. Rows with a local change or made
// here are nobody's ghosts (P13).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/period_sum.h"
#include "core/model/window.h"
#include "core/store/database.h"

namespace mdock::store {

// Keys ascending. With a window, only rows that its request would list.
std::vector<std::int64_t> present_rows(database& db, resource which, const model::window* within = nullptr);
std::int64_t count_present(database& db, resource which);

// Entries by month or by day, with their seconds; `user` counts one person's only.
std::vector<model::period_sum> month_sums(database& db, std::chrono::sys_days from, std::chrono::sys_days to,
                                         std::optional<std::int64_t> user);
std::vector<model::period_sum> day_sums(database& db, std::chrono::sys_days from, std::chrono::sys_days to,
                                       std::optional<std::int64_t> user);

// The first day of the window that ends with `to` and holds about `rows` rows of `which` or fewer, but at least one day;
// `least` where there are no more.
std::chrono::sys_days window_start(database& db, resource which, std::chrono::sys_days least, std::chrono::sys_days to,
                                   std::int64_t rows);
// Rows that the window's request would list.
std::int64_t count_within(database& db, resource which, const model::window& what);

// The day that a dated row is on.
std::optional<std::chrono::sys_days> day_of(database& db, resource which, std::int64_t id);

// Of rows with an owner: how many are other people's than `me`.
std::int64_t count_of_others(database& db, resource which, std::int64_t me, const std::vector<std::int64_t>& among);
std::int64_t count_of_others(database& db, resource which, std::int64_t me);

// True when each of `ids` was changed later than every other row of `which`.
bool are_the_newest(database& db, resource which, const std::vector<std::int64_t>& ids);

}  // namespace mdock::store
