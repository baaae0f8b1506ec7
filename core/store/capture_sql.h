// SPDX-License-Identifier: MIT
// The triggers between a person's SQL and `outbox`, generated from the description: one script that drops and makes
// them. They run on every connection that has triggers on (the gate decides whether a write passes at all), with stock
// SQLite functions only, with recursive_triggers on or off. What they leave behind is in docs/sync.md.
#pragma once

#include <string>

namespace mdock::store {

// Needs the tables, and the view _now of schema/capture_dock.sql, which has the dock's own triggers.
std::string capture_sql();

}  // namespace mdock::store
