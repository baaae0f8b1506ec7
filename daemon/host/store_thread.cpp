// SPDX-License-Identifier: MIT
#include "daemon/host/store_thread.h"

namespace mdock::host {

store_thread::store_thread() : thread_([this](const std::stop_token& stopping) { serve(stopping); }) {}

store_thread::~store_thread() {
    thread_.request_stop();
    thread_.join();
}

void store_thread::post(step_name, std::function<void()> work, std::function<void()> done) {
    {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(job{std::move(work), std::move(done)});
    }
    something_to_do_.notify_one();
}

void store_thread::serve(const std::stop_token& stopping) {
    std::unique_lock lock(mutex_);
    for (;;) {
        something_to_do_.wait(lock, stopping, [this] { return !jobs_.empty(); });
        if (jobs_.empty()) return;    // only when stopping: what was posted is finished first
        job next = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        next.work();
        next.done();
        next = job{};                 // what a job owns goes before the next one starts
        lock.lock();
    }
}

}  // namespace mdock::host
