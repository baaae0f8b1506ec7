// SPDX-License-Identifier: MIT
#include "core/sync/pace.h"

#include <algorithm>

namespace mdock::sync {

using std::chrono::minutes;

pace::pace(int configured, seconds pause)
    : configured_(configured), allowed_(configured), first_pause_(pause), pause_(0) {}

monotonic_time pace::next_at(monotonic_time now) const {
    monotonic_time at = now;
    if (not_before_) at = std::max(at, *not_before_);
    if (sent_.size() >= static_cast<std::size_t>(allowed_)) {
        // The request that has to leave the minute before one more fits in.
        const auto oldest = sent_[sent_.size() - static_cast<std::size_t>(allowed_)];
        at = std::max(at, oldest + minutes{1});
    }
    return at;
}

void pace::note_request(monotonic_time now) {
    while (!sent_.empty() && sent_.front() + minutes{1} <= now) sent_.pop_front();
    sent_.push_back(now);
}

seconds pace::note_rate_limit(monotonic_time now, std::optional<seconds> asked, double jitter) {
    const bool was_pausing = is_pausing(now);
    if (!was_pausing) {
        allowed_ = std::max(1, allowed_ / 2);
        pause_ = pause_ == seconds{0} ? first_pause_ : std::min(longest_pause, pause_ * 2);
    }
    // Never less than the pause: jitter only adds, so that many installs do not come back together.
    const auto own = pause_ + seconds{static_cast<long long>(static_cast<double>(pause_.count()) * jitter * 0.25)};
    const seconds wait = asked ? *asked : own;
    const auto until = now + wait;
    if (!not_before_ || until > *not_before_) not_before_ = until;
    last_limit_ = now;
    return std::chrono::ceil<seconds>(*not_before_ - now);
}

void pace::note_pause(monotonic_time now, seconds asked) {
    const auto until = now + asked;
    if (!not_before_ || until > *not_before_) not_before_ = until;
}

void pace::note_answer(monotonic_time now) {
    if (is_pausing(now)) return;    // an answer to a request from before the pause proves nothing
    pause_ = seconds{0};
    if (allowed_ < configured_ && last_limit_ && now - *last_limit_ >= recovery_step) {
        allowed_ = std::min(configured_, allowed_ + std::max(1, configured_ / 10));
        last_limit_ = now;
    }
}

void pace::restore(std::optional<int> allowed, seconds wait, seconds pause_before, int recent, monotonic_time now) {
    if (allowed) allowed_ = std::clamp(*allowed, 1, configured_);
    pause_ = std::clamp(pause_before, seconds{0}, longest_pause);
    if (wait > seconds{0}) not_before_ = now + std::min(wait, longest_retry_wait);
    if (allowed_ < configured_) last_limit_ = now;
    for (int i = 0; i < recent; ++i) sent_.push_back(now);
}

std::chrono::milliseconds retry_pause(int tries, seconds least, seconds most, double jitter) {
    seconds top = least;
    for (int i = 0; i < tries && top < most; ++i) top = std::min(most, top * 2);
    const double factor = 0.1 + 0.9 * jitter;
    return std::chrono::milliseconds{static_cast<long long>(static_cast<double>(top.count()) * 1000.0 * factor)};
}

}  // namespace mdock::sync
