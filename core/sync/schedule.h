// SPDX-License-Identifier: MIT
// Which parts of a round are due, by the monotonic clock. After a suspend everything overdue is due once, not once for
// each interval that was slept through (T09).
#pragma once

#include <array>
#include <chrono>

#include "core/base/time.h"

namespace mdock::sync {

enum class duty { entries, billing, reference, dock, proof, sweep };
inline constexpr std::array all_duties{duty::entries, duty::billing, duty::reference, duty::dock,
                                          duty::proof,   duty::sweep};

class schedule {
public:
    bool is_due(duty which, monotonic_time now) const { return due_[index(which)] <= now; }
    // The duty was done (or tried) at `now` and is due again after `interval`.
    void done(duty which, monotonic_time now, std::chrono::nanoseconds interval) { due_[index(which)] = now + interval; }
    // The earliest moment when something is due.
    monotonic_time next() const;

private:
    static std::size_t index(duty which) { return static_cast<std::size_t>(which); }
    std::array<monotonic_time, all_duties.size()> due_{};
};

}  // namespace mdock::sync
