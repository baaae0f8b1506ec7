// SPDX-License-Identifier: MIT
#include "tests/support/inline_store.h"

namespace mdock::test {

void inline_store::post(step_name step, std::function<void()> work, std::function<void()> done) {
    const auto dead = [this] { return is_dead != nullptr && *is_dead; };
    if (before) before(step);
    if (dead()) return;
    work();
    if (after) after(step);
    if (!dead()) done();
}

}  // namespace mdock::test
