// SPDX-License-Identifier: MIT
#include "daemon/net/connect_race.h"

#include <algorithm>

namespace mdock::net {
namespace {

using endpoints = std::vector<connect_race::tcp::endpoint>;

// The resolver's order, with the families taking turns, starting with the first one's.
endpoints interleaved(endpoints all) {
    if (all.empty()) return all;
    const bool first_is_v6 = all.front().address().is_v6();
    const auto middle = std::stable_partition(
        all.begin(), all.end(), [&](const auto& endpoint) { return endpoint.address().is_v6() == first_is_v6; });
    endpoints ordered;
    auto one = all.begin();
    auto other = middle;
    while (one != middle || other != all.end()) {
        if (one != middle) ordered.push_back(*one++);
        if (other != all.end()) ordered.push_back(*other++);
    }
    return ordered;
}

}  // namespace

connect_race::connect_race(boost::asio::any_io_executor executor, std::vector<tcp::endpoint> given,
                           std::chrono::milliseconds next_after)
    : executor_(executor), endpoints_(interleaved(std::move(given))), next_after_(next_after), finished_(executor),
      next_start_(executor), last_error_(boost::asio::error::host_not_found) {}

void connect_race::start() {
    if (endpoints_.empty()) {
        is_over_ = true;
        // Decided before anybody waits: an expiry in the past ends the wait at once.
        finished_.expires_at(std::chrono::steady_clock::time_point::min());
        return;
    }
    launch_next();
}

void connect_race::launch_next() {
    if (is_over_ || sockets_.size() == endpoints_.size()) return;
    const std::size_t index = sockets_.size();
    sockets_.push_back(std::make_unique<tcp::socket>(executor_));
    sockets_.back()->async_connect(endpoints_[index], [self = shared_from_this(), index](const auto& error) {
        self->on_connected(index, error);
    });
    if (sockets_.size() == endpoints_.size()) return;
    next_start_.expires_after(next_after_);
    next_start_.async_wait([self = shared_from_this()](const auto& error) {
        if (!error) self->launch_next();
    });
}

void connect_race::on_connected(std::size_t index, const boost::system::error_code& error) {
    if (is_over_) return;
    if (!error) {
        winner_ = std::move(sockets_[index]);
        decide();
        return;
    }
    last_error_ = error;
    ++failed_;
    if (failed_ == endpoints_.size()) {
        decide();
    } else if (failed_ == sockets_.size()) {
        next_start_.cancel();
        launch_next();
    }
}

void connect_race::decide() {
    stop();
    finished_.cancel();
}

void connect_race::stop() {
    is_over_ = true;
    next_start_.cancel();
    for (auto& socket : sockets_) {
        boost::system::error_code ignored;
        if (socket) socket->close(ignored);
    }
}

}  // namespace mdock::net
