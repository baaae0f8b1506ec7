// SPDX-License-Identifier: MIT
// What waits in the outbox and what is in conflict, for people: each with why, since when and what to do.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mdock::cli {

struct waiting_row {
    std::int64_t outbox_id = 0;
    std::string queued_at, resource;
    std::int64_t row_id = 0;
    std::string operation, new_values, old_values, state;
    std::int64_t attempts = 0;
    std::string not_before, last_error;
    std::optional<std::int64_t> waits_for;
};

// All of them, or one.
std::vector<waiting_row> read_waiting_rows(SQLite::Database& db, std::optional<std::int64_t> id = std::nullopt);
boost::json::object as_json(const waiting_row& row);
// "update entries 4711: description "call"".
std::string describe(const waiting_row& row);
// Why it waits and what to do: one clause.
std::string reason(const waiting_row& row);

struct conflict_row {
    std::int64_t conflict_id = 0;
    std::string resource;
    std::int64_t row_id = 0;
    std::string field, base, mine, theirs, detected_at, choice, resolved_at;
};
std::vector<conflict_row> read_conflicts(SQLite::Database& db, bool only_open, std::optional<std::int64_t> id = std::nullopt);
boost::json::object as_json(const conflict_row& row);

// How much waits for a person, and how long the oldest of each state waits.
struct waiting_state {
    struct part {
        std::int64_t count = 0;
        std::string since, last_error;
    };
    part queued, held, sending, unknown, parked;
    std::int64_t conflicts = 0;
    std::string conflict_since;

    bool needs_person() const { return held.count + parked.count + conflicts > 0; }
};
waiting_state read_waiting_state(SQLite::Database& db);
// Lines for `mdock status`.
std::vector<std::string> describe(const waiting_state& state);

}  // namespace mdock::cli
