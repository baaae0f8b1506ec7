// SPDX-License-Identifier: MIT
// What an entry or the timer holds now, and the statements that give it what a person said: only what differs. Contact and
// project are one unit: a project never stays behind with another contact.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <optional>
#include <string>
#include <vector>

#include "daemon/cli/entry_words.h"
#include "daemon/cli/row_values.h"

namespace mdock::cli {

struct placed_row {
    std::string table, key;             // "entries", "entry_id"; or the dock
    std::string link_table;
    std::int64_t id = 0;
    std::optional<std::int64_t> contact_id, project_id, contact_of_project;
    std::vector<std::int64_t> task_ids;
    std::string description;
    std::int64_t duration_seconds = 0;
    std::string date;                   // of an entry
    bool is_running = false;            // of the dock
    std::string sync_state;

    // As the capture triggers judge the dock.
    bool is_idle() const {
        return !is_running && description.empty() && !contact_id && !project_id && duration_seconds == 0 && task_ids.empty();
    }
};

// Nothing when there is no such entry.
std::optional<placed_row> read_entry(SQLite::Database& db, std::int64_t id);
// The dock of the pinned user; nothing when it was never read.
std::optional<placed_row> read_dock(SQLite::Database& db);

// Sets what `words` say into `into`, notes a project that has to go with its contact.
void put_words(session& here, const entry_words& words, const placed_row& now, row_values& into);
// Task links: those of `words` are added, or replace the ones that are there.
std::vector<store::write_statement> task_statements(const entry_words& words, const placed_row& now);

// "0:20 on 2026-01-31, Acme, Website: call".
std::string in_words(SQLite::Database& db, const placed_row& row);
// The same of a row that is to be made.
std::string in_words(const entry_words& words, const std::string& date);

}  // namespace mdock::cli
