// SPDX-License-Identifier: MIT
// Days of the week, in English whatever the locale.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <string_view>

namespace mdock::cli {

inline constexpr std::array weekday_names{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

inline std::string weekday_name(std::chrono::sys_days day) {
    return weekday_names[std::chrono::weekday(day).c_encoding()];
}

// `week_start` is a lower-case name, as bi.week_start has it.
inline std::chrono::sys_days first_of_week(std::chrono::sys_days day, std::string_view week_start) {
    unsigned start = 1;
    for (unsigned i = 0; i < weekday_names.size(); ++i)
        if (std::string_view(weekday_names[i]).substr(1) == week_start.substr(1)) start = i;
    return day - (std::chrono::weekday(day) - std::chrono::weekday(start));
}

}  // namespace mdock::cli
