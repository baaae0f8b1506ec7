// SPDX-License-Identifier: MIT
// What a pick falls on: few rows and small numbers, so that acts meet on the same ones.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "tests/minutedock/state.h"

namespace mdock::sim {

// The id that `pick` falls on; 0 when there is none. Ids with `deleted` set are passed over.
template <class Map>
minutedock::row_id picked(const Map& from, std::uint64_t pick) {
    std::vector<minutedock::row_id> ids;
    for (const auto& [id, what] : from) {
        if constexpr (requires { what.deleted; })
            if (what.deleted) continue;
        ids.push_back(id);
    }
    return ids.empty() ? 0 : ids[static_cast<std::size_t>(pick % ids.size())];
}

inline std::chrono::sys_days day_near(minutedock::stamp at, std::uint64_t pick) {
    return std::chrono::floor<std::chrono::days>(at) - std::chrono::days{static_cast<int>(pick % 5)};
}

}  // namespace mdock::sim
