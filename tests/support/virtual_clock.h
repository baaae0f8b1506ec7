// SPDX-License-Identifier: MIT
// Time that moves only when everything waits. The machine's wall clock can be wrong and can jump; the service's cannot.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <map>

#include "core/ports.h"

namespace mdock::test {

class virtual_clock final : public clock_port {
public:
    explicit virtual_clock(utc_seconds start) : start_(start) {}

    utc_seconds wall() const override { return true_time() + wall_error; }
    monotonic_time monotonic() const override { return monotonic_time{elapsed_}; }
    asio::awaitable<void> sleep_until(step_name step, monotonic_time until) override;

    // What a right clock shows now: the service's time.
    utc_seconds true_time() const { return start_ + std::chrono::floor<std::chrono::seconds>(elapsed_); }
    // How far this machine's wall clock is off.
    std::chrono::seconds wall_error{0};

    bool has_sleepers() const { return !sleepers_.empty(); }
    // Moves to the earliest sleeper and wakes it.
    void wake_next();
    // Forgets who sleeps; their coroutines are destroyed.
    void forget_sleepers() { sleepers_.clear(); }
    // Time passes without anybody being woken for it, as when the machine was suspended.
    void pass(std::chrono::nanoseconds time) { elapsed_ += time; }

    // Called with each wait's step; may throw.
    std::function<void(step_name)> on_step;

private:
    struct key {
        monotonic_time until;
        std::uint64_t number;
        auto operator<=>(const key&) const = default;
    };
    utc_seconds start_;
    std::chrono::nanoseconds elapsed_{std::chrono::hours{1}};
    std::uint64_t number_ = 0;
    std::map<key, std::function<void(boost::system::error_code)>> sleepers_;
};

// Runs `io` and the clock until `done` says so. Throws std::logic_error when everything waits for nothing.
void run_until(asio::io_context& io, virtual_clock& clock, const std::function<bool()>& done);

}  // namespace mdock::test
