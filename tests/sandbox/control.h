// SPDX-License-Identifier: MIT
// The test's hand on a running sandbox: /sandbox/v1 on the same port, with a token of its own. It answers at once, also
// while the make-believe MinuteDock is paused or faulty.
#pragma once

#include <string>
#include <string_view>

#include "tests/minutedock/server.h"
#include "tests/sandbox/world.h"

namespace sandbox {

inline constexpr std::string_view control_base = "/sandbox/v1";

// `request.target` begins with control_base; `request.bearer` must be the control token.
minutedock::reply control(world& all, const minutedock::call& request);

// For --help: every path with what it does.
std::string control_help();

}  // namespace sandbox
