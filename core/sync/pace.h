// SPDX-License-Identifier: MIT
// How many requests the gate lets through: at most `allowed` in any minute, none before `not_before`; every 429 halves
// the rate and pauses (N13, N14). The engine keeps what must outlive the process in the database.
#pragma once

#include <chrono>
#include <deque>
#include <optional>

#include "core/base/time.h"

namespace mdock::sync {

using std::chrono::seconds;

inline constexpr seconds longest_pause = std::chrono::minutes{15};
// A stored pause longer than any we would obey is a wrong clock, not a wish of the service.
inline constexpr seconds longest_retry_wait = std::chrono::hours{1};
// After this long without a 429 the learned rate is tried a tenth of the configured one higher.
inline constexpr seconds recovery_step = std::chrono::hours{1};

class pace {
public:
    // `configured`: api.max_requests_per_minute; `pause`: api.rate_limit_pause.
    pace(int configured, seconds pause);

    // When the next request may be sent; `now` when at once.
    monotonic_time next_at(monotonic_time now) const;
    void note_request(monotonic_time now);
    // A 429. `asked`: its sensible Retry-After; `jitter` in [0, 1) spreads our own pauses (N15). Requests that were
    // already on the way when the pause began do not halve again. Returns how long nothing is sent.
    seconds note_rate_limit(monotonic_time now, std::optional<seconds> asked, double jitter);
    // The service asked for a pause without complaining of the rate (503): the rate stays (N14).
    void note_pause(monotonic_time now, seconds asked);
    // A complete answer that is no 429: own pauses start small again.
    void note_answer(monotonic_time now);

    // Takes up what a process before us learned. `wait`: what is left of its pause; `recent`: requests it sent in the
    // last minute, counted as if sent now.
    void restore(std::optional<int> allowed, seconds wait, seconds pause_before, int recent, monotonic_time now);

    int allowed() const { return allowed_; }
    seconds pause_in_force() const { return pause_; }
    std::optional<monotonic_time> not_before() const { return not_before_; }
    bool is_pausing(monotonic_time now) const { return not_before_ && *not_before_ > now; }

private:
    int configured_;
    int allowed_;
    seconds first_pause_;
    seconds pause_;                               // the last own pause, 0 when none yet
    std::optional<monotonic_time> not_before_;
    std::optional<monotonic_time> last_limit_;
    std::deque<monotonic_time> sent_;             // within the last minute
};

// The pause before try number `tries` + 1 of a request that failed for the network or with 5xx: doubled from `least`
// to `most`, then full jitter, never less than a tenth (N12, N15).
std::chrono::milliseconds retry_pause(int tries, seconds least, seconds most, double jitter);

}  // namespace mdock::sync
