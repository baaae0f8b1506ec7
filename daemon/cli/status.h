// SPDX-License-Identifier: MIT
// What `mdock status` says, as a value: read in one transaction from the file, so that it is one moment's truth.
#pragma once

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/host/file_readers.h"
#include "daemon/cli/mirror_reader.h"
#include "daemon/cli/proof_status.h"
#include "daemon/cli/waiting.h"

namespace mdock::cli {

struct resource_status {
    std::string name, state;
    std::int64_t row_count = 0;
    std::optional<utc_seconds> complete_as_of, verified_as_of;
    std::optional<std::string> last_error;
};

struct mirror_report {
    std::optional<std::int64_t> account_id, user_account_id;
    std::string account_name, user_name;
    std::optional<std::int64_t> writer;  // process id; 0 when it is not known
    std::vector<resource_status> resources;
    waiting_state waiting;
    timer_state timer;
    std::int64_t requests_last_hour = 0, allowed_per_minute = 0;
    std::optional<utc_seconds> paused_until;
    std::uintmax_t wal_bytes = 0;
    std::vector<host::reading_process> readers;
    std::string token;             // where it is, in words; empty when this user has none
    std::string token_problem;     // why it would not be used
    proof_state proof;
};

mirror_report read_status(SQLite::Database& db, const settings& all, const environment& variables, utc_seconds now);
// "sqlite3 (process 12), for up to 3 h".
std::string describe(const host::reading_process& reader);
boost::json::object as_json(const mirror_report& report);

// Why the mirror is not as fresh as asked, a line a reason; empty when it is. Entries and dock may be `max_age` old,
// a resource that is read less often twice its own interval. What this token may not see is no reason.
std::vector<std::string> complaints(const mirror_report& report, const settings& all, std::chrono::milliseconds max_age,
                                    utc_seconds now);

}  // namespace mdock::cli
