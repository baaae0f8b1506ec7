// SPDX-License-Identifier: MIT
#include "tests/sim/pace_judge.h"

#include <charconv>

namespace mdock::sim {
namespace {

using std::chrono::seconds;

// Whole seconds only: the dates that the service draws are the parser's own tests.
std::optional<seconds> plain_seconds(const std::vector<std::string>& texts) {
    if (texts.size() != 1) return std::nullopt;
    const auto& text = texts.front();
    long long value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 0 || value > 3600) return std::nullopt;
    return seconds{value};
}

}  // namespace

std::optional<std::string> pace_judge::request(monotonic_time now) {
    ++requests_;
    if (not_before_ && now < *not_before_)
        return "a request " + std::to_string(std::chrono::ceil<seconds>(*not_before_ - now).count()) +
               " s before the moment that MinuteDock named";
    while (!sent_.empty() && sent_.front() + std::chrono::minutes{1} <= now) sent_.pop_front();
    sent_.push_back(now);
    if (sent_.size() <= static_cast<std::size_t>(per_minute_)) return std::nullopt;
    return std::to_string(sent_.size()) + " requests in a minute, " + std::to_string(per_minute_) + " are allowed";
}

void pace_judge::answer(monotonic_time now, int status, const std::vector<std::string>& retry_after) {
    const auto asked = plain_seconds(retry_after);
    if (status != 429 && !(status == 503 && asked)) return;
    // Without a usable wish a 429 still means a minute (N13); dates are left to the engine.
    if (status == 429 && !asked && !retry_after.empty() && retry_after.front().find("GMT") != std::string::npos) return;
    const auto until = now + asked.value_or(seconds{60});
    if (!not_before_ || until > *not_before_) {
        not_before_ = until;
        is_stored_ = false;
    }
}

}  // namespace mdock::sim
