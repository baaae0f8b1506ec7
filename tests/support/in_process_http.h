// SPDX-License-Identifier: MIT
// The HTTP port onto the make-believe MinuteDock, without bytes or sockets: what a wire fault does to a client of the
// real transport is a failure here, after the virtual time it would have taken.
#pragma once

#include <string>
#include <vector>

#include "core/ports.h"
#include "tests/minutedock/server.h"
#include "tests/support/virtual_clock.h"

namespace mdock::test {

class in_process_http final : public http_port {
public:
    in_process_http(minutedock::server& service, virtual_clock& clock, std::string bearer)
        : service_(service), clock_(clock), token(std::move(bearer)) {}

    asio::awaitable<result<http_answer>> send(step_name step, http_request request) override;

    // When it points to true the process is dead: nothing is sent and no answer comes.
    const bool* is_dead = nullptr;
    // Called with each request's step before it is sent, and after its answer came.
    std::function<void(step_name)> before;
    std::function<void(step_name)> after;
    // When set, nothing reaches the service.
    bool is_offline = false;
    // Looks at each request; a non-empty answer takes the service's place.
    std::function<std::optional<result<http_answer>>(const http_request&)> intercept;
    std::vector<http_request> sent;

private:
    minutedock::server& service_;
    virtual_clock& clock_;

public:
    std::string token;
    std::chrono::milliseconds latency{20};
    std::chrono::seconds request_timeout{30};
};

}  // namespace mdock::test
