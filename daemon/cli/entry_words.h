// SPDX-License-Identifier: MIT
// What a person says of an entry or the timer: the typed line and the options, understood against the mirror, so that
// nothing is left for MinuteDock to guess: contact, project and tasks are ids, the duration is seconds.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "daemon/cli/names.h"

namespace mdock::cli {

// An option that may be given as "", which takes the value away.
struct text_option {
    std::string value;
    CLI::Option* option = nullptr;

    bool is_given() const { return option != nullptr && option->count() > 0; }
    void add_to(CLI::App* command, const std::string& flag, const std::string& meaning, const std::string& shown);
};

struct entry_options {
    std::vector<std::string> words;
    text_option date, duration, contact, project;
    std::vector<std::string> tasks;
    CLI::Option* tasks_option = nullptr;

    bool has_tasks() const { return tasks_option != nullptr && tasks_option->count() > 0; }
    std::string text() const;
};

// --duration, --contact, --project and --task; `with_date` --date too.
void add_entry_options(CLI::App* command, entry_options& into, bool with_date);

// What the line and the options say; nothing where they are silent. The outer optional: said; the inner: which, or none.
struct entry_words {
    std::optional<std::string> description;
    std::optional<std::int64_t> duration_seconds;
    std::optional<std::optional<named_row>> contact, project;
    std::vector<named_row> tasks;
    bool replaces_tasks = false;    // --task was given: the tasks are these and no others
    std::optional<std::string> date;
};

// `contact_id`: the contact that the row has now; projects of it are meant before others. A code that fits nothing stays a
// word, and a note says so. Throws usage for what contradicts itself.
entry_words understand(session& here, SQLite::Database& db, const entry_options& said,
                       std::optional<std::int64_t> contact_id = std::nullopt);

// "--duration" alone. Throws usage.
std::int64_t duration_of(const std::string& text);

}  // namespace mdock::cli
