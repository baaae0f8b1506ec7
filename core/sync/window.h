// SPDX-License-Identifier: MIT
// When an answer over a date window is all of it, and how to cut the window when it is not (docs/sync.md, invariant W).
// Nothing here knows how answers are fetched.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include "core/model/window.h"

namespace mdock::sync {

using model::window;
using std::chrono::sys_days;

// The documented default page; a server that clamps below it contradicts its own text (C1 rule 2).
inline constexpr std::int64_t least_page = 100;

// An answer of `rows` is whole only when it is shorter than the longest page this endpoint ever gave: a silent clamp
// makes all cut answers equally long and none longer (P05).
bool is_whole(std::int64_t rows, std::int64_t longest_page);

// Two windows that cover `w` and are both shorter. `seen` are the dates of the answer that was not whole; the cut lies
// where a date-descending answer broke off, so that the newer part is likely whole. `w` must span several days.
std::vector<window> cut_by_date(const window& w, std::span<const sys_days> seen);

// One day that is still not whole, cut into users; each of those into contacts and the rows without one (P07).
std::vector<window> cut_by_user(const window& w, std::span<const std::int64_t> users);
std::vector<window> cut_by_contact(const window& w, std::span<const std::int64_t> contacts);

}  // namespace mdock::sync
