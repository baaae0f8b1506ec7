// SPDX-License-Identifier: MIT
// SIGTERM and SIGINT as one call on the io thread, so that a stop is an event like any other (L01). SIGPIPE is ignored
// for the whole process: a closed reader is an error value, not an end. SIGHUP is one of them where it means a reload.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>

namespace mdock::host {

class stop_signals {
public:
    // `on_stop(number)` is called on the executor for each SIGTERM or SIGINT until this is destroyed or release()d.
    stop_signals(boost::asio::any_io_executor executor, std::function<void(int)> on_stop);
    ~stop_signals();

    stop_signals(const stop_signals&) = delete;
    stop_signals& operator=(const stop_signals&) = delete;

    // From now on SIGHUP is one of them. The caller keeps it from its default action in between.
    static void also_hangup();

    // Stops listening, so that io_context::run() may return for want of work. The default actions are back.
    void release();

private:
    struct state;
    std::shared_ptr<state> state_;
};

}  // namespace mdock::host
