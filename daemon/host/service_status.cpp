// SPDX-License-Identifier: MIT
#include "daemon/host/service_status.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <utility>

namespace mdock::host {
namespace {

std::string address_in_environment() {
    const char* value = std::getenv("NOTIFY_SOCKET");
    return value ? value : "";
}

std::optional<long long> number_in_environment(const char* name) {
    const char* value = std::getenv(name);
    if (value == nullptr) return std::nullopt;
    long long number = 0;
    const auto* end = value + std::strlen(value);
    const auto [at, error] = std::from_chars(value, end, number);
    return error == std::errc{} && at == end ? std::optional{number} : std::nullopt;
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
void service_status::alive() { tell("WATCHDOG=1"); }

void service_status::reloading(std::string_view status) {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    const auto microseconds = static_cast<long long>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000;
    tell("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds) + "\nSTATUS=" + one_line(status));
}

void service_status::more_time(std::chrono::seconds length) {
    tell("EXTEND_TIMEOUT_USEC=" + std::to_string(std::chrono::microseconds(length).count()));
}

std::optional<std::chrono::milliseconds> service_status::watchdog_pause() {
    const auto period = number_in_environment("WATCHDOG_USEC");
    const auto process = number_in_environment("WATCHDOG_PID");
    if (!period || *period < 3000 || (process && *process != ::getpid())) return std::nullopt;
    return std::chrono::milliseconds(*period / 3000);
}

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
