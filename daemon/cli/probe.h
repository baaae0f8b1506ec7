// SPDX-License-Identifier: MIT
// What the official text leaves open, asked of the service itself with requests that read only. Nothing in the engine
// hangs on the answers: it is right under each of them; they are for people, and for whoever looks into a difference.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "core/ports.h"

namespace mdock::cli {

// Rows of the mirror that the questions are about.
struct probe_ground {
    struct row {
        std::int64_t id = 0;
        utc_seconds updated_at{};
        std::chrono::sys_days date{};
    };
    std::optional<row> newest;               // the entry that was changed last
    std::optional<std::int64_t> gone;        // an entry that is gone on MinuteDock
};

struct learned {
    std::string name;
    std::string answer;
};

// At most eight requests. What could not be asked is left out; a network that fails ends it with what is known.
asio::awaitable<std::vector<learned>> probe(ports world, probe_ground on);

}  // namespace mdock::cli
