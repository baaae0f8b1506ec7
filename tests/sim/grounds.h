// SPDX-License-Identifier: MIT
// What all machines of one run share: the time, the service with its history, the trace, and the first promise that was
// found broken.
#pragma once

#include <optional>
#include <string>

#include "tests/minutedock/server.h"
#include "tests/sim/coverage.h"
#include "tests/sim/history.h"
#include "tests/sim/timeline.h"
#include "tests/sim/trace.h"
#include "tests/sim/wishes.h"

namespace mdock::sim {

struct broken_promise {
    std::string oracle;
    std::string what;
};

struct grounds {
    timeline line;
    minutedock::server service;
    history past;
    trace log;
    coverage& reached;
    minutedock::dice chance;                     // latency, and what a fault draws when it strikes
    std::int64_t faults_fired = 0;
    bool is_healed = false;                      // the liveness phase: nothing goes wrong any more
    std::optional<broken_promise> broken;        // the first one
    wishes wanted{};                             // of the people at the machines

    void fail(std::string oracle, std::string what) {
        if (!broken) broken = broken_promise{std::move(oracle), std::move(what)};
    }
    void fired(std::string_view kind, std::size_t machine) {
        ++faults_fired;
        reached.fault(kind);
        log.note(machine, "fault", kind);
    }
};

}  // namespace mdock::sim
