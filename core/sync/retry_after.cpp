// SPDX-License-Identifier: MIT
#include "core/sync/retry_after.h"

#include <charconv>

namespace mdock::sync {
namespace {

using std::chrono::seconds;

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

std::optional<seconds> one(std::string_view text, std::optional<utc_seconds> now) {
    text = trimmed(text);
    long long count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    seconds wait{0};
    if (error == std::errc{} && end == text.data() + text.size() && !text.empty()) {
        if (count < 0 || count > longest_retry_after.count()) return std::nullopt;
        wait = seconds{count};
    } else {
        const auto until = parse_http_date(text);
        if (!until || !now) return std::nullopt;
        wait = *until - *now;
    }
    if (wait < seconds{0} || wait > longest_retry_after) return std::nullopt;
    return wait;
}

}  // namespace

std::optional<seconds> retry_after(std::span<const std::string> headers, std::optional<utc_seconds> now) {
    std::optional<seconds> longest;
    for (const auto& header : headers) {
        const auto wait = one(header, now);
        if (wait && (!longest || *wait > *longest)) longest = wait;
    }
    return longest;
}

}  // namespace mdock::sync
