// SPDX-License-Identifier: MIT
// The `since` cursor: server time before the walk, less an overlap that grows with the lateness seen (docs/sync.md,
// invariant S). The machine's own clock never enters (T01).
#pragma once

#include <chrono>
#include <optional>

#include "core/base/time.h"
#include "core/model/window.h"

namespace mdock::sync {

using model::cursor;
using std::chrono::seconds;

// The service's Date as a cursor may use it. One that runs ahead of the stamps would step over what is stamped in
// between, round after round (T08); the machine's clock is the only other witness. Where that is behind the Date, the
// earlier of the two is taken, but at most a day earlier, so that a dead battery (T01) costs a day read twice and no
// entry.
utc_seconds cautious(utc_seconds date, utc_seconds machine);

// What a walk may ask for; nothing when there is no cursor yet.
std::optional<utc_seconds> since_of(const cursor& c);

// What is certainly here: the mirror's `complete_as_of`.
std::optional<utc_seconds> complete_as_of(const cursor& c);

// The cursor after a whole walk. `before_walk` is the Date of the last answer before the walk's first request;
// `newest_seen` the newest updated_at of the walk's first answer, used only where the service sends no Date (T08, C2 rule 4);
// `lateness` how far behind the old cursor a row first seen now was stamped (P09). Never goes back (MONO).
cursor advance(const cursor& c, std::optional<utc_seconds> before_walk, std::optional<utc_seconds> newest_seen,
               seconds lateness);

}  // namespace mdock::sync
