// SPDX-License-Identifier: MIT
// The clock that every interval of the daemon is measured by: it counts through suspend (T02, T09).
#pragma once

#include "core/base/time.h"

namespace mdock::host {

// CLOCK_BOOTTIME on Linux; elsewhere the steady clock.
monotonic_time boot_time();

}  // namespace mdock::host
