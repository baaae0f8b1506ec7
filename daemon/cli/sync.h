// SPDX-License-Identifier: MIT
// What `sync` and `run` share.
#pragma once

#include <boost/json/object.hpp>

#include <memory>

#include "core/engine/mirror.h"
#include "core/store/database.h"
#include "daemon/cli/session.h"

namespace mdock::cli {

// The counts by resource, `requests`, `errors[]`; and `error` when the round ended for all.
boost::json::object report_as_json(const engine::round_report& report);

// Makes the folder and opens the file for writing. Throws failure_exception with the database codes.
std::unique_ptr<store::database> open_database(session& here);

}  // namespace mdock::cli
