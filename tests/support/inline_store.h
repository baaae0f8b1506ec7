// SPDX-License-Identifier: MIT
// The store port on the same thread: a job runs when it is posted, its waiter goes on in a later turn.
#pragma once

#include "core/ports.h"

namespace mdock::test {

class inline_store final : public store_port {
public:
    // When it points to true the process is dead: no job runs and no answer comes.
    const bool* is_dead = nullptr;
    // Called with each job's step before and after it.
    std::function<void(step_name)> before;
    std::function<void(step_name)> after;

protected:
    void post(step_name step, std::function<void()> work, std::function<void()> done) override;
};

}  // namespace mdock::test
