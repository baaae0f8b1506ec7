// SPDX-License-Identifier: MIT
// The doctor's judgements, each a function of what was seen.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/base/time.h"
#include "daemon/host/file_readers.h"
#include "daemon/cli/session.h"
#include "daemon/cli/waiting.h"

namespace mdock::cli {

struct finding {
    static constexpr const char* good = "ok";
    static constexpr const char* doubtful = "warning";
    static constexpr const char* bad = "error";

    std::string name;
    std::string state;
    std::string message;
    std::string remedy;
};

// A wrong clock is a warning only: cursors go by the server's (T01).
finding judge_clock(utc_seconds ours, std::optional<utc_seconds> theirs);
// 3.7.0 to 3.51.2 have the two-writer fault. `version` as sqlite3_libversion_number().
finding judge_sqlite(int version);
finding judge_wal(std::uintmax_t bytes);
finding judge_space(std::uintmax_t available);
finding judge_modes(const std::filesystem::path& database);

// doctor_state.cpp
finding judge_readers(const std::vector<host::reading_process>& readers, std::uintmax_t log_bytes);
finding judge_daemon(std::optional<std::int64_t> writer);    // the process that holds the lock; 0 when it is not known
finding judge_waiting(const waiting_state& state);
finding judge_additions(SQLite::Database& db);               // S13

// doctor_probe.cpp; the exit code.
int probe_service(session& here);

}  // namespace mdock::cli
