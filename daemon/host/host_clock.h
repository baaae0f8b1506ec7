// SPDX-License-Identifier: MIT
// The machine's clock as the engine's clock port. A sleep that spans a suspend ends when the machine wakes, not after
// the rest of it has passed again (T09, L03).
#pragma once

#include "core/ports.h"

namespace mdock::host {

class host_clock final : public clock_port {
public:
    utc_seconds wall() const override;
    monotonic_time monotonic() const override;
    asio::awaitable<void> sleep_until(step_name step, monotonic_time until) override;
};

}  // namespace mdock::host
