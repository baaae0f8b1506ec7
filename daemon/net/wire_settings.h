// SPDX-License-Identifier: MIT
// The transport's options after they were checked: every deadline has a value, every URL is in parts.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "daemon/net/answer_reader.h"
#include "daemon/net/origin.h"

namespace mdock::net {

using wire_clock = std::chrono::steady_clock;
using wire_time = wire_clock::time_point;

struct phase_limits {
    std::chrono::milliseconds resolve;
    std::chrono::milliseconds connect;
    std::chrono::milliseconds handshake;
    std::chrono::milliseconds write;
    std::chrono::milliseconds first_byte;
    std::chrono::milliseconds idle;
    std::chrono::milliseconds total;
    std::chrono::milliseconds next_address_after;
};

struct wire_settings {
    origin server;
    std::optional<proxy_address> proxy;                // set only when this server is reached through it
    std::vector<boost::asio::ip::address> addresses;   // used instead of resolving
    std::string user_agent;
    phase_limits phases;
    answer_limits limits;
};

// When a phase that starts now must have ended, given the end of the whole request.
inline wire_time end_of_phase(std::chrono::milliseconds phase, wire_time end_of_request) {
    return std::min(wire_clock::now() + phase, end_of_request);
}

// "10 s" or "250 ms", for sentences.
std::string in_words(std::chrono::milliseconds duration);

}  // namespace mdock::net
