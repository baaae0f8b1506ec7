// SPDX-License-Identifier: MIT
#include "daemon/host/host_clock.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#ifdef __linux__
#include <sys/timerfd.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#endif

#include "daemon/host/boot_time.h"

namespace mdock::host {
namespace {

constexpr auto as_value = asio::as_tuple(asio::use_awaitable);

#ifdef __linux__
// A descriptor that becomes readable at `until`, suspend included; -1 when the kernel gives none.
int alarm_at(monotonic_time until) {
    const int alarm = ::timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    if (alarm < 0) return -1;
    const auto since_boot = std::max(until.time_since_epoch(), std::chrono::nanoseconds(1));
    itimerspec when{};
    when.it_value.tv_sec = static_cast<time_t>(since_boot / std::chrono::seconds(1));
    when.it_value.tv_nsec = static_cast<long>((since_boot % std::chrono::seconds(1)).count());
    if (::timerfd_settime(alarm, TFD_TIMER_ABSTIME, &when, nullptr) == 0) return alarm;
    ::close(alarm);
    return -1;
}
#endif

// Sleeps in slices, so that a suspend is noticed within one of them.
asio::awaitable<void> sleep_in_slices(monotonic_time until) {
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor);
    while (boot_time() < until) {
        const std::chrono::nanoseconds rest = until - boot_time();
        const std::chrono::nanoseconds slice = std::min<std::chrono::nanoseconds>(rest, std::chrono::seconds(5));
        timer.expires_after(slice);
        const auto [error] = co_await timer.async_wait(as_value);
        if (error) throw boost::system::system_error(asio::error::operation_aborted);
    }
}

}  // namespace

utc_seconds host_clock::wall() const {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

monotonic_time host_clock::monotonic() const { return boot_time(); }

asio::awaitable<void> host_clock::sleep_until(step_name, monotonic_time until) {
#ifdef __linux__
    const int alarm = alarm_at(until);
    if (alarm >= 0) {
        const auto executor = co_await asio::this_coro::executor;
        asio::posix::stream_descriptor descriptor(executor, alarm);
        const auto [error] = co_await descriptor.async_wait(asio::posix::descriptor_base::wait_read, as_value);
        if (error) throw boost::system::system_error(asio::error::operation_aborted);
        co_return;
    }
#endif
    co_await sleep_in_slices(until);
}

}  // namespace mdock::host
