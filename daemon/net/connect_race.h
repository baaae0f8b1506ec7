// SPDX-License-Identifier: MIT
// Connects to the first of several addresses that answers: a silent or refused one never holds up the next for long
// (N08). Addresses of the two families take turns (RFC 8305).
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <vector>

namespace mdock::net {

class connect_race : public std::enable_shared_from_this<connect_race> {
public:
    using tcp = boost::asio::ip::tcp;

    connect_race(boost::asio::any_io_executor executor, std::vector<tcp::endpoint> endpoints,
                 std::chrono::milliseconds next_after);

    // Wait on this timer, with the deadline as its expiry; it is cancelled when the race is decided.
    boost::asio::steady_timer& finished() { return finished_; }
    void start();
    void stop();

    bool has_winner() const { return winner_ != nullptr; }
    tcp::socket take_winner() { return std::move(*winner_); }
    bool is_lost() const { return is_over_ && !winner_; }
    const boost::system::error_code& last_error() const { return last_error_; }

    // Closes what is still connecting when the one who waits leaves, by whatever way.
    class stopped_at_exit {
    public:
        explicit stopped_at_exit(std::shared_ptr<connect_race> race) : race_(std::move(race)) {}
        ~stopped_at_exit() { race_->stop(); }
        stopped_at_exit(const stopped_at_exit&) = delete;
        stopped_at_exit& operator=(const stopped_at_exit&) = delete;

    private:
        std::shared_ptr<connect_race> race_;
    };

private:
    void launch_next();
    void on_connected(std::size_t index, const boost::system::error_code& error);
    void decide();

    boost::asio::any_io_executor executor_;
    std::vector<tcp::endpoint> endpoints_;
    std::chrono::milliseconds next_after_;
    boost::asio::steady_timer finished_;
    boost::asio::steady_timer next_start_;
    std::vector<std::unique_ptr<tcp::socket>> sockets_;    // one for each endpoint that was started
    std::size_t failed_ = 0;
    bool is_over_ = false;
    std::unique_ptr<tcp::socket> winner_;
    boost::system::error_code last_error_;
};

}  // namespace mdock::net
