// SPDX-License-Identifier: MIT
// The daemon's control from both ends: `mdock run` takes rounds and verifications that are asked for, `mdock sync` and
// `mdock verify` ask for one when the daemon has the file. POST /mdock/v1/sync and POST /mdock/v1/verify.
#pragma once

#include <filesystem>
#include <optional>

#include "core/engine/mirror.h"
#include "daemon/cli/session.h"
#include "daemon/log.h"

namespace mdock::cli {

// $XDG_RUNTIME_DIR/mdock/control.sock, /run/mdock/control.sock for the system service, beside the configuration on
// macOS; beside the database where there is no such folder.
std::filesystem::path control_path(session& here);

// engine::run with the control socket open beside it. Where it cannot be opened (another profile's daemon has it) the
// daemon runs without, and says so in the log.
asio::awaitable<failure> run_with_control(session& here, engine::mirror& mirror, event_log& log);

// A round by the daemon that mirrors into the same file. Nothing when no daemon answers for it.
std::optional<result<engine::round_report>> sync_by_daemon(session& here, const engine::round_request& what);
// A verification by it, likewise.
std::optional<result<engine::verify_report>> verify_by_daemon(session& here, const engine::verify_request& what);

}  // namespace mdock::cli
