// SPDX-License-Identifier: MIT
#include "daemon/host/stop_signals.h"

#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <utility>

namespace mdock::host {
namespace {

bool hears_hangup = false;

}  // namespace

struct stop_signals::state : std::enable_shared_from_this<state> {
    state(boost::asio::any_io_executor executor, std::function<void(int)> call)
        : signals(std::move(executor), SIGTERM, SIGINT), on_stop(std::move(call)) {
        if (hears_hangup) signals.add(SIGHUP);
    }

    void listen() {
        signals.async_wait([self = shared_from_this()](const boost::system::error_code& error, int number) {
            if (error || self->released) return;
            self->on_stop(number);
            if (!self->released) self->listen();
        });
    }

    boost::asio::signal_set signals;
    std::function<void(int)> on_stop;
    bool released = false;
};

stop_signals::stop_signals(boost::asio::any_io_executor executor, std::function<void(int)> on_stop)
    : state_(std::make_shared<state>(std::move(executor), std::move(on_stop))) {
    std::signal(SIGPIPE, SIG_IGN);
    state_->listen();
}

void stop_signals::also_hangup() { hears_hangup = true; }

stop_signals::~stop_signals() { release(); }

void stop_signals::release() {
    state_->released = true;
    boost::system::error_code ignored;
    state_->signals.clear(ignored);
    state_->signals.cancel(ignored);
}

}  // namespace mdock::host
