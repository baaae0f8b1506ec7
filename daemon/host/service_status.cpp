// SPDX-License-Identifier: MIT
#include "daemon/host/service_status.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace mdock::host {
namespace {

std::string address_in_environment() {
    const char* value = std::getenv("NOTIFY_SOCKET");
    return value ? value : "";
}

// A status is one line: a line break in it would be read as the next variable.
std::string one_line(std::string_view text) {
    std::string line(text);
    for (char& c : line)
        if (c == '\n' || c == '\r') c = ' ';
    return line;
}

}  // namespace

service_status::service_status() : service_status(address_in_environment()) {}

service_status::service_status(std::string socket_address) : address_(std::move(socket_address)) {
    const bool has_known_form = address_.size() > 1 && (address_.front() == '/' || address_.front() == '@');
    if (!has_known_form || address_.size() >= sizeof(sockaddr_un::sun_path)) address_.clear();
}

void service_status::ready(std::string_view status) { tell("READY=1\nSTATUS=" + one_line(status)); }
void service_status::status(std::string_view status) { tell("STATUS=" + one_line(status)); }
void service_status::stopping(std::string_view status) { tell("STOPPING=1\nSTATUS=" + one_line(status)); }

void service_status::tell(const std::string& message) {
    if (address_.empty()) return;
    sockaddr_un target{};
    target.sun_family = AF_UNIX;
    std::memcpy(target.sun_path, address_.data(), address_.size());
    if (target.sun_path[0] == '@') target.sun_path[0] = '\0';
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());

    const int sender = ::socket(AF_UNIX, SOCK_DGRAM, 0);
    if (sender < 0) return;
    // Not waiting: a service manager that does not read must never hold up the io thread.
    (void)::sendto(sender, message.data(), message.size(), MSG_DONTWAIT, reinterpret_cast<const sockaddr*>(&target),
                   length);
    ::close(sender);
}

}  // namespace mdock::host
