// SPDX-License-Identifier: MIT
// A person's own changes: ordinary SQL on the mirrored tables, with the capture triggers on and the gate open for as long
// as one transaction, so that commands, the daemon and a stock SQLite shell all go the same way into `outbox`.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/base/error.h"
#include "core/store/database.h"

namespace mdock::store {

using write_value = std::variant<std::nullptr_t, std::int64_t, double, std::string>;

// One INSERT, UPDATE or DELETE; `values` stand for ?1, ?2, …
struct write_statement {
    std::string sql;
    std::vector<write_value> values;
};

// A row of `outbox` that a write has made or changed.
struct queued_change {
    std::int64_t outbox_id = 0;
    std::string resource;
    std::int64_t row_id = 0;
    std::string operation;
    std::string new_values;    // JSON, may be empty
    std::string old_values;
};

struct write_outcome {
    std::vector<queued_change> queued;    // what waits now that did not wait so before
    std::vector<std::int64_t> row_ids;    // last_insert_rowid() after each statement
    std::int64_t rows_changed = 0;
};

// Runs them in one transaction; with `keeps` false it is rolled back, for saying what would be queued. Other statements
// than writes of public tables are refused. Returns errc::write_refused with the sentence of the trigger, the CHECK or the
// authorizer; throws SQLite::Exception where the disk or the file is at fault.
result<write_outcome> write_locally(database& db, const std::vector<write_statement>& statements, bool keeps);

// What a person was shown before they agreed: the changes as they would wait, but for their own moments. Another text when
// the same statements would change something else by now.
std::string shown_as(const write_outcome& what);

// As write_locally with `keeps`, if it still does what was `agreed` to (shown_as of a rehearsal), else nothing.
result<write_outcome> write_as_agreed(database& db, const std::vector<write_statement>& statements, const std::string& agreed);

// writes.direct_sql: open, every connection to the file may change the mirrored tables and is captured. The gate stays as
// it is set until it is set again.
void open_gate_for_direct_sql(database& db, bool is_open);

}  // namespace mdock::store
