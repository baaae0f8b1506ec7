// SPDX-License-Identifier: MIT
#include "core/base/decimal.h"

#include <limits>

namespace mdock {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// value = value * 10 + digit, unless that leaves 63 bits.
bool append_digit(std::int64_t& value, char digit) {
    constexpr std::int64_t top = std::numeric_limits<std::int64_t>::max();
    const std::int64_t d = digit - '0';
    if (value > (top - d) / 10) return false;
    value = value * 10 + d;
    return true;
}

}  // namespace

std::optional<std::int64_t> parse_cents(std::string_view text) {
    const bool negative = !text.empty() && text.front() == '-';
    if (negative) text.remove_prefix(1);
    if (text.empty() || !is_digit(text.front())) return std::nullopt;
    std::int64_t cents = 0;
    std::size_t at = 0;
    for (; at < text.size() && is_digit(text[at]); ++at)
        if (!append_digit(cents, text[at])) return std::nullopt;
    std::size_t decimals = 0;
    if (at < text.size()) {
        if (text[at] != '.' || at + 1 == text.size()) return std::nullopt;
        for (++at; at < text.size(); ++at, ++decimals) {
            if (!is_digit(text[at])) return std::nullopt;
            // A third decimal that is not zero would have to be rounded, and money is never guessed.
            if (decimals >= 2 && text[at] != '0') return std::nullopt;
            if (decimals < 2 && !append_digit(cents, text[at])) return std::nullopt;
        }
    }
    for (; decimals < 2; ++decimals)
        if (!append_digit(cents, '0')) return std::nullopt;
    return negative ? -cents : cents;
}

std::optional<std::int64_t> parse_id(std::string_view text) {
    if (text.empty() || text.size() > 16 || text.front() == '0') return std::nullopt;
    std::int64_t id = 0;
    for (const char c : text) {
        if (!is_digit(c) || !append_digit(id, c)) return std::nullopt;
    }
    if (id >= local_id_base) return std::nullopt;
    return id;
}

std::string format_cents(std::int64_t cents) {
    const bool negative = cents < 0;
    // Through unsigned, so that the smallest number has an absolute value.
    const std::uint64_t size = negative ? 0 - static_cast<std::uint64_t>(cents) : static_cast<std::uint64_t>(cents);
    const std::uint64_t rest = size % 100;
    return (negative ? "-" : "") + std::to_string(size / 100) + (rest < 10 ? ".0" : ".") + std::to_string(rest);
}

}  // namespace mdock
