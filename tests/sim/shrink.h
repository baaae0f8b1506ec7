// SPDX-License-Identifier: MIT
// Makes a failing script small: takes out events, then undocumented behaviours, then machines and rows, as long as the
// same oracle still fails.
#pragma once

#include "tests/sim/script.h"

namespace mdock::sim {

// At most `runs` runs are spent.
script shrink(script failing, const std::string& oracle, int runs);

}  // namespace mdock::sim
