// SPDX-License-Identifier: MIT
// The daemon's control from both ends: `mdock run` takes rounds and verifications that are asked for, `mdock sync` and
// `mdock verify` ask for one when the daemon has the file, and commands that change something go through it. POST
// /mdock/v1/sync, /mdock/v1/verify, /mdock/v1/write and /mdock/v1/outbox.
#pragma once

#include <boost/json/object.hpp>

#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>

#include "core/engine/mirror.h"
#include "daemon/cli/session.h"
#include "daemon/log.h"
#include "daemon/server/control_socket.h"

namespace mdock::cli {

// $XDG_RUNTIME_DIR/mdock/control.sock, /run/mdock/control.sock for the system service, beside the configuration on
// macOS; beside the database where there is no such folder.
std::filesystem::path control_path(session& here);

// engine::run with the control socket open beside it. Where it cannot be opened (another profile's daemon has it) the
// daemon runs without, and says so in the log. `on_ready` is called when callers can be answered.
asio::awaitable<failure> run_with_control(session& here, engine::mirror& mirror, event_log& log, std::function<void()> on_ready);

inline constexpr std::string_view write_target = "/mdock/v1/write";
inline constexpr std::string_view outbox_target = "/mdock/v1/outbox";

// POSTs `body` to the daemon that mirrors into the same file. Nothing when no daemon answers for it.
std::optional<result<server::control_answer>> ask_daemon(session& here, std::string_view target, boost::json::object body);

// A round by the daemon that mirrors into the same file. Nothing when no daemon answers for it.
std::optional<result<engine::round_report>> sync_by_daemon(session& here, const engine::round_request& what);
// A verification by it, likewise.
std::optional<result<engine::verify_report>> verify_by_daemon(session& here, const engine::verify_request& what);

}  // namespace mdock::cli
