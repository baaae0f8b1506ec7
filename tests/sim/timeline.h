// SPDX-License-Identifier: MIT
// The yard's only time: it moves when everything waits, to whoever wakes first. Each machine's sleepers are kept apart,
// so that a machine can be stopped, or lose everything at once as a killed process does.
#pragma once

#include <boost/system/error_code.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "core/base/time.h"
#include "tests/minutedock/random.h"
#include "tests/minutedock/state.h"

namespace mdock::sim {

// The moment at which every run begins.
inline constexpr utc_seconds yard_begin = std::chrono::sys_days{std::chrono::year{2024} / 6 / 12} + std::chrono::hours{9};

class timeline {
public:
    using wake = std::function<void(boost::system::error_code)>;
    struct key {
        monotonic_time until;
        std::uint64_t tie;
        std::uint64_t number;
        auto operator<=>(const key&) const = default;
    };

    timeline(std::size_t machines, std::uint64_t seed) : owners_(machines), chance_(seed) {}

    monotonic_time now() const { return monotonic_time{elapsed_}; }
    // What a right clock shows, and the service's clock with its milliseconds.
    utc_seconds true_time() const { return std::chrono::floor<std::chrono::seconds>(exact()); }
    minutedock::stamp exact() const {
        return minutedock::stamp{yard_begin} + std::chrono::floor<std::chrono::milliseconds>(elapsed_ - begin_);
    }

    key wake_at(std::size_t owner, monotonic_time until, wake call);
    void cancel(std::size_t owner, const key& which);
    void forget(std::size_t owner) { owners_[owner].sleepers.clear(); }
    // Nobody of this machine is woken before `until` (SIGSTOP, suspend).
    void hold(std::size_t owner, monotonic_time until) { owners_[owner].held_until = until; }
    bool is_held(std::size_t owner) const { return owners_[owner].held_until > now(); }

    // The next moment at which somebody wakes or a stopped machine goes on.
    std::optional<monotonic_time> next() const;
    // Goes to next() and wakes whoever is due then, one sleeper.
    void step();
    void advance_to(monotonic_time until) { elapsed_ = std::max(elapsed_, until.time_since_epoch()); }

private:
    struct owner_state {
        std::map<key, wake> sleepers;
        monotonic_time held_until{};
    };
    static constexpr std::chrono::nanoseconds begin_ = std::chrono::hours{1};

    std::chrono::nanoseconds elapsed_ = begin_;
    std::vector<owner_state> owners_;
    minutedock::dice chance_;
    std::uint64_t number_ = 0;
};

}  // namespace mdock::sim
