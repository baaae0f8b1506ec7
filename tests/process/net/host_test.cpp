// SPDX-License-Identifier: MIT
// The machine behind the engine's ports: time, the store thread, signals, the service manager's socket.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <filesystem>

#include "daemon/host/file_readers.h"
#include "daemon/host/host_clock.h"
#include "daemon/host/host_random.h"
#include "daemon/host/service_status.h"
#include "daemon/host/stop_signals.h"
#include "daemon/host/store_thread.h"

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using namespace mdock::host;

std::exception_ptr sleep_and_tell(std::chrono::nanoseconds duration, std::chrono::milliseconds cancelled_after = 0ms) {
    asio::io_context io;
    host_clock clock;
    asio::cancellation_signal stop;
    asio::steady_timer timer(io);
    std::exception_ptr ended;
    const auto keep = [&](std::exception_ptr error) {
        ended = error;
        timer.cancel();
    };
    asio::co_spawn(io, clock.sleep_until("test.sleep", clock.monotonic() + duration),
                   asio::bind_cancellation_slot(stop.slot(), keep));
    if (cancelled_after > 0ms) {
        timer.expires_after(cancelled_after);
        timer.async_wait([&](const auto& error) {
            if (!error) stop.emit(asio::cancellation_type::terminal);
        });
    }
    io.run();
    return ended;
}

TEST(HostClock, SleepsUntilTheInstantAndNotLess) {
    host_clock clock;
    const auto before = clock.monotonic();
    EXPECT_EQ(sleep_and_tell(50ms), nullptr);
    EXPECT_GE(clock.monotonic() - before, 50ms);
    EXPECT_LT(clock.monotonic() - before, 5s);
}

TEST(HostClock, APastInstantIsNoSleep) {
    host_clock clock;
    const auto before = clock.monotonic();
    EXPECT_EQ(sleep_and_tell(-1h), nullptr);
    EXPECT_EQ(sleep_and_tell(-100000h), nullptr) << "before the machine was started";
    EXPECT_LT(clock.monotonic() - before, 5s);
}

TEST(HostClock, ACancelledSleepThrowsAborted) {
    const auto ended = sleep_and_tell(1h, 20ms);
    ASSERT_NE(ended, nullptr);
    try {
        std::rethrow_exception(ended);
    } catch (const boost::system::system_error& error) {
        EXPECT_EQ(error.code(), asio::error::operation_aborted);
    }
}

TEST(HostClock, CountsThroughSuspendAsTheKernelDoes) {
#ifdef CLOCK_BOOTTIME
    timespec raw{};
    ASSERT_EQ(::clock_gettime(CLOCK_BOOTTIME, &raw), 0);
    const auto boot = std::chrono::seconds(raw.tv_sec) + std::chrono::nanoseconds(raw.tv_nsec);
    const auto ours = host_clock().monotonic().time_since_epoch();
    EXPECT_GE(ours, boot);
    EXPECT_LT(ours - boot, 5s);
#endif
}

TEST(HostRandom, TwoGeneratorsDiffer) {
    host_random one;
    host_random other;
    EXPECT_NE(one.next(), other.next());
    EXPECT_NE(one.next(), one.next());
}

asio::awaitable<int> run_on(store_thread& store, std::vector<int>& order, int number) {
    const auto job = [&order, number] {
        order.push_back(number);
        return number * 10;
    };
    const int value = co_await store.run("test.job", job);
    co_return value;
}

TEST(StoreThread, RunsJobsInOrderAndBringsTheirValues) {
    asio::io_context io;
    std::vector<int> order;
    std::vector<int> values;
    store_thread store;
    for (int i = 0; i < 100; ++i)
        asio::co_spawn(io, run_on(store, order, i), [&](std::exception_ptr, int value) { values.push_back(value); });
    io.run();
    ASSERT_EQ(order.size(), 100U);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
    ASSERT_EQ(values.size(), 100U);
    EXPECT_EQ(values.back(), 990);
}

TEST(StoreThread, WhatAJobThrowsReachesItsCaller) {
    asio::io_context io;
    store_thread store;
    const auto job = []() -> int { throw std::runtime_error("disk full"); };
    std::string caught;
    asio::co_spawn(io, store.run("test.job", job), [&](std::exception_ptr error, int) {
        try {
            if (error) std::rethrow_exception(error);
        } catch (const std::runtime_error& why) {
            caught = why.what();
        }
    });
    io.run();
    EXPECT_EQ(caught, "disk full");
}

