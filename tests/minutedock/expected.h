// SPDX-License-Identifier: MIT
// What a correct mirror of one person's view must hold, computed from the server's state alone: not through its JSON
// and not through the client's decoder, so that an error in either shows as a difference.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/minutedock/server.h"

namespace minutedock {

struct expected_mirror_rows {
    using row = std::map<std::string, std::optional<std::string>>;  // column to text; nothing is NULL
    using table = std::map<std::int64_t, row>;                      // by the table's key, which is a column too

    // accounts, users, contacts, projects, tasks, items, entries, expenses, invoices, invoice_line_items, dock.
    // Generated columns, `extra`, `presence`, `gone_at`, `sync_state` and `observed_at` are left out; so is
    // `duration_seconds` of a dock that runs.
    std::map<std::string, table> tables;
    std::map<std::int64_t, std::vector<std::int64_t>> entry_tasks;  // every entry, task ids ascending
    std::vector<std::int64_t> dock_tasks;

    // Ids that rows of the mirror refer to and that this person cannot see: rows with presence 'placeholder'.
    std::map<std::string, std::set<std::int64_t>> placeholders;  // users, contacts, projects, tasks, items

    // "current", "denied" or "unavailable" for each table.
    std::map<std::string, std::string> states;

    // Counts that MinuteDock moves without a stamp, right at the moment of asking only: table to columns.
    static const std::map<std::string, std::vector<std::string>>& volatile_columns();
};

// `token` is a personal access token of the server's first account.
expected_mirror_rows expected_mirror(const server& from, std::string_view token);

// How numbers are written above: integers in decimal, doubles as "%.17g".
std::string number_text(std::int64_t value);
std::string number_text(double value);

}  // namespace minutedock
