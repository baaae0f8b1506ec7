// SPDX-License-Identifier: MIT
#include "core/sync/schedule.h"

#include <algorithm>

namespace mdock::sync {

monotonic_time schedule::next() const { return *std::min_element(due_.begin(), due_.end()); }

}  // namespace mdock::sync
