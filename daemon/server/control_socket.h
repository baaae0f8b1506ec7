// SPDX-License-Identifier: MIT
// The daemon's end of its control socket: HTTP/1.1 on a Unix socket that only its own user can reach: mode 0600 in a
// folder made 0700, and each caller's user id is checked (X13). What is asked is answered by a handler.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "core/base/error.h"
#include "core/ports.h"

namespace mdock::server {

struct control_request {
    std::string method;
    std::string target;    // "/mdock/v1/sync"
    std::string body;
};

struct control_answer {
    int status = 200;
    std::string body;      // JSON
};

using control_handler = std::function<asio::awaitable<control_answer>(control_request)>;

class control_socket {
public:
    // A socket that the service manager has passed under the name "control" goes before `path`, and stays when this ends.
    // Else makes the folder, takes the place of a socket that nobody listens on any more, and listens. daemon_needed when
    // another process listens there, failed otherwise. Serves from `executor` until destroyed.
    static result<std::unique_ptr<control_socket>> listen(asio::any_io_executor executor,
                                                          const std::filesystem::path& path, control_handler handler);
    // Closes and removes the socket.
    ~control_socket();
    control_socket(const control_socket&) = delete;
    control_socket& operator=(const control_socket&) = delete;

private:
    struct state;
    static result<std::unique_ptr<control_socket>> adopt(asio::any_io_executor executor, int descriptor, control_handler handler);
    explicit control_socket(std::shared_ptr<state> all);

    std::shared_ptr<state> state_;
};

}  // namespace mdock::server
