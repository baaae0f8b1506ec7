// SPDX-License-Identifier: MIT
// A socket that the service manager has opened for us (LISTEN_FDS of sd_listen_fds(3), read by hand). Its place, its mode
// and its group are the manager's, and decide who may talk to us.
#pragma once

#include <optional>
#include <string_view>

namespace mdock::server {

// The descriptor that was passed under `name`, or the only one there is; nothing when none was passed to this process.
// It stays open for the next call.
std::optional<int> inherited_socket(std::string_view name);

}  // namespace mdock::server
