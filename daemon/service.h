// SPDX-License-Identifier: MIT
// The engine's world put together from the machine: clock, chance, network, store thread; and how a coroutine is run to
// its end with SIGINT and SIGTERM as its cancellation. One io thread (the caller's), one store thread.
#pragma once

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <memory>
#include <optional>

#include "core/base/secret.h"
#include "core/engine/mirror.h"
#include "core/ports.h"
#include "core/store/database.h"
#include "daemon/host/host_clock.h"
#include "daemon/host/host_random.h"
#include "daemon/host/store_thread.h"
#include "daemon/log.h"
#include "daemon/settings.h"

namespace mdock {

// How long a stop may take before the process is ended where it stands; every committed transaction is safe (L01).
inline constexpr std::chrono::seconds stop_grace{8};

// SIGINT and SIGTERM end the process at once with 128 + number, or with 0 when being stopped is its normal end (`run`).
// For the moments in which no coroutine is there to be cancelled; every committed transaction is safe.
void end_on_signals(bool with_success);

// From now on SIGHUP ends no more than what is under way: finish() returns it as its signal, and so does a wait. For `run`
// under a service manager, which means: read the configuration anew.
void reload_on_hangup();

// While it lives, the first SIGINT or SIGTERM, or the end of `limit`, cancels what is bound to slot().
class stop_watch {
public:
    stop_watch(asio::io_context& io, std::optional<std::chrono::milliseconds> limit);
    ~stop_watch();
    stop_watch(const stop_watch&) = delete;
    stop_watch& operator=(const stop_watch&) = delete;

    asio::cancellation_slot slot();
    void release();             // the work has ended
    int signal_number() const;  // 0: none came
    bool ran_out() const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

template <class T>
struct ended {
    std::optional<T> value;  // nothing when it was cancelled before it could answer
    int signal_number = 0;
    bool ran_out = false;  // of time
};

class machine {
public:
    // Throws failure_exception for options that cannot work. `log` gets each request (debug) and answer (trace), the
    // token taken out (X06, X16).
    machine(const settings& all, secret token, event_log& log, bool ends_with_success = false);
    ~machine();
    machine(const machine&) = delete;
    machine& operator=(const machine&) = delete;

    ports world();
    monotonic_time now() const { return clock_.monotonic(); }

    // Runs `work` to its end. What it throws is rethrown, except its own cancellation.
    template <class T>
    ended<T> finish(asio::awaitable<T> work, std::optional<std::chrono::milliseconds> limit = std::nullopt) {
        ended<T> out;
        std::exception_ptr error;
        stop_watch watch(io_, limit);
        auto on_end = [&out, &error, &watch](std::exception_ptr thrown, T value) {
            error = thrown;
            if (!thrown) out.value.emplace(std::move(value));
            watch.release();
        };
        asio::co_spawn(io_, std::move(work), asio::bind_cancellation_slot(watch.slot(), std::move(on_end)));
        io_.restart();
        io_.run();
        out.signal_number = watch.signal_number();
        out.ran_out = watch.ran_out();
        end_on_signals(ends_with_success_);
        if (error) rethrow_unless_cancelled(error, out.signal_number != 0 || out.ran_out);
        return out;
    }

private:
    static void rethrow_unless_cancelled(const std::exception_ptr& error, bool was_cancelled);

    bool ends_with_success_;
    asio::io_context io_;
    host::host_clock clock_;
    host::host_random random_;
    std::unique_ptr<http_port> wire_;
    std::unique_ptr<http_port> logged_;
    host::store_thread store_;  // last: it is joined before what its jobs resume
};

engine::options engine_options(const settings& all, std::optional<std::chrono::milliseconds> give_up_after,
                               bool waits_patiently);

// The folder of the database, made when it is missing. Only its last part, unless it is the default place: a path whose
// upper folders are missing is a volume that is not mounted, and an empty mirror must not be begun there (L14).
void prepare_database_folder(const std::filesystem::path& file, bool is_default_place);

// No core dump and no debugger of another process of the same user while a token is in memory (X09).
void protect_memory();

// Waits; returns the number of the signal that ended the wait early, or 0.
int pause_or_signal(std::chrono::seconds length);

}  // namespace mdock
