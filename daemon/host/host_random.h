// SPDX-License-Identifier: MIT
// Chance from the operating system, for jitter and ids. One thread.
#pragma once

#include <random>

#include "core/ports.h"

namespace mdock::host {

class host_random final : public random_port {
public:
    host_random();
    std::uint64_t next() override { return engine_(); }

private:
    std::mt19937_64 engine_;
};

}  // namespace mdock::host
