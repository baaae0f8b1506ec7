// SPDX-License-Identifier: MIT
#include "tests/support/virtual_clock.h"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <stdexcept>

namespace mdock::test {

asio::awaitable<void> virtual_clock::sleep_until(step_name step, monotonic_time until) {
    if (on_step) on_step(step);
    if (until <= monotonic()) co_return;
    auto executor = co_await asio::this_coro::executor;
    const key mine{until, ++number_};
    auto initiate = [this, mine, executor](auto handler) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        auto kept = std::make_shared<decltype(handler)>(std::move(handler));
        sleepers_[mine] = [kept, executor](boost::system::error_code ec) {
            asio::post(executor, [kept, ec]() mutable { std::move (*kept)(ec); });
        };
        if (!slot.is_connected()) return;
        slot.assign([this, mine](asio::cancellation_type) {
            const auto found = sleepers_.find(mine);
            if (found == sleepers_.end()) return;
            auto wake = std::move(found->second);
            sleepers_.erase(found);
            wake(asio::error::operation_aborted);
        });
    };
    auto token = asio::use_awaitable;
    co_await asio::async_initiate<decltype(token), void(boost::system::error_code)>(std::move(initiate), token);
}

void virtual_clock::wake_next() {
    auto first = sleepers_.begin();
    auto wake = std::move(first->second);
    elapsed_ = std::max(elapsed_, first->first.until.time_since_epoch());
    sleepers_.erase(first);
    wake({});
}

void run_until(asio::io_context& io, virtual_clock& clock, const std::function<bool()>& done) {
    while (!done()) {
        io.restart();
        if (io.poll() > 0) continue;
        if (!clock.has_sleepers()) throw std::logic_error("everything waits, and nothing will wake it");
        clock.wake_next();
    }
}

}  // namespace mdock::test
