// SPDX-License-Identifier: MIT
#include "tests/sim/trace.h"

#include <array>
#include <cstdio>

namespace mdock::sim {

void trace::end_line() {
    std::array<char, 32> time{};
    std::snprintf(time.data(), time.size(), "%11.3f", static_cast<double>(now_) / 1000);
    lines_.push_back(time.data() + line_);
    line_.clear();
}

}  // namespace mdock::sim
