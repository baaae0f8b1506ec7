// SPDX-License-Identifier: MIT
#include "tests/support/inline_store.h"

namespace mdock::test {

void inline_store::post(step_name step, std::function<void()> work, std::function<void()> done) {
    if (before) before(step);
    work();
    if (after) after(step);
    done();
}

}  // namespace mdock::test
