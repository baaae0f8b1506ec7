// SPDX-License-Identifier: MIT
// The report of a verification as a document: what `verify --json` shows, and what the daemon sends to the command, which
// is the same with the round that came first in `sync`.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "core/engine/mirror.h"

namespace mdock::cli {

// `equal`, `held[]`, `differences[]`, `unsettled[]`, `requests`, `verified_as_of`, `errors[]`; and `error` when it ended
// for all.
boost::json::object verify_as_json(const engine::verify_report& report);

boost::json::object verify_as_message(const engine::verify_report& report);
// bad_shape when `text` is no such message.
result<engine::verify_report> verify_from_message(const std::string& text);

// "missing", "ghost", "changed"
std::string_view name_of(engine::difference::kind what);

}  // namespace mdock::cli
