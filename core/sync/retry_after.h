// SPDX-License-Identifier: MIT
// How long the service asks us to wait, when what it says makes sense (N14): seconds or an HTTP date, not negative, at
// most an hour. Anything else is as if it had said nothing.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>

#include "core/base/time.h"

namespace mdock::sync {

inline constexpr std::chrono::seconds longest_retry_after = std::chrono::hours{1};

// `headers`: each Retry-After as sent; of several sensible ones the longest. `now`: the answer's own Date, by which a
// date form is measured.
std::optional<std::chrono::seconds> retry_after(std::span<const std::string> headers, std::optional<utc_seconds> now);

}  // namespace mdock::sync
