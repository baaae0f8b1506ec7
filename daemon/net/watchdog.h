// SPDX-License-Identifier: MIT
// Closes a socket when a phase takes too long; the pending operation then ends with operation_aborted and has_barked()
// tells a deadline from a cancellation (N06, N07).
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "daemon/net/wire_settings.h"

namespace mdock::net {

class watchdog {
public:
    // `socket` lives as long as this object.
    explicit watchdog(boost::asio::ip::tcp::socket::lowest_layer_type& socket)
        : timer_(socket.get_executor()), state_(std::make_shared<state>(&socket)) {}
    ~watchdog() { state_->socket = nullptr; }
    watchdog(const watchdog&) = delete;
    watchdog& operator=(const watchdog&) = delete;

    void watch_until(wire_time when) {
        timer_.expires_at(when);
        timer_.async_wait([watched = state_, turn = ++state_->turn](const boost::system::error_code& error) {
            // A timer that was about to fire when it was set anew arrives without an error, but for an old turn.
            if (error || !watched->socket || watched->turn != turn) return;
            watched->has_barked = true;
            boost::system::error_code ignored;
            watched->socket->close(ignored);
        });
    }
    void rest() {
        ++state_->turn;
        timer_.cancel();
    }
    bool has_barked() const { return state_->has_barked; }

private:
    struct state {
        explicit state(boost::asio::ip::tcp::socket::lowest_layer_type* watched) : socket(watched) {}
        boost::asio::ip::tcp::socket::lowest_layer_type* socket;
        std::uint64_t turn = 0;
        bool has_barked = false;
    };

    boost::asio::steady_timer timer_;
    std::shared_ptr<state> state_;
};

}  // namespace mdock::net
