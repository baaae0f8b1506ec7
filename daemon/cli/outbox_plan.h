// SPDX-License-Identifier: MIT
// `mdock outbox plan`: the requests that the changes which wait would be sent as, built by what builds them for sending.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace mdock::cli {

struct planned_request {
    std::int64_t outbox_id = 0;
    std::string method, target, body;
    std::string remark;    // what is decided only when it is sent
};

// In the order of the outbox. What is held or parked is not among them.
std::vector<planned_request> planned_requests(SQLite::Database& db);
boost::json::object as_json(const planned_request& one);

}  // namespace mdock::cli
