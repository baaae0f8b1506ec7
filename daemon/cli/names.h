// SPDX-License-Identifier: MIT
// X: what a person calls a row. An id (also the one a row had before MinuteDock gave it its own), a short code, or a name
// that fits one row only. Rows that are there and active come before those that are gone or archived.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/cli/session.h"

namespace mdock::cli {

// A noun of a list with names: contact, project, task, item or user.
struct named_row {
    std::string noun;
    std::int64_t id = 0;
    std::string name;
    std::string code;
    std::string contact;            // of a project
    std::optional<std::int64_t> contact_id;
    bool is_live = true;            // present, and not archived
};

// "Website (project 17 of Acme)".
std::string describe(const named_row& row);

// All that fit; an id fits one row at most. With `by_code` only a short code, or else a name written as one word, fits:
// what @ and # in a text mean.
std::vector<named_row> rows_named(SQLite::Database& db, std::string_view noun, const std::string& text, bool by_code = false);

// The live ones when there are any; of several projects those of `contact_id` when there are any.
std::vector<named_row> narrowed(std::vector<named_row> rows, std::optional<std::int64_t> contact_id);

// One of `rows`, which are not empty: the person chooses where there is one to ask, else usage with all of them named.
named_row one_of(session& here, const std::string& text, std::vector<named_row> rows);

// X to its row. Throws not_found_locally or usage.
named_row find_row(session& here, SQLite::Database& db, std::string_view noun, const std::string& text,
                   std::optional<std::int64_t> contact_id = std::nullopt);

// The id of a row that has no name, such as an entry. Throws usage for what is no number.
std::int64_t fact_id(SQLite::Database& db, std::string_view noun, std::string_view resource, const std::string& text);

// A number that is an id, or that was one before MinuteDock gave the row its own. Nothing for other text.
std::optional<std::int64_t> id_in(SQLite::Database& db, std::string_view resource, const std::string& text);

}  // namespace mdock::cli
