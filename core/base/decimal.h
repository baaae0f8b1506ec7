// SPDX-License-Identifier: MIT
// Money and ids without floating point: decimal text to whole cents, and MinuteDock ids in their one canonical form.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mdock {

// "150", "150.0", "150.00", "-3.50" to cents. Refuses exponents, more than two significant decimals, and what does not
// fit in 63 bits (H07).
std::optional<std::int64_t> parse_cents(std::string_view text);

// A canonical positive decimal below `local_id_base`: no sign, no leading zero, no fraction (H05, H06).
std::optional<std::int64_t> parse_id(std::string_view text);

// Rows made here and not yet on MinuteDock have ids above this; MinuteDock ids from it up are refused.
inline constexpr std::int64_t local_id_base = 9'000'000'000'000'000;

// Cents as a decimal string, for --json and tables: 15000 is "150.00".
std::string format_cents(std::int64_t cents);

}  // namespace mdock
