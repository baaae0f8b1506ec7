// SPDX-License-Identifier: MIT
// BUDGET: in no minute more requests than configured, none before the moment that MinuteDock named, over restarts too.
// It forgives only what a killed process could not have written down.
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>

#include "core/ports.h"

namespace mdock::sim {

class pace_judge {
public:
    explicit pace_judge(int per_minute) : per_minute_(per_minute) {}

    // A request leaves. Text when it should not have.
    std::optional<std::string> request(monotonic_time now);
    void answer(monotonic_time now, int status, const std::vector<std::string>& retry_after);
    // A transaction of the store thread has ended well. A pause is the first thing that is written after its answer.
    void stored() { is_stored_ = true; }
    // The process or its last transactions are gone.
    void forgets() {
        sent_.clear();
        if (!is_stored_) not_before_.reset();
    }
    // The stored moment is by the machine's clock; a jump moves it.
    void clock_jumped() { not_before_.reset(); }
    std::int64_t requests() const { return requests_; }

private:
    int per_minute_;
    std::deque<monotonic_time> sent_;
    std::optional<monotonic_time> not_before_;
    bool is_stored_ = true;
    std::int64_t requests_ = 0;
};

}  // namespace mdock::sim
