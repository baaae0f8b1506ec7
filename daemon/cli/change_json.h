// SPDX-License-Identifier: MIT
// Local changes as they go over the control socket. What is missing or of the wrong type is a usage failure.
#pragma once

#include <boost/json/object.hpp>

#include <string>

#include "daemon/cli/local_change.h"

namespace mdock::cli {

boost::json::object as_message(const write_request& what);
result<write_request> write_in(const boost::json::object& message);

boost::json::object as_message(const action_request& what);
result<action_request> action_in(const boost::json::object& message);

boost::json::object as_message(const store::write_outcome& done);
result<store::write_outcome> outcome_in(const boost::json::object& message);

// {"schema":1,"error":{"code","message"}}
boost::json::object as_message(const failure& why);
// The failure that such a body holds; one that says so when it holds none.
failure failure_in(const std::string& body);

}  // namespace mdock::cli
