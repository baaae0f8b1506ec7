// SPDX-License-Identifier: MIT
// What the doctor finds in the file and around it: who reads it, who keeps it, what waits for a person, and whether
// somebody has put something of their own into it.
#include <fmt/format.h>

#include <SQLiteCpp/SQLiteCpp.h>

#include "core/store/file_checks.h"
#include "daemon/cli/doctor.h"
#include "daemon/cli/status.h"
#include "daemon/text.h"

namespace mdock::cli {

finding judge_readers(const std::vector<host::reading_process>& readers, std::uintmax_t log_bytes) {
    std::string names;
    bool is_old = false;
    for (const auto& one : readers) {
        names += (names.empty() ? "" : "; ") + describe(one);
        is_old = is_old || one.age.value_or(std::chrono::seconds{0}) > std::chrono::hours{1};
    }
    if (names.empty()) return {"readers", finding::good, "nobody holds an older state of the file", {}};
    if (!is_old && log_bytes <= host::large_log) return {"readers", finding::good, names, {}};
    return {"readers", finding::doubtful, names + fmt::format(" (the log has {} MiB)", log_bytes / 1048576),
            "What it sees is as old as that, and the log grows meanwhile: let it finish, or close it."};
}

finding judge_daemon(std::optional<std::int64_t> writer) {
    if (writer && *writer > 0) return {"daemon", finding::good, fmt::format("process {} keeps the mirror current", *writer), {}};
    if (writer) return {"daemon", finding::good, "another process keeps the mirror current", {}};
    return {"daemon", finding::doubtful, "no daemon runs: the mirror is as old as the last `mdock sync`",
            "`mdock service install` starts one with your login; a machine's own is `systemctl enable --now mdock`."};
}

finding judge_waiting(const waiting_state& state) {
    std::string message;
    for (const auto& one : describe(state)) message += (message.empty() ? "" : "; ") + one;
    if (state.needs_person()) return {"changes", finding::doubtful, message, "`mdock outbox list` and `mdock conflict list` show them, and what to do."};
    return {"changes", finding::good, message.empty() ? "nothing waits" : message, {}};
}

finding judge_additions(SQLite::Database& db) {
    std::string names;
    SQLite::Statement own(db, "SELECT type || ' ' || name FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND type = 'trigger' "
                              "AND substr(name, 1, 1) <> '_' ORDER BY name");
    while (own.executeStep()) names += (names.empty() ? "" : ", ") + own.getColumn(0).getString();
    if (names.empty()) return {"additions", finding::good, "no triggers but mdock's are in the file", {}};
    return {"additions", finding::bad, "not made by mdock: " + made_visible(names),
            "A trigger of somebody else's may change what is mirrored: DROP it, or keep it in a database of your own."};
}

}  // namespace mdock::cli
