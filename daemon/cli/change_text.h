// SPDX-License-Identifier: MIT
// What a command says after it has changed something: what waits now, and what to do next.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "daemon/cli/local_change.h"

namespace mdock::cli {

// The mirror, to be read before a change. Throws not_found_locally while nothing has been mirrored into the file.
SQLite::Database open_for_change(session& here);

// JSON of `new_values` or `old_values` as --json shows values: money as decimal text; null for an empty text.
boost::json::value shown_values(const std::string& json);
// "description "call", duration 0:20", or "" for none.
std::string values_in_words(const std::string& json);

boost::json::array as_json(const std::vector<store::queued_change>& queued);
// "create entries 9000000000000001: description "call", duration 0:20".
std::string describe(const store::queued_change& one);

// The line and the document of a change that was made. `body` goes into the document.
int say_changed(session& here, const std::string& line, const write_answer& got, boost::json::object body = {});
// What to do next, on stderr.
void say_next(session& here, bool by_daemon);

// For commands that take something away: with `dry_run` only says what would be queued, else asks, then does it.
struct losing_options {
    bool yes = false;
    bool dry_run = false;
};
void add_losing_options(CLI::App* command, losing_options& into);
int change_if_agreed(session& here, const losing_options& how, const std::string& question, const std::string& line,
                     std::vector<store::write_statement> statements, boost::json::object body = {});

}  // namespace mdock::cli
