// SPDX-License-Identifier: MIT
#include "daemon/host/boot_time.h"

#include <ctime>

namespace mdock::host {

monotonic_time boot_time() {
#ifdef CLOCK_BOOTTIME
    timespec now{};
    if (::clock_gettime(CLOCK_BOOTTIME, &now) == 0)
        return monotonic_time(std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec));
#endif
    return monotonic_time(
        std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()));
}

}  // namespace mdock::host