TEST(StoreThread, TheDestructorFinishesWhatWasPosted) {
    asio::io_context io;
    std::vector<int> order;
    {
        store_thread store;
        for (int i = 0; i < 50; ++i) asio::co_spawn(io, run_on(store, order, i), asio::detached);
        io.poll();    // posts the jobs; their completions wait in the queue
    }
    EXPECT_EQ(order.size(), 50U);
    io.run();
}

TEST(StopSignals, L01_ASignalBecomesACallOnTheLoop) {
    asio::io_context io;
    std::vector<int> seen;
    stop_signals stop(io.get_executor(), [&](int number) {
        seen.push_back(number);
        if (seen.size() == 2) stop.release();
    });
    std::raise(SIGTERM);
    io.run_one_for(5s);
    std::raise(SIGINT);
    io.run_for(5s);
    EXPECT_EQ(seen, (std::vector<int>{SIGTERM, SIGINT}));
    EXPECT_TRUE(io.stopped()) << "released: nothing holds the loop";
    EXPECT_EQ(std::raise(SIGPIPE), 0) << "ignored, so that this program goes on";
}

class notify_socket {
public:
    explicit notify_socket(const std::string& address) : socket_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
        sockaddr_un here{};
        here.sun_family = AF_UNIX;
        std::memcpy(here.sun_path, address.data(), address.size());
        if (here.sun_path[0] == '@') here.sun_path[0] = '\0';
        const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());
        EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&here), size), 0);
    }
    ~notify_socket() { ::close(socket_); }
    std::string next() {
        char text[1024];
        const ssize_t got = ::recv(socket_, text, sizeof text, MSG_DONTWAIT);
        return got > 0 ? std::string(text, static_cast<std::size_t>(got)) : "";
    }

private:
    int socket_;
};

TEST(ServiceStatus, TellsSystemdInItsOwnWords) {
    const std::string path = (std::filesystem::temp_directory_path() / ("mdock-notify-" + std::to_string(::getpid()))).string();
    const std::string abstract = "@mdock-notify-" + std::to_string(::getpid());
    for (const std::string& address : {path, abstract}) {
        notify_socket socket(address);
        service_status status(address);
        EXPECT_TRUE(status.is_watched());
        status.ready("mirroring");
        EXPECT_EQ(socket.next(), "READY=1\nSTATUS=mirroring");
        status.status("two\nlines");
        EXPECT_EQ(socket.next(), "STATUS=two lines");
        status.stopping("bye");
        EXPECT_EQ(socket.next(), "STOPPING=1\nSTATUS=bye");
    }
    std::filesystem::remove(path);
}

TEST(ServiceStatus, WithoutASocketItIsSilent) {
    for (const std::string& address : {std::string(), std::string("relative"), "/" + std::string(200, 'x')}) {
        service_status status(address);
        EXPECT_FALSE(status.is_watched());
        status.ready("nobody listens");
    }
    service_status gone("/nonexistent/notify");
    gone.ready("nobody listens");
}

TEST(Readers, S10_TheKernelsListOfLocksSaysWhoHoldsAMark) {
    const std::string locks = "1: POSIX  ADVISORY  READ 11 fe:10:77 120 122\n"     // writes, or carries over
                              "2: POSIX  ADVISORY  READ 12 fe:10:77 124 124\n"
                              "3: POSIX  ADVISORY  READ 13 fe:10:78 125 125\n"     // another file
                              "4: FLOCK  ADVISORY  WRITE 14 fe:10:77 0 EOF\n"
                              "5: -> POSIX  ADVISORY  READ 15 fe:10:77 126 126\n"  // waits
                              "6: POSIX  ADVISORY  READ 16 fe:10:77 127 EOF\n"
                              "7: POSIX  ADVISORY  READ 12 fe:10:77 127 127\n"
                              "nonsense\n";
    const std::uint64_t device = (std::uint64_t{0xfe} << 32U) | 0x10U;
    EXPECT_EQ(mark_holders(locks, device, 77), (std::vector<std::int64_t>{12, 16}));
    EXPECT_TRUE(mark_holders("", device, 77).empty());
}

}  // namespace
