// SPDX-License-Identifier: MIT
// The one thread that writes to the database. Jobs run in the order in which they were posted; a posted job always runs,
// also when its waiter is cancelled and when the destructor is already waiting.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "core/ports.h"

namespace mdock::host {

class store_thread final : public store_port {
public:
    store_thread();
    // Finishes every posted job. Destroy it before the io_context whose coroutines wait for it.
    ~store_thread() override;

    store_thread(const store_thread&) = delete;
    store_thread& operator=(const store_thread&) = delete;

protected:
    void post(step_name step, std::function<void()> work, std::function<void()> done) override;

private:
    struct job {
        std::function<void()> work;
        std::function<void()> done;
    };

    void serve(const std::stop_token& stopping);

    std::mutex mutex_;
    std::condition_variable_any something_to_do_;
    std::deque<job> jobs_;          // protected by mutex_
    std::jthread thread_;           // last: it uses all of the above
};

}  // namespace mdock::host
