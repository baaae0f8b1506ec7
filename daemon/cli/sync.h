// SPDX-License-Identifier: MIT
// What `sync`, `verify` and `run` share.
#pragma once

#include <boost/json/object.hpp>

#include <memory>

#include "core/engine/mirror.h"
#include "core/store/database.h"
#include "daemon/cli/session.h"

namespace mdock::cli {

// The counts by resource, `requests`, `errors[]`; and `error` when the round ended for all.
boost::json::object report_as_json(const engine::round_report& report);

// What a round could not do, on stderr with what to do about it. False when there is nothing to say.
bool say_failures(output& out, const engine::round_report& report);
// `code`, or 6 with what waits on stderr, when all went well and a change or a conflict waits for a person.
int or_needs_person(session& here, int code);
// After Ctrl-C; returns the exit code.
int say_interrupted(output& out, int signal_number);

// Makes the folder, opens the file for writing, and its gate for others' SQL as writes.direct_sql says. Throws failure_exception with the database codes.
std::unique_ptr<store::database> open_database(session& here);

}  // namespace mdock::cli
