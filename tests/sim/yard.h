// SPDX-License-Identifier: MIT
// One run: the events of a script in which everything may fail, then a world that is well again, in which every machine
// must become equal to the account by itself.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/sim/coverage.h"
#include "tests/sim/grounds.h"
#include "tests/sim/script.h"

namespace mdock::sim {

struct outcome {
    std::optional<broken_promise> broken;
    std::uint64_t hash = 0;
    std::vector<std::string> lines;    // the trace, when asked for
};

outcome run_script(const script& what, coverage& reached, bool keeps_trace = false);

}  // namespace mdock::sim
