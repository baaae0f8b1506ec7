// SPDX-License-Identifier: MIT
// The doctor's judgements, each a function of what was seen.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/base/time.h"

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

}  // namespace mdock::cli
