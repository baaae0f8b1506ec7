// SPDX-License-Identifier: MIT
// A command's end of the control socket: one request, one answer.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>

#include "daemon/server/control_socket.h"

namespace mdock::server {

// Runs until the answer is there, however long the daemon works on it, or `limit` is over (timed_out). daemon_needed when
// nobody listens at `path`.
asio::awaitable<result<control_answer>> call(std::filesystem::path path, control_request request,
                                             std::optional<std::chrono::milliseconds> limit);

}  // namespace mdock::server
