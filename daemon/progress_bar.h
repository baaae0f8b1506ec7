// SPDX-License-Identifier: MIT
// Shows the engine's progress on stderr: on a terminal one bar that is redrawn, with counts, percentage, rate and time
// left; elsewhere one line for each finished resource; nothing with -q.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/engine/mirror.h"
#include "daemon/output.h"

namespace mdock {

// One line of the bar, without colour: "entries  [#####-----]  10,000 of 20,000  50%  2,500/s  4s left".
struct bar_state {
    std::string_view name;
    std::int64_t rows = 0;
    std::optional<std::int64_t> of;
    std::chrono::milliseconds elapsed{0};
    std::int64_t rows_at_start = 0;  // of a resumed load; not counted in the rate
};
std::string format_bar(const bar_state& state, std::size_t columns);

class progress_bar final : public engine::progress {
public:
    using monotonic_clock = std::function<monotonic_time()>;
    progress_bar(output& to, monotonic_clock now);
    ~progress_bar() override;

    void planned(resource which, std::optional<std::int64_t> rows) override;
    void advanced(resource which, std::int64_t rows) override;
    void finished(resource which) override;
    void pausing(const failure& why, std::chrono::seconds seconds) override;

    // Takes the bar off the screen, so that other text can follow.
    void clear();

private:
    struct load {
        bool is_planned = false;
        bool is_finished = false;
        std::optional<std::int64_t> of;
        std::int64_t rows = 0, rows_at_start = -1;
        monotonic_time began{};
    };
    load& of(resource which) { return loads_[static_cast<std::size_t>(which)]; }
    void draw(resource which, bool even_if_recent);

    output& to_;
    monotonic_clock now_;
    std::array<load, all_resources.size()> loads_{};
    monotonic_time drawn_{};
    bool is_drawn_ = false;
};

}  // namespace mdock
