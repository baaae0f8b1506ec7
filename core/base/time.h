// SPDX-License-Identifier: MIT
// Instants and calendar days as MinuteDock sends them and as the database keeps them. An instant is UTC to the second
// (fractions are cut: recorded replies carry milliseconds that later reads lack, T10); a day is never shifted.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace mdock {

using utc_seconds = std::chrono::sys_seconds;                                    // UTC, whole seconds
using monotonic_time = std::chrono::time_point<struct boot_clock, std::chrono::nanoseconds>;  // since boot, suspend included

// RFC 3339 as seen from MinuteDock: 'T' or ' ' between, any fraction, 'Z', ±hh:mm or ±hhmm; ':60' counts on. Nothing
// without a zone is accepted. Returns nothing for other text.
std::optional<utc_seconds> parse_timestamp(std::string_view text);

// "YYYY-MM-DD" of a day that exists.
std::optional<std::chrono::sys_days> parse_date(std::string_view text);

// The three forms of an HTTP date (RFC 9110 5.6.7).
std::optional<utc_seconds> parse_http_date(std::string_view text);

std::string format_date(std::chrono::sys_days day);          // 2024-01-20
std::string format_timestamp(utc_seconds at);                // 2024-01-20 15:45:00, the database's form
std::string format_rfc3339(utc_seconds at);                  // 2024-01-20T15:45:00Z, for requests and --json
std::optional<utc_seconds> parse_database_timestamp(std::string_view text);   // the inverse of format_timestamp

}  // namespace mdock
