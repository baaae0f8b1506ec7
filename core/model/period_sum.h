// SPDX-License-Identifier: MIT
// Entries of a month or a day summed up, as MinuteDock's reports tell them and as the mirror counts them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace mdock::model {

struct period_sum {
    std::chrono::sys_days from;              // first day of the month, or the day
    std::int64_t rows = 0;
    std::optional<std::int64_t> seconds;     // of work; MinuteDock's are hundredths of an hour and rounded
};

}  // namespace mdock::model
