// SPDX-License-Identifier: MIT
// Machines that begin with a loaded mirror: the load is half of a short run's cost and the same for each, so it is made
// once for an account and a token, in a yard of its own where nothing fails.
#pragma once

#include "core/base/time.h"
#include "tests/sim/script.h"
#include "tests/support/memory_disk.h"

namespace mdock::sim {

struct warm_start {
    test::disk_image disk;
    monotonic_time at;    // when it was ready
};

// Valid until another account is asked for.
const warm_start& warm_start_of(const script& what, const std::string& token);

}  // namespace mdock::sim
