// SPDX-License-Identifier: MIT
// What the sandbox's connections share: the model, how it is reached, and the knobs that tests turn while it runs. One
// thread.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "tests/minutedock/server.h"

namespace sandbox {

struct knobs {
    std::size_t rate_limit = 0;               // requests a minute; 0 for none
    std::chrono::milliseconds latency{0};
    bool is_paused = false;                   // requests wait for their answer until it is false again
};

class world {
public:
    world(minutedock::server model, std::string control_token);

    // A request of the client under test.
    minutedock::reply handle(const minutedock::call& request);
    // A request of somebody else: no fault, no rate limit, not in the log, not counted.
    minutedock::reply handle_as_other(const minutedock::call& request);

    minutedock::server& model() { return model_; }
    const knobs& set_to() const { return knobs_; }
    void set(knobs to);
    const std::string& control_token() const { return control_token_; }
    std::uint64_t requests() const { return model_.requests() - by_others_; }

private:
    minutedock::server model_;
    std::string control_token_;
    knobs knobs_;
    std::uint64_t by_others_ = 0;
};

// The token of a short name: "admin", "member", "invoices", "limited", "neighbour", "revoked"; empty for another.
std::string token_called(std::string_view name);
// Every short name with its token.
std::vector<std::pair<std::string, std::string>> known_tokens();

}  // namespace sandbox
