// SPDX-License-Identifier: MIT
// One TLS connection to the server, from the socket on: tunnel, handshake, exchanges. It carries one exchange at a time
// and is destroyed after the first that fails.
#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string_view>

#include "core/base/time.h"
#include "daemon/net/answer_reader.h"
#include "daemon/net/tls.h"
#include "daemon/net/watchdog.h"

namespace mdock::net {

class connection {
public:
    connection(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& tls, const wire_settings& settings);

    // CONNECT through the proxy, if there is one; then the handshake. Nothing of a request is sent. proxy_refused,
    // connect_failed (the proxy is silent), tls_failed, certificate_refused or cancelled.
    boost::asio::awaitable<std::optional<failure>> prepare(wire_time end_of_request);

    // Writes `request` and reads its answer. timed_out, connection_lost, bad_framing or cancelled: the server may have
    // carried it out.
    boost::asio::awaitable<result<raw_answer>> exchange(std::string_view request, wire_time end_of_request);

    // Whether an idle connection is still whole: nothing came in, nobody closed it.
    bool looks_alive();
    monotonic_time last_used() const { return last_used_; }

private:
    boost::asio::awaitable<std::optional<failure>> open_tunnel(wire_time end_of_request);
    boost::asio::awaitable<std::optional<failure>> shake_hands(wire_time end_of_request);
    boost::asio::awaitable<std::optional<failure>> read_answer(answer_reader& reader, wire_time end_of_request);
    std::optional<failure> judge_tunnel(std::string_view head) const;
    failure explain_handshake(const boost::system::error_code& error) const;
    failure explain_loss(const boost::system::error_code& error, std::string_view phase,
                         std::chrono::milliseconds limit, wire_time end_of_request) const;

    const wire_settings& settings_;
    tls_stream stream_;
    watchdog watchdog_;
    certificate_verdict verdict_;
    monotonic_time last_used_{};
    std::array<char, 16 * 1024> received_;
};

}  // namespace mdock::net
